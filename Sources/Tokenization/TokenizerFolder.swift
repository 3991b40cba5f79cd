internal import Files

extension Tokenizer {
  /// Reads the tokenizer in a model's folder.
  ///
  /// - Throws: `FileError` of kind `notFound` when there is none, of kind `badData` when it is
  ///   broken.
  public static func load(folder: String) throws -> Tokenizer {
    let path = folder + "/tokenizer.json"
    guard fileExists(path) else {
      throw FileError(.notFound, folder, "has no tokenizer.json")
    }
    return try Tokenizer(json: JSON(parsing: readFile(path), path: path), path: path)
  }
}
