internal import Files
internal import TensorFiles
internal import Tokenization

/// What a model is, read from its files without running it.
public struct ModelFacts: Sendable {
  /// Where it is.
  public var location: ModelLocation
  /// Its shape; `nil` when this version cannot run it.
  public var configuration: Configuration?
  /// Why this version cannot run it.
  public var obstacle: String?
  /// How many numbers its parameters are; `nil` for a GGUF file that is broken.
  public var parameters: Int?
  /// The types the parameters are stored in, as the file names them, the most used first.
  public var types: [String] = []
  /// The tokenizer's kind and size, in words.
  public var tokenizer: String?
  /// The licence as its source states it.
  public var licence: String?
  /// The files that hold the parameters.
  public var files: [String]
  /// The bytes of those files.
  public var size: Int
  /// The SHA-256 of the parameters; see `ModelStore.digest(of:)`.
  public var sha256: String?

  /// Reads the facts of a model.
  ///
  /// - Throws: `FileError` when its files cannot be read or are broken.
  public init(of location: ModelLocation, in store: ModelStore) throws {
    self.location = location
    let folder = location.input
    files = try location.parameterFiles()
    size = files.reduce(0) { $0 + ((try? folder.map($1).bytes.count) ?? 0) }
    sha256 = try store.digest(of: location)
    licence = location.licence ?? ModelFiles.licence(inCardOf: folder)
    do {
      if location.isGGUF {
        try read(GGUF(location.path))
      } else {
        configuration = try Model.configuration(folder).shape
        describe(try Tokenizer.load(folder))
      }
    } catch {
      obstacle = "\(error)"
    }
    if !location.isGGUF { try countParameters() }
  }

  private mutating func read(_ file: GGUF) throws {
    count(file.entries.map { ($0.type, $0.shape) })
    licence = licence ?? file["general.license"]?.string
    configuration = try GGUFLayout.read(file).2
    describe(try file.tokenizer())
  }

  private mutating func describe(_ tokenizer: Tokenizer) {
    self.tokenizer = "\(tokenizer.model), \(tokenizer.vocabularySize) tokens"
  }

  /// Counts the numbers: tensors of whole numbers are tables, not parameters.
  private mutating func countParameters() throws {
    count(try Checkpoint.open(location.input).tensors.map { ($0.type, $0.shape) })
  }

  private mutating func count(_ tensors: [(type: String, shape: [Int])]) {
    var counts: [String: Int] = [:]
    for tensor in tensors where !["I64", "I32", "U8", "BOOL"].contains(tensor.type) {
      counts[tensor.type, default: 0] += tensor.shape.reduce(1, *)
    }
    types = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    parameters = counts.values.reduce(0, +)
  }
}
