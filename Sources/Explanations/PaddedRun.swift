internal import Figures
internal import Tensors
internal import Tokenization
public import Transformers

/// A text run again with real pads behind it, as in a batch with a longer text, the pads masked:
/// their scores are −∞ in every layer, so that no token looks at them.
public struct PaddedRun: Sendable {
  /// The pad's name in the vocabulary: "[PAD]".
  public let token: String
  /// How many pads stand behind the text.
  public let pads: Int
  /// What the padded run recorded; its first rows and columns are the text's.
  public let trace: Trace
  /// The largest change of a weight between two tokens of the text, over all heads that `run`
  /// recorded.
  public let largestChange: Double
  /// All weight that tokens of the text give to pads.
  public let weightOnPads: Double
  /// How many heads were compared.
  public let heads: Int

  /// Runs a text with pads.
  ///
  /// - Parameters:
  ///   - run: The run without pads; its recording must keep scores and weights.
  ///   - model: The model that ran.
  ///   - pads: How many.
  /// - Returns: `nil` for a decoder, which never looks ahead to pads, for a model without a pad
  ///   token, and where the text leaves no room for pads.
  public init?(_ run: Run, _ model: Model, pads: Int = 3) throws {
    let shape = run.configuration
    let known = ["[PAD]", "<pad>"].first { model.tokenizer.id($0) != nil }
    guard shape.kind == .encoder, let token = known, let id = model.tokenizer.id(token),
      run.count + pads <= shape.maximumTokens
    else { return nil }
    let n = run.count
    var pass = Pass(
      recording: run.recording, attentionTemperature: run.attentionTemperature, logits: .none)
    for layer in 0..<shape.layers {
      pass.edits[Site(.scores, layer: layer)] = { $0.hidingKeys(from: n) }
    }
    let encoding = run.encoding
    _ = try model.transformer(
      encoding.ids + [Int](repeating: id, count: pads),
      types: encoding.typeIDs + [Int](repeating: 0, count: pads), &pass)
    trace = pass.trace
    self.token = token
    self.pads = pads
    var (largest, onPads, heads) = (0.0, 0.0, 0)
    for layer in 0..<shape.layers {
      guard let plain = run.trace[.weights, layer: layer],
        let padded = trace[.weights, layer: layer]
      else { continue }
      heads += plain.shape[0]
      for head in 0..<plain.shape[0] {
        let (before, after) = (plain.slice(head), padded.slice(head))
        for query in 0..<n {
          for key in 0..<n {
            largest = max(largest, Double((before[query, key] - after[query, key]).magnitude))
          }
          onPads += (n..<n + pads).reduce(0) { $0 + Double(after[query, $1]) }
        }
      }
    }
    (largestChange, weightOnPads, self.heads) = (largest, onPads, heads)
  }

  /// The padded map of a head: pads are no keys, and what they themselves look at is thrown away.
  func panel(_ subject: HeadOfRun) throws -> MapSheet.Panel {
    guard let weights = trace[.weights, layer: subject.layer, head: subject.head] else {
      throw ModelError(.noSuchPlace, "weights of layer \(subject.layer) were not recorded")
    }
    let (n, all) = (subject.run.count, subject.run.count + pads)
    let labels = [TokenLabel](repeating: TokenLabel(token, kind: .special), count: pads)
    return MapSheet.Panel(
      title: "Padded: \(pads) \(token)", note: ["pads are masked as keys; rows of pads are unused"],
      badge: "a run of its own", tokens: subject.run.labels(focus: subject.choice.focus) + labels,
      values: weights.numbers,
      mask: (0..<all * all).map { $0 % all >= n })
  }

  func sentence(_ subject: HeadOfRun) -> String {
    let change =
      largestChange == 0
      ? "not one weight between tokens of the text changed by a bit"
      : "no weight between tokens of the text changed by more than "
        + NumberFormat.scientific(largestChange)
    return "Padded: \(subject.run.model) ran again with \(pads) \(token) behind the text, their "
      + "scores set to −∞ in every layer. Their columns get exactly "
      + "\(NumberFormat.probability(weightOnPads)), and \(change), in \(heads) heads"
      + (largestChange == 0 ? "." : " (rounding of single precision).")
  }
}

extension Tensor {
  /// Scores `[H, n, m]` with those of later keys replaced by −∞.
  fileprivate func hidingKeys(from first: Int) -> Tensor {
    let m = width
    return Tensor(
      numbers.enumerated().map { $0.offset % m >= first ? -Float.infinity : $0.element },
      shape: shape)
  }
}
