internal import Files

extension Explanation {
  /// The explanation as Markdown; figures are links to files in `folder`.
  public func markdown(figuresIn folder: String) -> String {
    var out = "# \(title.markdown)\n\n\(subtitle.markdown)\n"
    for section in sections {
      out += "\n## \(section.heading)\n"
      for block in section.blocks { out += "\n" + block.markdown(folder) }
    }
    return out
  }
}

extension Explanation.Block {
  fileprivate func markdown(_ folder: String) -> String {
    switch self {
    case .paragraph(let sentences):
      let words = sentences.map { $0.pieces.map(\.markdown).joined() }.joined(separator: " ")
      return words + "\n" + sources(sentences.flatMap(\.quotes))
    case .table(let header, let rows):
      let lines =
        [header.map(\.markdown.withSubscripts), header.map { _ in "---" }]
        + rows.map { $0.map { $0.map(\.bare.markdown).joined() } }
      return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    case .figure(let drawn):
      return
        "![\(drawn.caption.markdown)](\(folder)/\(drawn.name).svg)\n\n\(drawn.caption.markdown)\n"
    }
  }

  /// Where the numbers of a paragraph are in the trace.
  private func sources(_ quotes: [Quote]) -> String {
    guard !quotes.isEmpty else { return "" }
    let lines = quotes.map { "- `\($0)` = \(Float($0.value))" }
    return "\n<details><summary>Where these numbers are in the trace</summary>\n\n"
      + lines.joined(separator: "\n") + "\n\n</details>\n"
  }
}

extension Explanation.Piece {
  fileprivate var markdown: String {
    if case .words(let words) = self { return words.markdown.withSubscripts }
    return text.markdown
  }
}

extension String {
  /// The text with everything that Markdown or HTML would read as markup escaped.
  fileprivate var markdown: String {
    var out = ""
    for character in visible {
      switch character {
      case "\\", "`", "*", "_", "[", "]", "#", "|", "~", "!": out += "\\\(character)"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "&": out += "&amp;"
      default: out.append(character)
      }
    }
    return out
  }
}
