public import Tensors

// What a walk shows between recorded values: made by the layers that ran, never a second time.

/// A norm with what it learned.
public struct LearnedNorm: Sendable {
  private let norm: Norm

  /// What every number is multiplied by, `[D]`.
  public var scale: Tensor { norm.scale }
  /// What is added then, `[D]`; `nil` for a division by the root of the mean square.
  public var shift: Tensor? { norm.shift }
  /// What is added to the variance.
  public var epsilon: Float { norm.epsilon }

  init?(_ norm: Norm?) {
    guard let norm else { return nil }
    self.norm = norm
  }

  /// The normalised rows.
  public func callAsFunction(_ x: Tensor) -> Tensor { norm(x) }
}

extension BlockAnatomy.Norms {
  /// Where a norm of a sublayer stands.
  public enum Place: Sendable {
    /// It normalises what the sublayer sees.
    case before
    /// What the sublayer adds.
    case inside
    /// The sum.
    case after
  }
}

extension Transformer {
  /// The vectors that the embedding of every token is the sum of, `[n, D]` each, before the norm.
  public func embeddingParts(
    _ ids: [Int], types: [Int], of name: Site.Stack = .sole
  ) -> [(part: EmbeddingPart, rows: Tensor)] {
    embedding(of: name).parts(ids, types: types.isEmpty ? ids.map { _ in 0 } : types, from: 0)
  }

  /// The norm of the summed embedding, where there is one.
  public func embeddingNorm(of name: Site.Stack = .sole) -> LearnedNorm? {
    LearnedNorm(embedding(of: name).norm)
  }

  /// A norm of a block, where it has one there.
  public func norm(
    _ place: BlockAnatomy.Norms.Place, _ sublayer: BlockAnatomy.Sublayer, layer: Int,
    of name: Site.Stack = .sole
  ) -> LearnedNorm? {
    let block = stack(name).blocks[layer]
    let norms: Block.Norms? =
      switch sublayer {
      case .attention: block.attentionNorms
      case .crossAttention: block.cross?.norms
      case .feedForward: block.feedForwardNorms
      }
    return switch place {
    case .before: LearnedNorm(norms?.before)
    case .inside: LearnedNorm(norms?.inside)
    case .after: LearnedNorm(norms?.after)
    }
  }

  /// The norm after the last block, where there is one.
  public func finalNorm(of name: Site.Stack = .sole) -> LearnedNorm? {
    LearnedNorm(stack(name).finalNorm)
  }

  /// The vector that the logit of an entry is a product with, `[D]`, and the bias that is added;
  /// `nil` for a model without a head.
  public func scoring(of id: Int) -> (weight: Tensor, bias: Float?)? {
    guard let head, id >= 0, id < head.projection.weight.outputs else { return nil }
    return (head.projection.weight.row(id), head.projection.bias.map { $0.numbers[id] })
  }

  /// What the last projection sees of the final stream: the rows themselves, or what the head makes
  /// of them first.
  public func headInput(_ x: Tensor) -> Tensor {
    guard let head else { return x }
    let x = head.transform.map { $0.norm($0.activation($0.linear(x))) } ?? x
    return head.scale == 1 ? x : x.scaled(by: head.scale)
  }

  private func embedding(of name: Site.Stack) -> Embedding {
    name == .encoder ? encoder?.embedding ?? embedding : embedding
  }
}
