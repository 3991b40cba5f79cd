import Tensors

/// Multi-head attention (Vaswani et al. 2017, eq. 1): every value on the way is tapped.
struct Attention: Sendable {
  let query: Linear
  let key: Linear
  let value: Linear
  let output: Linear
  let queryNorm: Norm?
  let keyNorm: Norm?
  let disentangled: Disentangled?
  let heads: Int
  let groups: Int
  let scale: Float
  let cap: Float?
  let isCausal: Bool
  let window: Int?

  /// Rows look at themselves and those before, or at a source that stays. Of several texts each
  /// looks at itself: every head's are one behind the other, as if each were a head.
  func callAsFunction(_ x: Tensor, over source: Tensor? = nil, _ pass: inout Pass) -> Tensor {
    let q = pass.tap(.query, heads(heads, of: query(x), queryNorm, pass))  // [H, n, d]
    let (k, v) = pass.remember(growing: source == nil) { pass in  // [K, n, d] make [K, m, d]
      (
        pass.tap(.key, heads(groups, of: key(source ?? x), keyNorm, pass)),
        pass.tap(.value, split(value(source ?? x), groups, pass))
      )
    }
    let texts = pass.batch?.texts ?? 1
    let mask = mask(queries: x.rows / texts, keys: k.count, pass)
    pass.note(mask: mask)

    let products = q.headwiseProducts(with: k, scale: scale, texts: texts)  // [H, n, m]
    let scores = pass.tap(.scores, score(products, of: q, k, &pass))  // [H, n, m]
    let temperatures = pass.attentionTemperature.of(layer: pass.layer ?? 0, heads: heads, texts)
    let weights = pass.tap(
      .weights, scores.softmax(temperatures: temperatures, mask: mask))  // [H, n, m]
    let context = pass.tap(.context, weights.headwiseMix(of: v, texts: texts))  // [H, n, d]
    return output(context.reshaped([heads, x.rows, context.width]).joinedHeads())  // [n, D]
  }

  /// What the products become by the bias of distances and the cap, where there are such.
  private func score(
    _ products: Tensor, of q: Tensor, _ k: GrowingRows, _ pass: inout Pass
  ) -> Tensor {
    let bias = pass.stack == .cross ? nil : pass.bias
    guard bias != nil || disentangled != nil || cap != nil else { return products }
    var scores = pass.tap(.products, products)
    if let bias { scores = scores + bias }
    if let disentangled { scores = scores + disentangled(q, k.tensor, scale: scale) }
    return cap.map(scores.capped) ?? scores
  }

  /// Cuts projected rows into heads, normalised and turned where the model does so.
  private func heads(_ count: Int, of x: Tensor, _ norm: Norm?, _ pass: Pass) -> Tensor {
    guard let norm else { return turned(split(x, count, pass), pass) }
    let isOfAll = norm.scale.count == x.width
    return turned(isOfAll ? split(norm(x), count, pass) : norm(split(x, count, pass)), pass)
  }

  private func split(_ x: Tensor, _ count: Int, _ pass: Pass) -> Tensor {
    let heads = x.splitIntoHeads(count)
    guard let texts = pass.batch?.texts else { return heads }
    return heads.reshaped([count * texts, x.rows / texts, heads.width])
  }

  private func turned(_ x: Tensor, _ pass: Pass) -> Tensor {
    pass.stack == .cross ? x : pass.rotation?(x) ?? x
  }

  private func mask(queries: Int, keys: Int, _ pass: Pass) -> KeyRanges? {
    if isCausal { return .causal(queries: queries, keys: keys, window: window) }
    let near = window.map { KeyRanges.near(queries, reach: $0) }
    guard let seen = pass.stack == .cross ? pass.sourceBatch : pass.batch, seen.isPadded else {
      return near
    }
    // What fills up a text is not looked at.
    return KeyRanges(
      seen.lengths.flatMap { length in
        (0..<queries).map { (near?.ranges[$0] ?? 0..<keys).clamped(to: 0..<length) }
      })
  }
}
