import Files

/// The texts that scripts/models/prepare.py made.
struct Texts {
  let folder: String

  /// The lines of a file.
  func lines(_ name: String) throws -> [String] {
    let bytes = try readFile(folder + "/" + name, limit: 100_000_000)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The lines of a file of pairs.
  func pairs(_ name: String) throws -> [(source: String, target: String)] {
    try lines(name).map { line in
      let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw FileError(.badData, name, "holds a line without a tab") }
      return (parts[0], parts[1])
    }
  }
}

/// A table of Markdown.
struct Table {
  private(set) var lines: [String]

  init(_ title: String, _ columns: [String]) {
    lines = ["", "### " + title, "", Self.row(columns), Self.row(columns.map { _ in "---" })]
  }

  mutating func add(_ cells: [String]) { lines.append(Self.row(cells)) }

  private static func row(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |"
  }
}

extension Double {
  /// A number with some digits behind the point.
  func digits(_ count: Int) -> String {
    let scale = (0..<count).reduce(1.0) { product, _ in product * 10 }
    let rounded = (self * scale).rounded()
    guard count > 0 else { return String(Int(rounded)) }
    let whole = String(Int(rounded.magnitude))
    let padded = String(repeating: "0", count: max(0, count + 1 - whole.count)) + whole
    return (rounded < 0 ? "−" : "") + padded.dropLast(count) + "." + padded.suffix(count)
  }

  var percent: String { (self * 100).digits(1) + " %" }
}

extension Array {
  /// Runs of at most some elements.
  func runs(of count: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: self.count, by: count).map { self[$0..<Swift.min($0 + count, self.count)] }
  }
}
