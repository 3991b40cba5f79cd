import Tensors

extension Transformer {
  /// The shape of what is computed at a place, before it is.
  ///
  /// - Parameters:
  ///   - tokens: How many tokens there are.
  ///   - rows: How many of them get logits.
  /// - Returns: `nil` where the model computes nothing of the kind.
  func shape(of site: Site, tokens n: Int, rows: Int) -> [Int]? {
    if let layer = site.layer { return shape(of: site.value, in: stack.blocks[layer], tokens: n) }
    switch site.value {
    case .embedding: return [n, configuration.width]
    case .finalHidden:
      return [n, stack.finalProjection?.weight.outputs ?? configuration.width]
    case .logits: return head.flatMap { rows > 0 ? [rows, $0.projection.weight.outputs] : nil }
    case .pooled: return pooler.map { [$0.linear.weight.outputs] }
    case .nextSentence: return pooler?.nextSentence.map { [$0.weight.outputs] }
    default: return nil
    }
  }

  private func shape(of value: Site.Value, in block: Block, tokens n: Int) -> [Int]? {
    let attention = block.attention
    let (heads, groups) = (attention.heads, attention.groups)
    switch value {
    case .query: return [heads, n, attention.query.weight.outputs / heads]
    case .key: return [groups, n, attention.key.weight.outputs / groups]
    case .value: return [groups, n, attention.value.weight.outputs / groups]
    case .products:
      let becomesAnother =
        stack.relativeBias != nil || attention.disentangled != nil || attention.cap != nil
      return becomesAnother ? [heads, n, n] : nil
    case .scores, .weights: return [heads, n, n]
    case .context: return [heads, n, attention.value.weight.outputs / groups]
    case .attentionOutput, .residual, .feedForwardOutput, .output: return [n, configuration.width]
    default: return nil
    }
  }

  /// Whether some queries of a layer may not look at every key.
  func isMasked(layer: Int) -> Bool {
    stack.blocks[layer].attention.isCausal || stack.blocks[layer].attention.window != nil
  }
}
