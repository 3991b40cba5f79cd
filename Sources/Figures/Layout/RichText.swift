/// How a run of rich text looks.
package struct TextStyle {
  package var font: Font
  package var color: Color

  package init(font: Font, color: Color) {
    self.font = font
    self.color = color
  }

  /// The size of formulas in the line: an eighth larger, since STIX looks smaller than Inter.
  var formulaSize: Double { font.size * 8 / 7 }
}

/// Breaks rich text into lines by measured width.
package struct RichText {
  private enum Piece {
    case word(String)
    case formula(Box)
  }

  private struct Item {
    var piece: Piece
    var hasSpaceBefore: Bool

    /// Whether this only stands between two parts of a line, and never at its end.
    var isSeparator: Bool {
      if case .word("·") = piece { return true }
      return false
    }
  }

  private let items: [Item]
  private let style: TextStyle
  private let measure: TextMeasure
  private let width: Double

  /// Prepares text for lines no wider than `width`; longer words are broken.
  package init(_ inlines: [Inline], _ style: TextStyle, width: Double, measure: TextMeasure) {
    self.style = style
    self.measure = measure
    self.width = width
    var items: [Item] = []
    var isSpaced = false
    for inline in inlines {
      switch inline {
      case .formula(let formula):
        let layout = FormulaLayout(color: style.color, measure: measure)
        let box = layout.box(formula, size: style.formulaSize)
        items.append(Item(piece: .formula(box), hasSpaceBefore: isSpaced))
        isSpaced = false
      case .text(let text):
        for word in text.singleLine.joiningUnits.split(
          separator: " ", omittingEmptySubsequences: false)
        {
          for (index, part) in measure.broken(String(word), style.font, to: width).enumerated() {
            items.append(Item(piece: .word(part), hasSpaceBefore: isSpaced && index == 0))
          }
          isSpaced = true
        }
        isSpaced = text.hasSuffix(" ")
      }
    }
    self.items = items
  }

  /// The lines, each a box on its baseline.
  package var lines: [Box] { broken(to: width).map(line) }

  /// The lines of a paragraph whose last line is not a lonely word: narrowed by 4 points at a time,
  /// with the same number of lines, until the last one fills 35 % of the width.
  package var balancedLines: [Box] {
    let first = lines
    guard first.count > 1 else { return first }
    var (best, narrow) = (first, width)
    while let last = best.last, last.width < 0.35 * width, narrow > width / 2 {
      narrow -= 4
      let next = broken(to: narrow).map(line)
      guard next.count == first.count else { break }
      best = next
    }
    return best
  }

  private func broken(to width: Double) -> [[Item]] {
    var lines: [[Item]] = [[]]
    for item in items {
      let current = lines[lines.count - 1]
      if !current.isEmpty, line(current + [item]).width > width {
        let tail = item.isSeparator ? [] : tail(of: current, before: item, width)
        lines[lines.count - 1].removeLast(tail.count)
        lines.append(tail + (item.isSeparator ? [] : [item]))
      } else if !(current.isEmpty && item.isSeparator && lines.count > 1) {
        lines[lines.count - 1].append(item)
      }
    }
    return lines.map { line in line.last?.isSeparator == true ? line.dropLast() : line }
  }

  /// What follows the last separator of a full line, when it is less than half of it: it moves to
  /// the next line, so that lines end between parts.
  private func tail(of current: [Item], before item: Item, _ width: Double) -> [Item] {
    guard let separator = current.lastIndex(where: \.isSeparator) else { return [] }
    let tail = Array(current[(separator + 1)...])
    let isShort = line(tail).width < width / 2 && line(tail + [item]).width <= width
    return isShort ? tail : []
  }

  private func line(_ items: [Item]) -> Box {
    var boxes: [Box] = []
    var run = ""
    func flush() {
      if !run.isEmpty { boxes.append(textBox(run)) }
      run = ""
    }
    for (index, item) in items.enumerated() {
      let isSpaced = item.hasSpaceBefore && index > 0
      switch item.piece {
      case .word(let word):
        let followsFormula = run.isEmpty && !boxes.isEmpty
        if followsFormula && isSpaced { boxes.append(.space(0.55 * style.font.size)) }
        run += (isSpaced && !followsFormula ? " " : "") + word
      case .formula(let box):
        flush()
        if isSpaced { boxes.append(.space(0.55 * style.font.size)) }
        boxes.append(box)
      }
    }
    flush()
    return .row(boxes)
  }

  private func textBox(_ string: String) -> Box {
    let text = Text(string, font: style.font, color: style.color, at: Point(0, 0))
    return Box(
      width: measure(string, style.font).width, ascent: 0.75 * style.font.size,
      descent: 0.25 * style.font.size, marks: [.text(text)])
  }
}

extension String {
  /// The text with a number and its percent sign never parted.
  fileprivate var joiningUnits: String { replacing(" %", with: "\u{A0}%") }
}
