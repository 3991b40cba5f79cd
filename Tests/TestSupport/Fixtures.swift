public import Files

/// Where the fixtures of the tests are.
public enum Fixtures {
  /// The folder `Tests/Fixtures`.
  public static var folder: String {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    return parts.joined(separator: "/") + "/Fixtures"
  }

  /// The folder of the shared parity set beside the checkout, when it is there.
  ///
  /// `ATTNVIZ_PARITY` names another place.
  public static var parity: String? {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    let beside = parts.joined(separator: "/") + "/shared/parity"
    let path = environment("ATTNVIZ_PARITY") ?? beside
    return fileExists(path + "/README.md") ? path : nil
  }

  /// Reads a JSON file.
  public static func json(_ path: String) throws -> JSON {
    try JSON(parsing: readFile(path), path: path)
  }
}
