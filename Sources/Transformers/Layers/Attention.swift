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

  /// Rows look at themselves and those before, or at a source that stays.
  func callAsFunction(_ x: Tensor, over source: Tensor? = nil, _ pass: inout Pass) -> Tensor {
    let q = pass.tap(.query, heads(heads, of: query(x), queryNorm, pass))  // [H, n, d]
    let (k, v) = pass.remember(growing: source == nil) { pass in  // [K, n, d] make [K, m, d]
      (
        pass.tap(.key, heads(groups, of: key(source ?? x), keyNorm, pass)),
        pass.tap(.value, value(source ?? x).splitIntoHeads(groups))
      )
    }
    let mask = mask(queries: x.rows, keys: k.count)
    pass.note(mask: mask)

    let products = q.headwiseProducts(with: k, scale: scale)  // [H, n, m]
    let scores = pass.tap(.scores, score(products, of: q, k, &pass))  // [H, n, m]
    let temperatures = pass.attentionTemperature.of(layer: pass.layer ?? 0, heads: heads)
    let weights = pass.tap(
      .weights, scores.softmax(temperatures: temperatures, mask: mask))  // [H, n, m]
    let context = pass.tap(.context, weights.headwiseMix(of: v))  // [H, n, d]
    return output(context.joinedHeads())  // [n, D]
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
    guard let norm else { return turned(x.splitIntoHeads(count), pass) }
    let isOfAll = norm.scale.count == x.width
    return turned(
      isOfAll ? norm(x).splitIntoHeads(count) : norm(x.splitIntoHeads(count)), pass)
  }

  private func turned(_ x: Tensor, _ pass: Pass) -> Tensor {
    pass.stack == .cross ? x : pass.rotation?(x) ?? x
  }

  private func mask(queries: Int, keys: Int) -> KeyRanges? {
    if isCausal { return .causal(queries: queries, keys: keys, window: window) }
    return window.map { .near(queries, reach: $0) }
  }
}
