public import Files

/// Texts that were judged right once, in the folder `Tests/Goldens`.
public enum Goldens {
  /// Compares a text with its golden: `nil` when they are equal, else the first line that differs.
  ///
  /// With `RECORD=1` the golden is rewritten; a new one is written and fails once.
  public static func difference(_ name: String, _ text: String) throws -> String? {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    let path = parts.joined(separator: "/") + "/Goldens/" + name
    guard fileExists(path), environment("RECORD") != "1" else {
      let isNew = !fileExists(path)
      try writeFile(path, text)
      return isNew ? "\(name) is new: look at it and run the test again" : nil
    }
    let golden = String(decoding: try readFile(path), as: UTF8.self)
    guard golden != text else { return nil }
    let (expected, found) = (lines(golden), lines(text))
    let line = zip(expected, found).enumerated().first { $1.0 != $1.1 }
    guard let line else { return "\(name): \(expected.count) lines expected, \(found.count) found" }
    return
      "\(name), line \(line.offset + 1): expected “\(line.element.0)”, found “\(line.element.1)”"
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
