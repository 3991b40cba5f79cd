import Tensors

/// Blocks one after the other, and what follows the last; with what all of them share: the turning
/// of queries and keys, and the bias of their distance.
struct Stack: Sendable {
  let name: Site.Stack
  let blocks: [Block]
  let finalNorm: Norm?
  /// Brings the stream to the width of narrower word vectors.
  let finalProjection: Linear?
  /// How each layer turns queries and keys; nobody does when empty.
  let rotary: [Rotary?]
  let relativeBias: RelativeBias?

  /// - Parameter x: What the embedding gives.
  func callAsFunction(_ x: Tensor, _ pass: inout Pass) -> Tensor {
    pass.stack = name
    let rotations = rotations(pass.positions)
    let texts = pass.batch?.texts ?? 1
    pass.bias = relativeBias?(
      queries: x.rows / texts, keys: pass.positions.upperBound, texts: texts)
    var x = pass.tap(.embedding, x)
    for (layer, block) in blocks.enumerated() {
      guard pass.begin(layer: layer) else { break }
      pass.rotation = rotary.isEmpty ? nil : rotary[layer].flatMap { rotations[$0] }
      x = block(x, &pass)
    }
    pass.layer = nil
    x = finalNorm(x)
    return pass.tap(.finalHidden, finalProjection.map { $0(x) } ?? x)
  }

  /// The angles of every way of turning, once.
  private func rotations(_ positions: Range<Int>) -> [Rotary: Rotation] {
    Dictionary(
      Set(rotary.compactMap(\.self)).map { rotary in
        let frequencies = rotary.frequencies(tokens: positions.upperBound)
        return (
          rotary,
          Rotation(frequencies: frequencies, factor: rotary.factor, positions: positions)
        )
      }, uniquingKeysWith: { first, _ in first })
  }
}
