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
    let k = pass.tap(.key, rotated(key(x).splitIntoHeads(groups), pass))  // [K, n, d]
    let v = pass.tap(.value, value(x).splitIntoHeads(groups))  // [K, n, d]
    let mask = isCausal ? KeyRanges.causal(queries: x.rows, keys: x.rows) : nil
    pass.note(mask: mask)

    let scores = pass.tap(.scores, q.headwiseProducts(with: k, scale: scale))  // [H, n, n]
    let weights = pass.tap(
      .weights, scores.softmax(temperature: pass.attentionTemperature, mask: mask))  // [H, n, n]
    let context = pass.tap(.context, weights.headwiseMix(of: v))  // [H, n, d]
    return pass.tap(.attentionOutput, output(context.joinedHeads()))  // [n, D]
  }

  private func rotated(_ x: Tensor, _ pass: Pass) -> Tensor {
    pass.rotation.map { $0(x) } ?? x
  }
}
