public import Files

extension Tokenizer {
  /// Reads the tokenizer in a model's folder: `tokenizer.json`, or else `vocab.txt`, or
  /// `vocab.json` with `merges.txt`, or a model of SentencePiece.
  ///
  /// - Throws: `FileError` of kind `notFound` when there is none, of kind `badData` when it is
  ///   broken.
  public static func load(_ folder: InputFolder) throws -> Tokenizer {
    if let tokenizer = try read(fileName, in: folder) { return tokenizer }
    if let files = try VocabularyFiles(folder: folder) {
      return try Tokenizer(json: files.tokenizer(), path: folder.path)
    }
    if let files = try SentencePieceFiles(folder: folder) { return try files.tokenizer() }
    throw FileError(.notFound, folder.path, "has no tokenizer.json")
  }

  /// Reads the tokenizer in a model's folder on the disk.
  public static func load(folder: String) throws -> Tokenizer { try load(InputFolder(folder)) }

  private static let fileName = "tokenizer.json"

  /// The name of the file with the tokenizer of what a model writes, where it is not that of what
  /// it reads: an encoder–decoder of letters and sounds has two alphabets.
  public static let targetFileName = "target_tokenizer.json"

  /// Reads the tokenizer of what the model in a folder writes.
  ///
  /// - Returns: `nil` when it is that of what it reads.
  /// - Throws: `FileError` of kind `badData` when it is broken.
  public static func loadTarget(_ folder: InputFolder) throws -> Tokenizer? {
    try read(targetFileName, in: folder)
  }

  private static func read(_ name: String, in folder: InputFolder) throws -> Tokenizer? {
    guard folder.contains(name) else { return nil }
    return try Tokenizer(json: folder.json(name), path: folder.path(of: name))
  }
}
