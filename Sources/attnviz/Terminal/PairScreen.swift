import Files
import TextDrawing
import Training

/// Two texts side by side, for a person who compares them.
struct PairScreen {
  /// The cells of a row.
  let columns: Int
  /// Whether headings are bold.
  let hasColor: Bool

  /// What a person may type.
  static let keys = "l left   r right   t tie   s skip   u undo   q quit"

  /// The lines of what is asked, at least 40 cells wide.
  func lines(_ asked: Comparison, number: Int, of count: Int) -> [String] {
    let width = max(columns, 40)
    let half = (width - 3) / 2
    let rule = String(repeating: "-", count: width)
    let (left, right) = (wrapped(asked.left, to: half), wrapped(asked.right, to: half))
    let body = (0..<max(left.count, right.count)).map { row in
      let first = row < left.count ? left[row] : ""
      return padded(first, to: half) + " | " + (row < right.count ? right[row] : "")
    }
    let heads = padded("left", to: half) + " | right"
    return ["pair \(number) of \(count)"] + Self.wrapped(asked.prompt.text, to: width)
      + [rule, hasColor ? "\u{1B}[1m\(heads)\u{1B}[0m" : heads] + body + [rule, Self.keys]
  }

  private func wrapped(_ side: Comparison.Side, to width: Int) -> [String] {
    Self.wrapped(side.text.text, to: width)
  }

  private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - TerminalWidth.of(text)))
  }

  /// A text in lines of at most so many cells, broken at spaces where there are some.
  static func wrapped(_ text: String, to width: Int) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
      var lines = [""]
      for word in String(line).visible.split(separator: " ") {
        for piece in pieces(word, to: width) {
          let last = lines[lines.count - 1]
          let joined = last.isEmpty ? piece : last + " " + piece
          if TerminalWidth.of(joined) <= width {
            lines[lines.count - 1] = joined
          } else {
            lines.append(piece)
          }
        }
      }
      return lines
    }
  }

  /// A word in pieces that fit into a line.
  private static func pieces(_ word: Substring, to width: Int) -> [String] {
    var (pieces, used) = ([""], 0)
    for character in word {
      let cells = TerminalWidth.of(character)
      if used + cells > width { (pieces, used) = (pieces + [""], 0) }
      pieces[pieces.count - 1].append(character)
      used += cells
    }
    return pieces
  }
}
