/// Where everything in a figure of neighbours stands: a row a token, its entries before and after
/// side by side, or one list under the other where the page is narrow.
struct NeighboursLayout {
  private let figure: Neighbours
  private let style: Style
  private let width: Double
  /// Whether the lists stand side by side.
  private let isWide: Bool
  /// The room for the tokens of the text.
  private let tokens: Double
  /// How many entries of a list have room, and the room of one.
  private let columns: Int
  private let cell: Double

  private static let gap = 16.0
  private static let pitch = 21.0
  private static let least = 37.0
  private static let most = 54.0

  init(_ figure: Neighbours, in style: Style) {
    self.figure = figure
    self.style = style
    width = Page.fittedWidth(in: style) ?? .millimetres(171)
    isWide = width >= 330
    let widest = figure.rows.map { TokenChip.width($0.token, .outlined, in: style) }.max() ?? 0
    tokens = min(max(widest, 30), width * (isWide ? 0.16 : 0.24))
    let room = (width - tokens - Self.gap) / (isWide ? 2 : 1) - (isWide ? Self.gap / 2 : 0)
    let entries = figure.rows.reduce(1) { max($0, $1.before.count, $1.after.count) }
    columns = max(1, min(entries, Int(room / Self.least)))
    cell = min(room / Double(columns), Self.most)
  }

  func scene() -> Scene {
    var caption = figure.caption
    if caption.summary.isEmpty { caption.summary = figure.summary }
    var page = Page(caption, width: width, in: style)
    var shortenings = Shortenings()
    page.y += 8
    heads(on: &page)
    let top = page.y
    for (number, row) in figure.rows.enumerated() {
      page.rule()
      page.add("row-\(number)", marks(of: row, on: page, &shortenings))
      page.y += pitch
    }
    page.add("words", brackets(from: top, on: page))
    page.y += 4
    return page.scene(declaring: declarations + shortenings.sentences)
  }

  // MARK: Places

  /// The left edges of the two lists.
  private func lefts(_ page: Page) -> (before: Double, after: Double) {
    let first = page.left + tokens + Self.gap
    return (first, isWide ? first + cell * Double(columns) + Self.gap : first)
  }

  /// From one token to the next.
  private var pitch: Double { Self.pitch * (isWide ? 1 : 2) + 3 }

  /// Joins the pieces of one word.
  private func brackets(from top: Double, on page: Page) -> [Mark] {
    let rows = figure.rows
    let x = page.left + tokens + 6
    let stroke = Path.Stroke(style.theme.secondary, width: 0.6)
    return rows.indices.filter { index in
      rows[index].token.word != nil && (index == 0 || !isSameWord(index - 1, index))
    }.compactMap { first in
      let last = rows.indices.last { $0 >= first && isSameWord(first, $0) } ?? first
      guard last > first else { return nil }
      let ends = (top + Double(first) * pitch + 5, top + Double(last + 1) * pitch - 5)
      return .line(
        [Point(x - 2, ends.0), Point(x, ends.0), Point(x, ends.1), Point(x - 2, ends.1)], stroke)
    }
  }

  private func isSameWord(_ a: Int, _ b: Int) -> Bool {
    figure.rows[a].token.word == figure.rows[b].token.word
  }

  // MARK: Headings

  private func heads(on page: inout Page) {
    let (before, after) = lefts(page)
    let names =
      isWide
      ? [figure.beforeName, figure.afterName]
      : [
        "above: \(figure.beforeName); below: \(figure.afterName)"
      ]
    let room = isWide ? cell * Double(columns) : width
    let boxes = names.map { name in
      RichText(
        [.text(name)], TextStyle(font: .heading, color: style.theme.ink), width: room,
        measure: style.measure
      ).lines
    }
    let count = boxes.map(\.count).max() ?? 0
    var marks: [Mark] = []
    for (lines, left) in zip(boxes, isWide ? [before, after] : [page.left]) {
      for (index, line) in lines.enumerated() {
        let lift = 9 * Double(count - lines.count)
        marks += line.marks(at: Point(left, page.y + 7 + lift + 9 * Double(index)))
      }
    }
    page.add("heads", marks)
    page.y += 9 * Double(count) + 4
  }

  // MARK: Rows

  private func marks(
    of row: Neighbours.Row, on page: Page, _ shortenings: inout Shortenings
  ) -> [Mark] {
    let chip = TokenChip(row.token, .outlined, limit: tokens, in: style)
    shortenings.add(chip.shown, for: row.token.text)
    let height = Self.pitch * (isWide ? 1 : 2)
    let (before, after) = lefts(page)
    var marks = chip.marks(
      at: Point(page.left, page.y + 1.5 + (height - chip.height) / 2))
    let second = isWide ? page.y : page.y + Self.pitch
    marks += list(row.before, at: Point(before, page.y), &shortenings) { neighbour in
      neighbour.isOwn ? .own : .known
    }
    marks += list(row.after, at: Point(after, second), &shortenings) { neighbour in
      neighbour.isOwn ? .own : row.isNew(neighbour) ? .new : .known
    }
    return marks
  }

  /// What an entry is to the token.
  private enum Look { case own, known, new }

  private func list(
    _ entries: [Neighbours.Neighbour], at corner: Point, _ shortenings: inout Shortenings,
    _ look: (Neighbours.Neighbour) -> Look
  ) -> [Mark] {
    var marks: [Mark] = []
    for (index, entry) in entries.prefix(columns).enumerated() {
      let place = Point(corner.x + Double(index) * cell, corner.y)
      marks += self.entry(entry, look(entry), at: place, &shortenings)
    }
    return marks
  }

  /// A word over a bar as long as its cosine, and the number.
  private func entry(
    _ entry: Neighbours.Neighbour, _ look: Look, at corner: Point,
    _ shortenings: inout Shortenings
  ) -> [Mark] {
    let theme = style.theme
    let color =
      switch look {
      case .own: theme.secondary
      case .known: theme.ink
      case .new: theme.accent
      }
    let font = Font(size: 7, weight: look == .new ? .semibold : .regular)
    let room = cell - 5
    let shown = style.measure.shortened(entry.token.text, font, to: room)
    shortenings.add(shown, for: entry.token.text)
    let number = Neighbours.cosine(entry.cosine)
    let digits = style.measure("<−.99", .cell).width
    let track = Rectangle(x: corner.x, y: corner.y + 15.2, width: room - digits - 3, height: 2)
    let share = entry.cosine.isFinite ? min(max(entry.cosine, 0), 1) : 0
    var bar = track
    bar.size.width *= share
    var marks: [Mark] = [
      .text(Text(shown, font: font, color: color, at: Point(corner.x, corner.y + 11))),
      .rectangle(track, fill: theme.hairline),
    ]
    if share > 0 { marks.append(.rectangle(bar, fill: color)) }
    marks.append(
      .text(
        Text(
          number, font: .cell, color: theme.secondary,
          at: Point(corner.x + room, corner.y + 18.2), alignment: .end)))
    return marks
  }

  // MARK: The words at the foot

  private var declarations: [String] {
    var sentences = ["Bar and number: the cosine; a bar of full length is 1."]
    let hasNew = figure.rows.contains { row in row.after.prefix(columns).contains(where: row.isNew)
    }
    if hasNew { sentences.append("Bold blue: not among the entries before.") }
    let hasOwn = figure.rows.contains { row in
      (row.before.prefix(columns) + row.after.prefix(columns)).contains(where: \.isOwn)
    }
    if hasOwn { sentences.append("Grey: the token’s own entry.") }
    let entries = figure.rows.reduce(0) { max($0, $1.before.count, $1.after.count) }
    if entries > columns {
      sentences.append("\(columns) of \(entries) entries of a list have room.")
    }
    return sentences
  }
}
