import Tensors

/// Multi-head attention (Vaswani et al. 2017, eq. 1): every value on the way is tapped.
struct Attention: Sendable {
  let query: Linear
  let key: Linear
  let value: Linear
  let output: Linear
  let heads: Int
  let groups: Int
  let scale: Float
  let isCausal: Bool

  func callAsFunction(_ x: Tensor, _ pass: inout Pass) -> Tensor {
    let q = pass.tap(.query, rotated(query(x).splitIntoHeads(heads), pass))  // [H, n, d]
    let (k, v) = pass.remember(  // [K, n, d] added to what makes [K, m, d]
      keys: pass.tap(.key, rotated(key(x).splitIntoHeads(groups), pass)),
      values: pass.tap(.value, value(x).splitIntoHeads(groups)))
    let mask = isCausal ? KeyRanges.causal(queries: x.rows, keys: k.count) : nil
    pass.note(mask: mask)

    let scores = pass.tap(.scores, q.headwiseProducts(with: k, scale: scale))  // [H, n, m]
    let temperatures = pass.attentionTemperature.of(layer: pass.layer ?? 0, heads: heads)
    let weights = pass.tap(
      .weights, scores.softmax(temperatures: temperatures, mask: mask))  // [H, n, m]
    let context = pass.tap(.context, weights.headwiseMix(of: v))  // [H, n, d]
    return pass.tap(.attentionOutput, output(context.joinedHeads()))  // [n, D]
  }

  private func rotated(_ x: Tensor, _ pass: Pass) -> Tensor {
    pass.rotation?(x) ?? x
  }
}
