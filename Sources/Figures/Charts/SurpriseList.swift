/// The most surprising tokens of a text, and what was expected instead.
struct SurpriseList {
  /// The columns, left to right.
  private enum Column: Equatable {
    case position, before, token, nats, bits, probability, rank, expected, expectedProbability
  }

  private let figure: Surprise
  private let style: Style
  private let width: Double
  private let top: [Int]
  private var columns: [Column] = [
    .position, .before, .token, .nats, .bits, .probability, .rank, .expected, .expectedProbability,
  ]
  /// The room of every column, and the distance between two.
  private var rooms: [Double] = []
  private var gap = leastGap

  private static let pitch = 17.0
  private static let leastGap = 10.0
  /// The room for the numbered dot.
  private static let dot = 11.0
  private static let longest = 84.0

  init(_ figure: Surprise, width: Double, in style: Style) {
    self.figure = figure
    self.style = style
    self.width = width
    top = figure.top
    for column in [
      Column.before, .bits, .position, .probability, .rank, .expectedProbability, .nats,
    ] where width - taken(most: 40) < (columns.contains(.before) ? 60 : 0) {
      columns.removeAll { $0 == column }
    }
    rooms = columns.map { $0 == .before ? max(width - taken(), 0) : natural($0) }
    if columns.contains(.before) || columns.count < 2 {
      gap = Self.leastGap
    } else {
      gap = Self.leastGap + min(max((width - taken()) / Double(columns.count - 1), 0), 14)
    }
    squeeze()
  }

  /// What was left out.
  var declarations: [String] {
    let names: [(Column, String)] = [
      (.bits, "bits"), (.probability, "p"), (.rank, "rank"),
      (.expectedProbability, "the probability of the expected token"),
    ]
    let missing = names.filter { !columns.contains($0.0) }.map(\.1)
    return top.isEmpty || missing.isEmpty
      ? [] : ["No room in the list for: \(missing.joined(separator: ", "))."]
  }

  func place(on page: inout Page, _ shortenings: inout Shortenings) {
    guard !top.isEmpty else { return }
    page.y += 15
    let ink = style.theme.ink
    var marks: [Mark] = [
      .text(
        Text("Most surprising", font: .heading, color: ink, at: Point(page.left, page.y)))
    ]
    page.y += 12
    for (column, start) in zip(columns.indices, starts) {
      marks += heading(columns[column], start, rooms[column], page)
    }
    page.add("list-head", marks)
    page.y += 5
    for (row, index) in top.enumerated() {
      page.add("list-\(row + 1)", line(index, number: row + 1, page, &shortenings))
      page.y += Self.pitch
      if row < top.count - 1 { page.rule() }
    }
    page.y += 5
  }

  // MARK: Rooms

  /// The left edges of the columns.
  private var starts: [Double] {
    var x = Self.dot
    return zip(columns, rooms).map { column, room in
      defer { x += room + (column == .before ? 3 : gap) }
      return x
    }
  }

  /// What all columns but the context need, with columns of tokens no wider than `most` or their
  /// headings.
  private func taken(most: Double = longest) -> Double {
    let rooms = columns.filter { $0 != .before }.map { column in
      column == .token || column == .expected
        ? min(natural(column), max(most, headingBox(column).width)) : natural(column)
    }
    return Self.dot + rooms.reduce(0) { $0 + $1 + Self.leastGap }
      - (columns.contains(.before) ? Self.leastGap - 3 : Self.leastGap)
  }

  private func natural(_ column: Column) -> Double {
    let head = headingBox(column).width
    let cells = top.map { index -> Double in
      switch column {
      case .token, .expected: min(chip(column, index, limit: .infinity).width, Self.longest)
      default: style.measure(number(column, index), .body).width
      }
    }
    return max(head, cells.max() ?? 0)
  }

  /// Gives the columns of tokens less where they are too wide for the page, the wider one first.
  private mutating func squeeze() {
    guard let came = columns.firstIndex(of: .token),
      let expected = columns.firstIndex(of: .expected)
    else { return }
    let excess = taken() - width
    guard excess > 0 else { return }
    let total = rooms[came] + rooms[expected] - excess
    let fair = rooms[came] <= total / 2 ? rooms[came] : max(total - rooms[expected], total / 2)
    let least = (headingBox(.token).width, headingBox(.expected).width)
    rooms[came] = min(max(fair, least.0), total - least.1)
    rooms[expected] = total - rooms[came]
  }

  // MARK: Cells

  private func headingBox(_ column: Column) -> Box {
    let words: [Inline] =
      switch column {
      case .position: ["at"]
      case .before: ["after"]
      case .token: ["came"]
      case .nats: ["nats"]
      case .bits: ["bits"]
      case .probability: [.formula(.variable("p"))]
      case .rank: ["rank"]
      case .expected: ["expected"]
      case .expectedProbability: [.formula(.variable("p"))]
      }
    let text = TextStyle(font: .note, color: style.theme.secondary)
    return RichText(words, text, width: 1000, measure: style.measure).lines.first ?? .space(0)
  }

  private func heading(
    _ column: Column, _ start: Double, _ room: Double, _ page: Page
  ) -> [Mark] {
    let box = headingBox(column)
    let x = page.left + start
    let isLeft = column == .token || column == .expected
    return box.marks(at: Point(isLeft ? x : x + room - box.width, page.y))
  }

  private func number(_ column: Column, _ index: Int) -> String {
    guard let prediction = figure.positions[index].prediction else { return "" }
    return switch column {
    case .position: NumberFormat.count(index)
    case .nats: NumberFormat.nats(prediction.surprise)
    case .bits: NumberFormat.nats(Surprise.bits(prediction.surprise))
    case .probability:
      NumberFormat.probability(prediction.probability, isExact: prediction.surprise == .infinity)
    case .rank: NumberFormat.count(prediction.rank)
    case .expectedProbability:
      NumberFormat.probability(prediction.expected.probability, isExact: false)
    case .before, .token, .expected: ""
    }
  }

  private func chip(_ column: Column, _ index: Int, limit: Double) -> TokenChip {
    let position = figure.positions[index]
    let token = column == .token ? position.token : position.prediction?.expected.token
    return TokenChip(
      token ?? position.token, column == .token ? .marked : .outlined, limit: limit, in: style)
  }

  private func line(
    _ index: Int, number: Int, _ page: Page, _ shortenings: inout Shortenings
  ) -> [Mark] {
    let middle = page.y + Self.pitch / 2
    let baseline = middle + 0.364 * 7
    var marks = NumberedDot(number: number, theme: style.theme)
      .marks(at: Point(page.left + 4, middle))
    for ((column, room), start) in zip(zip(columns, rooms), starts) {
      let x = page.left + start
      switch column {
      case .token, .expected:
        let chip = chip(column, index, limit: room)
        let position = figure.positions[index]
        let token = column == .token ? position.token : position.prediction?.expected.token
        if let token { shortenings.add(chip.shown, for: token.text) }
        marks += chip.marks(at: Point(x, middle - chip.height / 2))
      default:
        let words = column == .before ? context(index, room) : self.number(column, index)
        guard !words.isEmpty else { continue }
        let isQuiet = column == .before || column == .position
        marks.append(
          .text(
            Text(
              words, font: .body, color: isQuiet ? style.theme.secondary : style.theme.ink,
              at: Point(x + room, baseline), alignment: .end)))
      }
    }
    return marks
  }

  /// The end of the text before a token, as many whole tokens as have room.
  private func context(_ index: Int, _ room: Double) -> String {
    var words = ""
    for place in (0..<index).reversed() {
      let longer = figure.positions[place].token.text + words
      let shown = place > 0 ? "…" + longer : longer
      guard style.measure(shown, .body).width <= room else {
        return words.isEmpty ? "" : "…" + words
      }
      words = longer
    }
    return words
  }
}
