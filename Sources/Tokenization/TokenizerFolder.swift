internal import Files

extension Tokenizer {
  /// Reads the tokenizer in a model's folder: `tokenizer.json`, or else `vocab.txt`, or
  /// `vocab.json` with `merges.txt`.
  ///
  /// - Throws: `FileError` of kind `notFound` when there is none, of kind `badData` when it is
  ///   broken.
  public static func load(folder: String) throws -> Tokenizer {
    let path = folder + "/tokenizer.json"
    if fileExists(path) {
      return try Tokenizer(json: JSON(parsing: readFile(path), path: path), path: path)
    }
    guard let files = try VocabularyFiles(folder: folder) else {
      throw FileError(.notFound, folder, "has no tokenizer.json")
    }
    return try Tokenizer(json: files.tokenizer(), path: folder)
  }
}
