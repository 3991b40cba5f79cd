public import Tensors

/// A transformer: embedding, blocks, final norm and head, as the configuration shapes them; in an
/// encoder–decoder, embedding, blocks and final norm of the encoder besides.
public struct Transformer: Sendable {
  /// The model's shape.
  public let configuration: Configuration
  /// How many numbers of the checkpoint its parts are made of.
  public let parameters: ParameterCounts
  let encoder: Encoder?
  let embedding: Embedding
  let stack: Stack
  let head: Head?
  let pooler: Pooler?

  /// What reads the source of an encoder–decoder.
  struct Encoder: Sendable {
    let embedding: Embedding
    let stack: Stack
  }

  /// Whether the model scores vocabulary entries.
  public var hasHead: Bool { head != nil }

  /// Reads the source of an encoder–decoder: runs the encoder, and forgets what the pass held. The
  /// calls that follow with this pass write the target.
  ///
  /// - Throws: `ModelError` of kind `badText` when there is no token, there are too many, or one is
  ///   not in the model's vocabulary; of kind `badModel` when the model has no encoder of its own.
  public func read(_ source: [Int], _ pass: inout Pass) throws {
    guard let encoder else {
      throw ModelError(
        .badModel, "a model of the kind \(configuration.kind.rawValue) has no source")
    }
    try check(source, [], after: 0)
    pass.begin(source, continues: false)
    let x = encoder.embedding(source, types: [], from: 0)  // [m, D]
    pass.remember(source: encoder.stack(x, &pass))
    try pass.end()
  }

  /// Runs the model on token numbers. A decoder continues the text of the calls that the pass made
  /// before: only the new tokens are computed. The decoder of an encoder–decoder continues the
  /// target, which begins with `Configuration.startToken`, and looks at the source that was read.
  ///
  /// - Parameters:
  ///   - ids: The tokens, `[n]`.
  ///   - types: The type (segment) of each token, `[n]`; all 0 when empty.
  ///   - pass: What to keep and change; receives the trace.
  /// - Returns: The logits of the rows that the pass asks for, `[n, V]` or `[1, V]`; `nil` for a
  ///   model without a head.
  /// - Throws: `ModelError` of kind `badText` when there is no token, there are too many, or one
  ///   is not in the model's vocabulary.
  @discardableResult
  public func callAsFunction(
    _ ids: [Int], types: [Int] = [], _ pass: inout Pass
  ) throws -> Tensor? {
    guard encoder == nil || pass.source != nil else {
      throw ModelError(.badText, "the model has a source, and none was read")
    }
    let continues = configuration.kind != .encoder
    let seen = continues ? pass.ids : []
    // Where a longer text turns its keys otherwise, what is remembered is of no use.
    let startsAnew = !configuration.turnsAlike(seen.count, seen.count + ids.count)
    let ids = startsAnew ? seen + ids : ids
    let types = types.isEmpty ? ids.map { _ in 0 } : types
    try check(ids, types, after: startsAnew ? 0 : seen.count)
    pass.begin(ids, continues: continues && !startsAnew)
    let x = embedding(ids, types: types, from: pass.positions.lowerBound)  // [n, D]
    let hidden = stack(x, &pass)
    try pass.end()
    pooler?(hidden, &pass)
    return logits(of: hidden, &pass)
  }

  /// Reads several sources at once, each by itself.
  package func read(sources: [[Int]], _ pass: inout Pass) throws {
    guard let encoder else { return try read([], &pass) }
    for source in sources { try check(source, [], after: 0) }
    let batch = Batch(sources)
    let ids = batch.rows(of: sources)
    pass.begin(ids, continues: false, batch: batch)
    pass.remember(
      source: encoder.stack(encoder.embedding(ids, types: [], from: 0, texts: batch.texts), &pass))
    try pass.end()
  }

  /// Runs the model on several texts at once, each by itself; see `Batch`.
  ///
  /// - Parameters:
  ///   - types: The type of each token of each text; all 0 when empty.
  ///   - continues: Whether a decoder continues the texts of the calls before: as many, all of one
  ///     width.
  /// - Returns: The logits of the rows that the pass asks for, rows of filling included.
  package func callAsFunction(
    texts: [[Int]], types: [[Int]] = [], continues: Bool = false, _ pass: inout Pass
  ) throws -> Tensor? {
    logits(
      of: try hidden(texts: texts, types: types, continues: continues, &pass), &pass)
  }

  /// What the last block and the final norm make of several texts at once, `[B·n, D]`, rows of
  /// filling included.
  package func hidden(
    texts: [[Int]], types: [[Int]] = [], continues: Bool = false, _ pass: inout Pass
  ) throws -> Tensor {
    let seen = continues ? pass.positions.upperBound : 0
    for (place, text) in texts.enumerated() {
      try check(text, types.isEmpty ? [] : types[place], after: seen)
    }
    let batch = Batch(texts)
    if continues { try check(batch, continues: pass.batch, after: seen) }
    let ids = batch.rows(of: texts)
    pass.begin(ids, continues: continues || encoder != nil, batch: batch)
    let types = types.isEmpty ? ids.map { _ in 0 } : batch.rows(of: types)
    let x = embedding(
      ids, types: types, from: pass.positions.lowerBound, texts: batch.texts)  // [B·n, D]
    let hidden = stack(x, &pass)
    try pass.end()
    return hidden
  }

  /// The logits of rows that `hidden` gave; `nil` for a model without a head.
  package func logits(ofHidden x: Tensor) -> Tensor? { head?(x) }

  private func check(_ batch: Batch, continues old: Batch?, after seen: Int) throws {
    precondition(old?.texts == batch.texts && old?.isPadded == false && !batch.isPadded)
    guard configuration.turnsAlike(seen, seen + batch.width) else {
      throw ModelError(
        .badText, "texts beyond \(seen) tokens turn the model's keys anew; write shorter ones")
    }
  }

  /// One head's part of W_O of a layer: maps a head's context, `[n, d]`, to the stream, `[n, D]`.
  public func outputProjection(
    layer: Int, head: Int, of name: Site.Stack = .sole
  ) -> Matrix {
    let d = configuration.shape(of: name).headWidth
    let block = stack(name).blocks[layer]
    let attention = name == .cross ? block.cross?.attention ?? block.attention : block.attention
    return attention.output.weight.inputs(head * d..<(head + 1) * d)
  }

  /// The blocks of a stack; cross-attention is in the decoder's.
  func stack(_ name: Site.Stack) -> Stack { name == .encoder ? encoder?.stack ?? stack : stack }

  private func logits(of x: Tensor, _ pass: inout Pass) -> Tensor? {
    guard let head else { return nil }
    switch pass.logits {
    case .all: return pass.tap(.logits, head(x))
    case .last: return pass.tap(.logits, head(x.rows(x.rows - 1..<x.rows)))
    case .some(let places): return pass.tap(.logits, head(x.gatheringRows(places)))
    case .none: return nil
    }
  }

  private func check(_ ids: [Int], _ types: [Int], after seen: Int) throws {
    guard !ids.isEmpty else { throw ModelError(.badText, "the text has no tokens") }
    guard seen + ids.count <= configuration.maximumTokens else {
      throw ModelError(
        .badText,
        "the text has \(seen + ids.count) tokens, the model takes \(configuration.maximumTokens); shorten it"
      )
    }
    if let id = ids.first(where: { $0 < 0 || $0 >= configuration.vocabulary }) {
      throw ModelError(
        .badModel,
        "the tokenizer gives token \(id), the model has \(configuration.vocabulary): they do not belong together"
      )
    }
    if configuration.tokenTypes > 0,
      let type = types.first(where: { $0 < 0 || $0 >= configuration.tokenTypes })
    {
      throw ModelError(
        .badText, "the model has \(configuration.tokenTypes) token types, type \(type) is used")
    }
  }
}
