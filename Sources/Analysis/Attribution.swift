public import Tensors
public import Transformers

/// What a prediction owes to every token to first order, by the gradient of y = ln p.
///
/// Both measures have a sign, and their unit is the nat: positive supports the prediction.
///
/// - `inputs`: gradient × input, Σ_d x_d ∂y/∂x_d of the vector x that enters layer 0 (Shrikumar et al.
///   2017; Kindermans et al. 2016).
/// - `attention`: attention × gradient, a ∂y/∂a, plain and with its sign, summed over the queries. It
///   is exactly what the values bring to first order, Σ_l v_l · ∂y/∂v_l over all layers and heads, and
///   so an estimate of what setting them to 0 takes away. (Chefer et al. 2021 keep the positive part
///   and multiply the layers; that is another measure.)
public struct Attribution: Sendable {
  /// Σ_d x_d ∂y/∂x_d of every token.
  public let inputs: [Double]
  /// Σ_i a_ij ∂y/∂a_ij of every layer, head and token j, `[L, H, n]`.
  public let attention: Tensor

  /// How far ln p may be from what was recorded, perhaps with less precision.
  private static let mostApart = 0.05

  /// Goes through the model once and back.
  ///
  /// - Parameters:
  ///   - prediction: The prediction.
  ///   - run: The run whose prediction it is; what it recorded is not used.
  ///   - transformer: Its model.
  /// - Throws: `ModelError` when the model has no head, predicts otherwise than the run, or a number
  ///   is not finite.
  public init(
    of prediction: PredictedToken, in run: Run, by transformer: Transformer
  ) throws {
    let shape = run.configuration
    var pass = Pass(
      recording: Recording([.embedding, .weights]), attentionTemperature: run.attentionTemperature,
      logits: .some([prediction.row]), edits: [Site(.embedding): { $0.tracked }])
    let logits = try transformer(run.ids, types: run.types, &pass)
    let trace = pass.trace
    let maps = (0..<shape.layers).compactMap { trace[.weights, layer: $0] }
    guard let logits, let input = trace[.embedding], maps.count == shape.layers else {
      throw ModelError(.badModel, "\(run.model) predicts no token")
    }
    guard let distribution = Distribution(logits.slice(0)) else {
      throw ModelError(.badModel, "\(run.model) gives logits that are not finite")
    }
    let found = PredictedToken.logProbability(of: prediction.id, in: distribution)
    guard (found - prediction.logProbability).magnitude < Self.mostApart else {
      throw ModelError(
        .badModel,
        "\(run.model) gives the prediction ln p = \(found), the run recorded "
          + "\(prediction.logProbability); name the model that it was recorded of")
    }
    // ∂ ln p / ∂z = (1 at the entry, else 0) − p.
    var seed = distribution.probabilities(at: 1).map { Float(-$0) }
    seed[prediction.id] += 1
    let gradients = logits.gradients(
      of: [input] + maps, from: Tensor(seed, shape: logits.shape))
    inputs = Self.rowSums(input, gradients[0])
    let n = run.count
    let sums = zip(maps, gradients.dropFirst()).flatMap { map, gradient in
      Self.columnSums(map, gradient)
    }
    attention = Tensor(sums.map(Float.init), shape: [shape.layers, shape.heads, n])
    guard attention.isFinite, inputs.allSatisfy(\.isFinite) else {
      throw ModelError(.badModel, "\(run.model) has gradients that are not finite")
    }
  }

  /// Attention × gradient of every token, over all layers and heads.
  public var tokens: [Double] {
    let n = attention.width
    return attention.withNumbers { numbers in
      (0..<n).map { token in
        stride(from: token, to: numbers.count, by: n).reduce(0) { $0 + Double(numbers[$1]) }
      }
    }
  }

  /// Attention × gradient of every head, over all tokens: to first order what the head's context
  /// brings, Σ c ∂y/∂c. `[L][H]`.
  public var heads: [[Double]] {
    (0..<attention.shape[0]).map { layer in
      let own = attention.slice(layer)
      return (0..<own.rows).map { own.slice($0).numbers.reduce(0) { $0 + Double($1) } }
    }
  }

  /// Σ over a row of a · b.
  private static func rowSums(_ a: Tensor, _ b: Tensor) -> [Double] {
    let width = a.width
    return a.withNumbers { a in
      b.withNumbers { b in
        (0..<(width == 0 ? 0 : a.count / width)).map { row in
          (row * width..<(row + 1) * width).reduce(0) { $0 + Double(a[$1]) * Double(b[$1]) }
        }
      }
    }
  }

  /// Σ over the queries of a · b, for every head and key.
  private static func columnSums(_ a: Tensor, _ b: Tensor) -> [Double] {
    let (heads, n, m) = (a.shape[0], a.shape[1], a.width)
    var sums = [Double](repeating: 0, count: heads * m)
    a.withNumbers { a in
      b.withNumbers { b in
        for place in a.indices {
          sums[place / (n * m) * m + place % m] += Double(a[place]) * Double(b[place])
        }
      }
    }
    return sums
  }
}
