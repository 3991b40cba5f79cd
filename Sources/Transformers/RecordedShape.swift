internal import Files
internal import TensorFiles
internal import Tensors
internal import Tokenization

extension RecordingReader {
  /// The shape of the model as far as the recording shows it.
  ///
  /// The factor between q·k and the score is measured where all three were recorded; a layer whose
  /// scores are no multiple of q·k, or were not recorded, has 0.
  func configuration(_ trace: Trace) throws -> Configuration {
    let stack: Site.Stack = kind == .seq2seq ? (layers[.decoder] == nil ? .cross : .decoder) : .sole
    let count = (layers[stack]?.last ?? layers[.encoder]?.last ?? 0) + 1
    let heads = heads(of: stack, trace)
    var shape = Configuration(
      family: "recording", kind: kind, layers: max(count, (layers[.cross]?.last ?? -1) + 1),
      heads: heads, groups: trace.first(.key, stack)?.shape[0] ?? heads,
      width: trace.first(.output, stack)?.width ?? trace[.embedding]?.width ?? 0,
      headWidth: headWidth(of: stack, trace), hidden: 0, vocabulary: trace[.logits]?.width ?? 0,
      maximumTokens: max(source.tokens.count, target?.tokens.count ?? 0), activation: .gelu,
      normEpsilon: 0, normPlacement: addsWithoutNorm(trace) ? .before : .after, scales: [],
      isHeadTied: false)
    shape.scales = try (0..<shape.layers).map { try scale(of: $0, stack) }
    guard kind == .seq2seq else { return shape }
    let encoderHeads = self.heads(of: .encoder, trace)
    shape.encoder = Configuration.Encoder(
      layers: (layers[.encoder]?.last ?? -1) + 1, heads: encoderHeads,
      headWidth: headWidth(of: .encoder, trace), hidden: 0,
      scale: try layers[.encoder]?.first.map { try scale(of: $0, .encoder) } ?? 0)
    return shape
  }

  private func heads(of stack: Site.Stack, _ trace: Trace) -> Int {
    trace.first(.weights, stack)?.shape[0] ?? 0
  }

  private func headWidth(of stack: Site.Stack, _ trace: Trace) -> Int {
    let values: [Site.Value] = [.query, .key, .context, .value]
    return values.lazy.compactMap { trace.first($0, stack)?.width }.first ?? 0
  }

  /// Whether the stream after attention is the stream before it and what attention adds.
  private func addsWithoutNorm(_ trace: Trace) -> Bool {
    guard let x = trace[.embedding], let added = trace[.attentionOutput, layer: 0],
      let sum = trace[.residual, layer: 0], x.shape == added.shape, x.shape == sum.shape
    else { return true }
    return zip((x + added).numbers, sum.numbers).allSatisfy {
      abs($0 - $1) <= 1e-3 * max(1, abs($1))
    }
  }

  /// The factor between q·k and the scores of a layer, by the first head; 0 where there is none.
  private func scale(of layer: Int, _ stack: Site.Stack) throws -> Float {
    guard recording.layers?.contains(layer) ?? true else { return 0 }
    func head(_ value: Site.Value) throws -> Tensor? {
      guard let array = arrays[Site(value, layer: layer, of: stack)], array.shape.count >= 3,
        let tensor = try archive.tensor(array.name), !tensor.shape.contains(0)
      else { return nil }
      let shape = Array(tensor.shape.suffix(3))
      guard shape.reduce(1, *) == tensor.count else { return nil }
      return tensor.reshaped(shape).slice(0)
    }
    guard let q = try head(.query), let k = try head(.key), let scores = try head(.scores),
      q.width == k.width, scores.rows == q.rows, scores.width == k.rows
    else { return 0 }
    // A decoder's rows are known up to the diagonal only.
    let isMasked = kind != .encoder && stack != .encoder && stack != .cross
    var (pairs, dots, squares) = ([(Double, Double)](), 0.0, 0.0)
    for i in 0..<q.rows {
      for j in 0..<(isMasked ? min(i + 1, k.rows) : k.rows) where scores[i, j].isFinite {
        let product = (0..<q.width).reduce(0.0) { $0 + Double(q[i, $1]) * Double(k[j, $1]) }
        pairs.append((product, Double(scores[i, j])))
        dots += product * Double(scores[i, j])
        squares += product * product
      }
    }
    guard squares > 0 else { return 0 }
    let largest = pairs.reduce(1.0) { max($0, $1.1.magnitude) }
    let fit = dots / squares
    guard pairs.allSatisfy({ abs($0.0 * fit - $0.1) <= 2e-3 * largest }) else { return 0 }
    // What is measured as 1/√d is it: halves and rounding blur the last digits.
    let root = 1 / Double(q.width).squareRoot()
    return Float(abs(fit / root - 1) < 2e-3 ? root : fit)
  }
}

extension Trace {
  /// The value of the first layer of a stack that has it.
  fileprivate func first(_ value: Site.Value, _ stack: Site.Stack) -> Tensor? {
    tensors.filter { $0.key.value == value && $0.key.stack == stack }
      .min { ($0.key.layer ?? 0) < ($1.key.layer ?? 0) }?.value
  }
}
