public import TensorFiles
internal import Tensors
internal import Tokenization

extension Model {
  /// Runs the model on a text and writes the trace as it comes to be: a value of a layer is written
  /// when it is computed and then forgotten, so that memory is bounded by one layer's.
  ///
  /// The archive has the same bytes as `run(…).archive()` would.
  ///
  /// - Parameters:
  ///   - text: The text, exactly as given.
  ///   - pair: A second text for models that take two.
  ///   - digest: SHA-256 of the parameter file, for provenance.
  ///   - pass: What to keep and change.
  ///   - temperatures: Where the next token's distribution is recorded; it needs logits.
  ///   - announce: Learns the number of tokens before the work begins.
  ///   - open: Prepares the archive for its outline.
  /// - Returns: The run with what was not written, and where the first value that is not finite is.
  /// - Throws: `ModelError` when the text yields no tokens or too many, or the model has a source,
  ///   whose target has no length before it is written; and what writing throws.
  public func record(
    _ text: String, pair: String? = nil, digest: String? = nil, pass: Pass,
    temperatures: [Double] = [], announce: (Int) -> Void = { _ in },
    to open: (Archive.Outline) throws -> ArchiveStream
  ) throws -> (run: Run, notFinite: Site?) {
    let encoding = try tokenizer.encode(text, pair: pair)
    announce(encoding.ids.count)
    var run = Run(
      model: name, modelDigest: digest, configuration: configuration, text: text, pair: pair,
      encoding: encoding, tokens: tokenizer.display(encoding, text: text, pair: pair),
      attentionTemperature: pass.attentionTemperature, recording: pass.recording, trace: Trace())
    var pass = pass
    if !temperatures.isEmpty { pass.recording.values.insert(.logits) }
    let stream = TraceStream(
      try open(run.outline(transformer, rows: pass.logits, temperatures: temperatures)),
      ids: encoding.ids)
    pass.keep = stream.take
    try transformer(encoding.ids, types: encoding.typeIDs, &pass)
    run.trace = pass.trace
    if !temperatures.isEmpty { try run.recordNextToken(at: temperatures) }
    if !run.recording.values.contains(.logits) { run.trace.tensors[Site(.logits)] = nil }
    try stream.finish(run)
    return (run, stream.notFinite ?? run.notFinite)
  }
}

/// Takes the values of a pass in the order of an archive. One pass uses it.
private final class TraceStream: @unchecked Sendable {
  private let archive: ArchiveStream
  private let ids: [Int]
  private var hasBegun = false
  /// Where the first value is that was written and is not finite.
  private(set) var notFinite: Site?

  init(_ archive: ArchiveStream, ids: [Int]) {
    self.archive = archive
    self.ids = ids
  }

  /// Writes a value; returns whether it need not be kept. Logits are kept: the distribution of the
  /// next token is made of them.
  func take(_ site: Site, _ tensor: Tensor) -> Bool {
    begin()
    guard site.value != .logits, archive.take(site.description, .floats(tensor)) else {
      return false
    }
    if notFinite == nil, !tensor.isFinite { notFinite = site }
    return true
  }

  func finish(_ run: Run) throws {
    begin()
    try archive.finish(Array(run.archive().arrays.dropFirst()))
  }

  private func begin() {
    if !hasBegun { _ = archive.take("ids", .integers(ids)) }
    hasBegun = true
  }
}
