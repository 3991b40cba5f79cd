internal import Files
public import TensorFiles
internal import Tensors
internal import Tokenization

extension Run {
  /// Reads a recording of any origin: the archive that `archive()` writes, or one of another program
  /// that has at least `layers.I.attention.weights` and, among the words, `tokens`.
  ///
  /// Arrays that `recording` does not ask for stay in the file, but for weights, which everything is
  /// checked against.
  ///
  /// - Parameters:
  ///   - file: The archive.
  ///   - digest: SHA-256 of the file, for provenance.
  ///   - recording: What is needed; arrays that are not there are left out.
  /// - Throws: `FileError` of kind `badData` that names the array and the fact.
  public init(
    reading file: ArchiveFile, digest: String? = nil, recording: Recording = .everything
  ) throws {
    let reader = try RecordingReader(file, recording)
    let (trace, deviation) = try reader.trace()
    self.init(
      model: file.words("model") ?? "a recorded model",
      modelDigest: file.words("model_sha256"), configuration: try reader.configuration(trace),
      text: reader.source.text, pair: file.words("text_pair"), encoding: reader.source.encoding,
      tokens: reader.source.tokens, attentionTemperature: try reader.attentionTemperature(),
      recording: recording, trace: trace,
      target: reader.target.map { Side(encoding: $0.encoding, tokens: $0.tokens, text: $0.text) },
      generation: try reader.json("generation"),
      origin: Origin(
        file: reader.file, digest: digest, text: file.words("text"), notes: reader.notes,
        layers: reader.layers, sites: Set(reader.arrays.keys), deviation: deviation))
  }
}

/// A recording while it is read.
struct RecordingReader {
  let archive: ArchiveFile
  let recording: Recording
  /// What the file holds, and the array of each place.
  let arrays: [Site: StoredTensor]
  /// The layers that have weights.
  let layers: [Site.Stack: [Int]]
  let kind: Configuration.Kind
  /// The tokens: of an encoder–decoder those of the source.
  let source: RecordedText
  let target: RecordedText?
  private(set) var notes: [String] = []

  /// More layers than any model has; a name may claim any number.
  private static let mostLayers = 10_000

  init(_ archive: ArchiveFile, _ recording: Recording) throws {
    self.archive = archive
    self.recording = recording
    arrays = Dictionary(
      archive.arrays.compactMap { array in Site(name: array.name).map { ($0, array) } },
      uniquingKeysWith: { first, _ in first })
    layers = Dictionary(
      grouping: arrays.keys.filter { $0.value == .weights }, by: \.stack
    ).mapValues { $0.compactMap(\.layer).sorted() }
    let path = archive.path
    guard !layers.isEmpty else {
      throw FileError(
        .badData, path,
        "holds no attention weights; they are named layers.0.attention.weights and so on")
    }
    guard arrays.keys.allSatisfy({ $0.layer ?? 0 < Self.mostLayers }) else {
      throw FileError(.badData, path, "names a layer above \(Self.mostLayers)")
    }
    let hasSource = layers.keys.contains { $0 != .sole }
    guard !hasSource || layers[.sole] == nil else {
      throw FileError(.badData, path, "holds layers of one stack and of an encoder or decoder")
    }
    source = try Self.text(archive, "tokens", "ids", hasText: true)
    let hasTarget = layers[.decoder] != nil || layers[.cross] != nil
    target =
      hasTarget ? try Self.text(archive, "target_tokens", "decoder_ids", hasText: false) : nil
    guard let words = archive.words("kind") else {
      (kind, notes) = try Self.kind(archive, arrays, hasSource, tokens: source.tokens.count)
      return
    }
    guard let kind = Configuration.Kind(rawValue: words), hasSource == (kind == .seq2seq) else {
      throw FileError(
        .badData, path,
        "its kind is \"\(words.visible)\", its arrays are those of "
          + (hasSource ? "an encoder–decoder (seq2seq)" : "an encoder or a decoder"))
    }
    self.kind = kind
  }

  /// The file without its folder.
  var file: String { archive.path.split(separator: "/").last.map { String($0).visible } ?? "" }

  /// A word of the metadata that is JSON.
  func json(_ key: String) throws -> JSON? { try Self.json(archive, key) }

  private static func json(_ archive: ArchiveFile, _ key: String) throws -> JSON? {
    guard let words = archive.words(key) else { return nil }
    return try JSON(parsing: Array(words.utf8), path: "\(archive.path): \(key)")
  }

  /// τ inside attention.
  func attentionTemperature() throws -> AttentionTemperature {
    guard let json = try json("attention_tau") else { return AttentionTemperature() }
    guard let temperature = AttentionTemperature(json) else {
      throw FileError(
        .badData, archive.path, "its attention_tau is neither a number nor one for each head")
    }
    return temperature
  }
}

// MARK: tokens

extension RecordingReader {
  /// The tokens of one side.
  private static func text(
    _ archive: ArchiveFile, _ key: String, _ ids: String, hasText: Bool
  ) throws -> RecordedText {
    func failure(_ fact: String) -> FileError { FileError(.badData, archive.path, fact) }
    guard let elements = try json(archive, key)?.elements else {
      throw failure("its metadata has no \(key): a JSON list of strings, one for each token")
    }
    let names = elements.compactMap(\.string)
    guard names.count == elements.count, !names.isEmpty else {
      throw failure("its \(key) are not a list of strings with one or more of them")
    }
    let numbers = try numbers(archive, ids, count: names.count)
    let offsets = hasText ? try json(archive, "offsets").map { try Self.offsets($0, archive) } : nil
    guard offsets.map({ $0.count == names.count }) ?? true else {
      throw failure("its offsets are \(offsets?.count ?? 0), its tokens \(names.count)")
    }
    return RecordedText(
      names, ids: numbers, offsets: offsets,
      text: archive.words(hasText ? "text" : "target_text"),
      pair: hasText ? archive.words("text_pair") : nil)
  }

  /// The numbers of tokens.
  private static func numbers(
    _ archive: ArchiveFile, _ name: String, count: Int
  ) throws -> [Int]? {
    guard let array = archive[name] else { return nil }
    guard let numbers = try archive.integers(name) else {
      throw FileError(.badData, archive.path, "its \(name) are not whole numbers (I32 or I64)")
    }
    guard numbers.count == count, array.shape.filter({ $0 != 1 }).count <= 1 else {
      throw FileError(
        .badData, archive.path, "its \(name) have the shape \(array.shape), its tokens are \(count)"
      )
    }
    return numbers
  }

  private static func offsets(_ json: JSON, _ archive: ArchiveFile) throws -> [Range<Int>] {
    let ranges = (json.elements ?? []).map { pair -> Range<Int>? in
      guard let low = pair[0]?.integer, let high = pair[1]?.integer, 0 <= low, low <= high,
        pair.elements?.count == 2
      else { return nil }
      return low..<high
    }
    guard !ranges.contains(nil) else {
      throw FileError(.badData, archive.path, "its offsets are not pairs [start, end]")
    }
    return ranges.compactMap(\.self)
  }
}

// MARK: the kind

extension RecordingReader {
  /// The kind where the file does not say it: zeros above the diagonal of every head make a decoder.
  private static func kind(
    _ archive: ArchiveFile, _ arrays: [Site: StoredTensor], _ hasSource: Bool, tokens n: Int
  ) throws -> (Configuration.Kind, [String]) {
    guard !hasSource else { return (.seq2seq, []) }
    guard n > 1 else {
      return (.encoder, ["The recording names no kind; one token looks at itself."])
    }
    let isCausal = try arrays.allSatisfy { site, array in
      guard site.value == .weights, let weights = try archive.tensor(array.name) else { return true }
      guard weights.count % (n * n) == 0 else { return true }
      return weights.withNumbers { a in
        a.indices.allSatisfy { $0 % n <= $0 / n % n || a[$0] == 0 }
      }
    }
    return isCausal
      ? (
        .decoder,
        ["The recording names no kind; 0 above the diagonal of every recorded head say decoder."]
      ) : (.encoder, ["The recording names no kind; heads look ahead as an encoder’s do."])
  }
}
