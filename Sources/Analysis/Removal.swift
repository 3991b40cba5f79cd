internal import Synchronization
internal import Tensors
public import Transformers

/// What a prediction loses when a part of the computation is taken away: measured, by running the
/// model again without it.
///
/// What is taken away becomes 0, and not a mean over other texts: no other text is needed, and a part
/// that is 0 adds exactly nothing. A model never saw such zeros in training, so a large effect can say
/// that as well.
public enum Removal {
  /// What can be taken away.
  public enum Part: Sendable, Equatable {
    /// The values of a token, in every layer and head: what it says. It is looked at as before.
    case token(Int)
    /// The context of a head, what it mixes for every token.
    case head(layer: Int, head: Int)
  }

  /// Rows that are computed at once, about.
  private static let rows = 512

  /// ln p − ln p′ of every part, p′ being the probability without it: positive where the part supports
  /// the prediction. Texts are computed many at a time, each without another part.
  ///
  /// - Parameters:
  ///   - parts: What is taken away, one at a time.
  ///   - prediction: The prediction.
  ///   - run: The run whose prediction it is; what it recorded is not used.
  ///   - transformer: Its model, no encoder–decoder.
  ///   - progress: Learns how many parts are done; is called from several threads.
  /// - Throws: `ModelError` when the model has no head, or a logit is not finite.
  public static func effects(
    of parts: [Part], on prediction: PredictedToken, in run: Run, by transformer: Transformer,
    progress: @Sendable (Int) -> Void = { _ in }
  ) throws -> [Double] {
    let size = max(1, rows / max(run.count, 1))
    let batches = stride(from: 0, to: parts.count, by: size).map {
      Array(parts[$0..<min($0 + size, parts.count)])
    }
    let done = Mutex(0)
    let results = batches.concurrentWholeMap { batch in
      Result {
        let found = try logProbabilities(without: batch, prediction, run, transformer)
        progress(
          done.withLock { done in
            done += batch.count
            return done
          })
        return found
      }
    }
    return try results.flatMap { try $0.get() }.map { prediction.logProbability - $0 }
  }

  /// ln p′ of every part of a batch.
  private static func logProbabilities(
    without parts: [Part], _ prediction: PredictedToken, _ run: Run, _ transformer: Transformer
  ) throws -> [Double] {
    let (count, n) = (parts.count, run.count)
    var pass = Pass(
      recording: .nothing, attentionTemperature: run.attentionTemperature,
      logits: .some((0..<count).map { $0 * n + prediction.row }),
      edits: edits(parts, layers: run.configuration.layers))
    let logits = try transformer(
      texts: Array(repeating: run.ids, count: count),
      types: run.types.isEmpty
        ? [] : Array(repeating: run.types, count: count),
      &pass)
    guard let logits else { throw ModelError(.badModel, "\(run.model) predicts no token") }
    return try (0..<count).map { text in
      guard let distribution = Distribution(logits.slice(text)) else {
        throw ModelError(
          .badModel, "\(run.model) gives logits that are not finite without \(parts[text].words)")
      }
      return PredictedToken.logProbability(of: prediction.id, in: distribution)
    }
  }

  /// The edits that take a part away from each text.
  private static func edits(
    _ parts: [Part], layers: Int
  ) -> [Site: @Sendable (Tensor) -> Tensor] {
    let count = parts.count
    var edits: [Site: @Sendable (Tensor) -> Tensor] = [:]
    let tokens: [(text: Int, token: Int)] = parts.enumerated().compactMap { text, part in
      if case .token(let token) = part { (text, token) } else { nil }
    }
    if !tokens.isEmpty {
      for layer in 0..<layers {
        edits[Site(.value, layer: layer)] = { values in
          let groups = values.shape[0] / count
          return values.withoutRows(
            tokens.flatMap { place in
              (0..<groups).map { ($0 * count + place.text) * values.shape[1] + place.token }
            })
        }
      }
    }
    for layer in 0..<layers {
      let heads: [(text: Int, head: Int)] = parts.enumerated().compactMap { text, part in
        if case .head(layer, let head) = part { (text, head) } else { nil }
      }
      guard !heads.isEmpty else { continue }
      edits[Site(.context, layer: layer)] = { context in
        let n = context.shape[1]
        return context.withoutRows(
          heads.flatMap { place in
            (0..<n).map { (place.head * count + place.text) * n + $0 }
          })
      }
    }
    return edits
  }
}

extension Removal.Part {
  fileprivate var words: String {
    switch self {
    case .token(let token): "token \(token)"
    case .head(let layer, let head): "L\(layer)H\(head)"
    }
  }
}

extension Tensor {
  /// The same with 0 in some rows.
  fileprivate func withoutRows(_ places: [Int]) -> Tensor {
    let size = width
    return Tensor(shape: shape) { out in
      withNumbers { _ = out.update(fromContentsOf: $0) }
      for row in places { out[row * size..<(row + 1) * size].update(repeating: 0) }
    }
  }
}
