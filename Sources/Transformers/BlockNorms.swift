/// What the norms of blocks are for.
extension Transformer {
  /// The same parameters without the norms of the blocks' sublayers; that of the last block stays, and
  /// those of queries and keys. For an experiment, not for use: the model was made with them.
  package var withoutBlockNorms: Transformer {
    Transformer(
      configuration: configuration, parameters: parameters,
      encoder: encoder.map {
        Encoder(embedding: $0.embedding, stack: $0.stack.withoutBlockNorms)
      }, embedding: embedding, stack: stack.withoutBlockNorms, head: head, pooler: pooler)
  }
}

extension Stack {
  fileprivate var withoutBlockNorms: Stack {
    Stack(
      name: name,
      blocks: blocks.map { block in
        Block(
          attention: block.attention, attentionNorms: .init(),
          cross: block.cross.map { CrossAttention(attention: $0.attention, norms: .init()) },
          feedForward: block.feedForward, feedForwardNorms: .init(), isParallel: block.isParallel)
      }, finalNorm: finalNorm, finalProjection: finalProjection, rotary: rotary,
      relativeBias: relativeBias)
  }
}
