internal import TextDrawing

/// Lines of words for a width, broken between words.
struct StyledText {
  let columns: Int
  private(set) var lines: [[TerminalCell]] = []

  init(_ columns: Int) { self.columns = max(columns, 8) }

  /// Adds a paragraph.
  mutating func add(_ text: String, _ look: TerminalCell.Look = .init(), indent: Int = 0) {
    add([(text, look)], indent: indent)
  }

  /// Adds a paragraph of parts that look different; lines after the first are indented.
  mutating func add(_ parts: [(text: String, look: TerminalCell.Look)], indent: Int = 0) {
    var line: [TerminalCell] = []
    for part in parts {
      for word in Self.words(part.text) {
        let cells = Self.cells(word, part.look)
        let isSpace = word.allSatisfy { $0 == " " }
        if line.count + cells.count > columns {
          if isSpace { continue }
          if !line.isEmpty {
            lines.append(line)
            line = Self.blank(indent)
          }
        }
        line = append(cells, to: line, indent)
      }
    }
    lines.append(line)
  }

  /// Adds lines that are ready.
  mutating func add(_ ready: [[TerminalCell]]) { lines += ready }

  /// Appends a word; one that is longer than a line is broken anywhere.
  private mutating func append(
    _ cells: [TerminalCell], to start: [TerminalCell], _ indent: Int
  ) -> [TerminalCell] {
    var line = start
    var rest = cells[...]
    while line.count + rest.count > columns {
      var count = max(columns - line.count, 1)
      if rest.count > count, rest[rest.startIndex + count].character == nil { count -= 1 }
      guard count > 0 else { break }
      lines.append(line + rest.prefix(count))
      rest = rest.dropFirst(count)
      line = Self.blank(indent)
    }
    return line + rest
  }

  private static func blank(_ count: Int) -> [TerminalCell] {
    Array(repeating: TerminalCell(), count: count)
  }

  /// Words and the spaces between them.
  private static func words(_ text: String) -> [Substring] {
    var (words, rest) = ([Substring](), text[...])
    while let first = rest.first {
      let word = rest.prefix { ($0 == " ") == (first == " ") }
      words.append(word)
      rest = rest.dropFirst(word.count)
    }
    return words
  }

  /// The cells of a text; what a terminal would act on is left out.
  static func cells(_ text: some StringProtocol, _ look: TerminalCell.Look) -> [TerminalCell] {
    text.flatMap { character -> [TerminalCell] in
      let width = character.isControl ? 0 : TerminalWidth.of(character)
      guard width > 0 else { return [] }
      return [TerminalCell(character, look)]
        + Array(repeating: TerminalCell(nil, look), count: width - 1)
    }
  }
}
