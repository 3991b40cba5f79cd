/// The labels of a matrix's rows (on its left) or columns (above it), with chips and brackets.
///
/// Labels that do not fit are thinned, labels that are too long are shortened; both is declared.
struct AxisLabels {
  enum Side { case rows, columns }

  /// One label: how far it reaches from the grid's edge, and what it says.
  private struct Entry {
    var index: Int
    var token: TokenLabel
    var text: String
    var font: Font
    var width: Double
    var secondaryWidth: Double
    /// Set upright above a column instead of rotated.
    var isUpright: Bool
  }

  private let side: Side
  private let pitch: Double
  private let step: Int
  private let size: Double
  private let isNumbers: Bool
  private let entries: [Entry]
  private let theme: Theme

  /// How much room the labels need beside the grid, the distance included.
  let extent: Double
  /// What was left out, in sentences.
  let declarations: [String]

  /// The distance from the grid to the labels.
  private static let distance = 3.5

  /// Chooses size and step so that neighbours never touch.
  ///
  /// - Parameters:
  ///   - pitch: The distance between rows or columns.
  ///   - limit: The longest label that is not shortened.
  init(_ axis: Axis, _ side: Side, pitch: Double, limit: Double, in style: Style) {
    self.side = side
    self.pitch = pitch
    theme = style.theme
    let tokens: [TokenLabel]
    switch axis.labels {
    case .tokens(let labels):
      (tokens, isNumbers) = (labels, false)
      size = pitch >= 8.2 ? 7 : 6
      step = Self.step(room: 6.4, pitch: pitch)
    case .numbers(let count):
      tokens = (0..<count).map { TokenLabel(String($0 * axis.stride), kind: .special) }
      isNumbers = true
      size = 6
      let widest = style.measure(String(max(count - 1, 0) * axis.stride), .note).width
      step = Self.powerOfTwo(room: side == .columns ? widest + 3 : 6.4, pitch: pitch)
    }
    let (room, size) = (pitch * Double(step), size)
    let indices = Self.chosen(tokens, step: step, apart: Int((9.6 / pitch).rounded(.up)))
    let (isColumns, isNumbers) = (side == .columns, isNumbers)
    let end = pitch * Double(tokens.count)
    let all = indices.map { index in
      let token = tokens[index]
      let font = Font(size: size, weight: token.isFocused ? .semibold : .regular)
      let text = style.measure.shortened(token.text, font, to: limit)
      let width = style.measure(text, font).width
      let isShort = isNumbers || token.text.count == 1 && width <= room - 0.6
      let secondary = token.secondary.map { style.measure($0, .note).width } ?? 0
      return Entry(
        index: index, token: token, text: text, font: font, width: width,
        secondaryWidth: secondary, isUpright: isColumns && isShort)
    }
    entries = all.filter { entry in
      let reach = (Double(entry.index) + 0.5) * pitch + Self.half(entry)
      return !isColumns || entry.token.isFocused || reach <= end + 0.5
    }
    let brackets = step == 1 ? Self.words(tokens) : []
    let reaches = entries.map { Self.reach($0) }
    let bracketReach = brackets.map { (reaches[$0].max() ?? 0) + 4 }.max() ?? 0
    extent = max(reaches.max() ?? 0, bracketReach)
    declarations = Self.shortenings(entries)
  }

  /// "every 4th token", when labels are thinned; `nil` for numbers, which say so themselves.
  var thinning: String? {
    step > 1 && !isNumbers ? "every \(Self.ordinal(step)) token" : nil
  }

  /// The labels beside a grid.
  func marks(beside grid: Rectangle) -> [Mark] {
    let labels = entries.flatMap { entry in
      side == .rows
        ? row(entry, grid) : entry.isUpright ? upright(entry, grid) : rotated(entry, grid)
    }
    guard step == 1 else { return labels + (isNumbers ? [] : ticks(grid)) }
    return labels + Self.words(entries.map(\.token)).map { bracket($0, grid) }
  }

  /// Where a column's label stands: over the middle, or so that it ends with the grid.
  private func place(_ entry: Entry, _ grid: Rectangle) -> Double {
    min(center(entry.index, grid), max(grid.maxX - Self.half(entry) + 0.2, grid.minX))
  }

  /// How far a column's label reaches to the right of its middle.
  private static func half(_ entry: Entry) -> Double {
    entry.isUpright ? entry.width / 2 : 0.57 * entry.font.size
  }

  /// The middle of a row or column.
  private func center(_ index: Int, _ grid: Rectangle) -> Double {
    (side == .rows ? grid.minY : grid.minX) + (Double(index) + 0.5) * pitch
  }

  private func row(_ entry: Entry, _ grid: Rectangle) -> [Mark] {
    let (y, baseline) = (center(entry.index, grid), center(entry.index, grid) + 0.32 * size)
    var (end, marks) = (grid.minX - Self.distance, [Mark]())
    if let secondary = entry.token.secondary {
      marks.append(
        .text(
          Text(
            secondary, font: .note, color: theme.secondary, at: Point(end, y + 0.32 * 6),
            alignment: .end)))
      end -= entry.secondaryWidth + 3.2
    }
    if entry.token.kind == .punctuation {
      let chip = Self.chipLength(entry)
      marks.append(
        .plate(
          Rectangle(x: end - chip, y: y - chipHeight / 2, width: chip, height: chipHeight),
          radius: 1.2, fill: theme.plate))
      end -= (chip - entry.width) / 2
    }
    return marks + [text(entry, at: Point(end, baseline), .end, rotation: 0)]
  }

  private func upright(_ entry: Entry, _ grid: Rectangle) -> [Mark] {
    let x = place(entry, grid)
    let baseline = grid.minY - Self.distance - 0.7
    var marks: [Mark] = []
    if entry.token.kind == .punctuation {
      let width = min(max(6, entry.width + 3), pitch * Double(step) - 0.6)
      let frame = Rectangle(x: x - width / 2, y: grid.minY - 11, width: width, height: 9)
      marks.append(.plate(frame, radius: 1.2, fill: theme.plate))
    }
    if let secondary = entry.token.secondary {
      let start = Point(x + 0.32 * 6, grid.minY - Self.uprightReach - 3)
      marks.append(
        .text(Text(secondary, font: .note, color: theme.secondary, at: start, rotation: -90)))
    }
    return marks + [text(entry, at: Point(x, baseline), .middle, rotation: 0)]
  }

  private func rotated(_ entry: Entry, _ grid: Rectangle) -> [Mark] {
    let x = place(entry, grid)
    var (start, marks) = (grid.minY - Self.distance, [Mark]())
    if entry.token.kind == .punctuation {
      let chip = Self.chipLength(entry)
      let frame = Rectangle(
        x: x - chipHeight / 2, y: start - chip, width: chipHeight, height: chip)
      marks.append(.plate(frame, radius: 1.2, fill: theme.plate))
      start -= (chip - entry.width) / 2
    }
    marks.append(text(entry, at: Point(x + 0.32 * size, start), .start, rotation: -90))
    if let secondary = entry.token.secondary {
      let place = Point(x + 0.32 * 6, start - entry.width - 3.2)
      marks.append(
        .text(Text(secondary, font: .note, color: theme.secondary, at: place, rotation: -90)))
    }
    return marks
  }

  private func text(
    _ entry: Entry, at point: Point, _ alignment: Text.Alignment, rotation: Double
  ) -> Mark {
    .text(
      Text(
        entry.text, font: entry.font, color: theme.color(of: entry.token), at: point,
        alignment: alignment, rotation: rotation))
  }

  /// A line around the pieces of one word, with feet towards them.
  private func bracket(_ word: Range<Int>, _ grid: Rectangle) -> Mark {
    let far = (entries[word].map { Self.reach($0) }.max() ?? 0) + 3.5
    let half = min(5.3, 0.42 * pitch)
    let (first, last) = (
      center(word.lowerBound, grid) - half, center(word.upperBound - 1, grid) + half
    )
    let stroke = Path.Stroke(theme.secondary, width: 0.5)
    if side == .rows {
      let x = grid.minX - far
      return .line(
        [Point(x + 2, first), Point(x, first), Point(x, last), Point(x + 2, last)], stroke)
    }
    let y = grid.minY - far
    return .line(
      [Point(first, y + 2), Point(first, y), Point(last, y), Point(last, y + 2)], stroke)
  }

  /// Short lines from thinned labels to their rows or columns, as one path.
  private func ticks(_ grid: Rectangle) -> [Mark] {
    let steps: [Path.Step] = entries.flatMap { entry -> [Path.Step] in
      let at = center(entry.index, grid)
      return side == .rows
        ? [.move(Point(grid.minX - 2.6, at)), .line(Point(grid.minX - 0.8, at))]
        : [.move(Point(at, grid.minY - 2.6)), .line(Point(at, grid.minY - 0.8))]
    }
    return [.path(Path(steps, stroke: .init(theme.secondary, width: 0.35)))]
  }

  private var chipHeight: Double { min(9, pitch * Double(step) - 0.8) }

  private static let uprightReach = distance + 0.7 + 5.6

  private static func chipLength(_ entry: Entry) -> Double { max(6, entry.width + 3) }

  private static func reach(_ entry: Entry) -> Double {
    let isChip = entry.token.kind == .punctuation
    let secondary = entry.token.secondary == nil ? 0 : entry.secondaryWidth + 3.2
    if entry.isUpright { return (isChip ? 11 : uprightReach) + secondary }
    return distance + (isChip ? chipLength(entry) : entry.width) + secondary
  }
}

/// Which labels are shown.
extension AxisLabels {
  /// The smallest pleasant step whose labels have room.
  private static func step(room: Double, pitch: Double) -> Int {
    let least = Int((room / pitch - 1e-9).rounded(.up))
    guard least > 6 else { return max(least, 1) }
    var unit = 1
    while unit * 10 < least { unit *= 10 }
    return [1, 2, 3, 4, 5, 8, 10].map { $0 * unit }.first { $0 >= least } ?? least
  }

  private static func powerOfTwo(room: Double, pitch: Double) -> Int {
    var step = 1
    while Double(step) * pitch < room { step *= 2 }
    return step
  }

  /// Every `step`-th index; a focused one replaces those within `apart` of it.
  private static func chosen(_ tokens: [TokenLabel], step: Int, apart: Int) -> [Int] {
    let regular = stride(from: 0, to: tokens.count, by: step)
    guard step > 1 else { return Array(regular) }
    let focused = tokens.indices.filter { tokens[$0].isFocused }.prefix(1)
    let others = regular.filter { index in !focused.contains { abs($0 - index) < apart } }
    return (others + focused).sorted()
  }

  /// The pieces of words: neighbours with one number, two or more.
  static func words(_ tokens: [TokenLabel]) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start = 0
    while start < tokens.count {
      var end = start + 1
      while end < tokens.count, let word = tokens[start].word, tokens[end].word == word { end += 1 }
      if end - start > 1 { words.append(start..<end) }
      start = end
    }
    return words
  }

  /// The full forms of shortened labels.
  private static func shortenings(_ entries: [Entry]) -> [String] {
    var shortenings = Shortenings()
    for entry in entries { shortenings.add(entry.text, for: entry.token.text) }
    return shortenings.sentences
  }

  static func ordinal(_ number: Int) -> String {
    let suffix =
      switch (number % 10, number % 100) {
      case (_, 11...13): "th"
      case (1, _): "st"
      case (2, _): "nd"
      case (3, _): "rd"
      default: "th"
      }
    return "\(number)\(suffix)"
  }
}
