/// Where the columns of a ribbon stand.
///
/// In a wide ribbon the bar stands beside the words, in a narrow one under them; columns that have
/// no room even then are left out and named.
struct RibbonColumns {
  /// The columns of numbers.
  enum Number: Equatable {
    case rank, probability, temperature, sampled, entropy
  }

  /// Whether every bar stands under its line.
  private(set) var isStacked = false
  /// Whether the token read has a column.
  private(set) var hasRead = true
  /// The columns of numbers left out.
  private(set) var missing: [Number] = []
  /// The right edge of the row numbers, from the left margin.
  let row: Double
  /// The left edge of the tokens read and their longest width.
  private(set) var read = (x: 0.0, width: 0.0)
  /// The left end of the arrows.
  private(set) var arrow = 0.0
  /// The left edge of the chips and their longest width.
  private(set) var written = (x: 0.0, width: 0.0)
  /// The right edges of the numbers.
  private(set) var numbers: [(column: Number, end: Double)] = []
  /// The left and right end of the bars.
  private(set) var bar = (start: 0.0, end: 0.0)

  private let ribbon: Ribbon
  private let style: Style
  private let width: Double
  /// The decimals of all temperatures.
  private let decimals: Int?

  /// The shortest bar beside the words, and the narrowest column of chips.
  private static let leastBar = 150.0
  private static let leastChips = 34.0

  init(_ ribbon: Ribbon, width: Double, in style: Style) {
    self.ribbon = ribbon
    self.style = style
    self.width = width
    decimals = NumberFormat.decimals(ofTemperatures: ribbon.steps.compactMap(\.temperature))
    let last = ribbon.steps.map { String($0.row) } + ["row"]
    row = max(last.map { style.measure($0, .body).width }.max() ?? 0, 11)
    setBeside(most: 78, 94)
    if bar.end - bar.start < Self.leastBar { setBeside(most: 48, 56) }
    if bar.end - bar.start < Self.leastBar { setUnder() }
  }

  /// What stands in a column of numbers.
  func string(_ column: Number, _ step: Ribbon.Step) -> String? {
    switch column {
    case .rank: NumberFormat.count(step.rank)
    case .probability: NumberFormat.probability(step.probability, isExact: false)
    case .temperature: step.temperature.map { NumberFormat.temperature($0, decimals: decimals) }
    case .sampled:
      step.sampledProbability.map {
        NumberFormat.probability($0, isExact: $0 == 1 && step.isCertain)
      }
    case .entropy: NumberFormat.nats(step.entropy)
    }
  }

  /// The heading of a column of numbers.
  func heading(_ column: Number) -> [Inline] {
    switch column {
    case .rank: ["rank"]
    case .probability: [.formula(.variable("p"))]
    case .temperature: [.formula(.variable("τ"))]
    case .sampled: [.formula(.sub(.variable("p"), .variable("τ")))]
    case .entropy: ["entropy"]
    }
  }

  private var present: [Number] {
    let hasTemperature = ribbon.steps.contains { $0.temperature != nil }
    let hasSampled = ribbon.steps.contains { $0.sampledProbability != nil }
    return [.rank, .probability] + (hasTemperature ? [.temperature] : [])
      + (hasSampled ? [.sampled] : []) + [.entropy]
  }

  private func room(_ column: Number) -> Double {
    let words = ribbon.steps.compactMap { string(column, $0) }.map {
      style.measure($0, .body).width
    }
    let text = TextStyle(font: .note, color: style.theme.secondary)
    let heading = RichText(heading(column), text, width: 1000, measure: style.measure).lines
    return max(words.max() ?? 0, heading.map(\.width).max() ?? 0)
  }

  private var widestRead: Double {
    ribbon.steps.map { style.measure($0.read.text, .body).width }.max() ?? 0
  }

  private var widestChip: Double {
    ribbon.steps.map { TokenChip.width($0.written, .filled, in: style) + ($0.isEnd ? 6 : 0) }.max()
      ?? 0
  }

  /// Bars beside the words, which keep the widths of the longest ones up to limits.
  private mutating func setBeside(most reads: Double, _ chips: Double) {
    read = (row + 13, min(max(widestRead, 40), reads))
    arrow = read.x + read.width + 6
    written = (arrow + 16, min(max(widestChip, 54), chips))
    numbers = []
    var x = written.x + written.width
    for column in present.dropLast() {
      x += 8 + max(room(column), 18)
      numbers.append((column, x))
    }
    numbers.append((.entropy, width))
    bar = (x + 12, width - max(36, room(.entropy) + 10))
  }

  /// Bars under the words: everything that has room, first without the token read, which is the one
  /// written above, then without entropy and rank.
  private mutating func setUnder() {
    isStacked = true
    var columns = present
    func left() -> Double { width - row - 8 - columns.reduce(0) { $0 + 7 + room($1) } }
    hasRead = left() >= 22 + 2 * Self.leastChips
    for column in [Number.entropy, .temperature, .sampled, .rank]
    where left() < Self.leastChips && columns.contains(column) {
      columns.removeAll { $0 == column }
      missing.append(column)
    }
    let free = max(left() - (hasRead ? 22 : 0), 12)
    let reads = hasRead ? min(widestRead, max(0.45 * free, free - widestChip)) : 0
    read = (row + 8, reads)
    arrow = read.x + reads + 5
    written = (hasRead ? arrow + 17 : read.x, free - reads)
    numbers = []
    var x = width
    for column in columns.reversed() {
      numbers.insert((column, x), at: 0)
      x -= room(column) + 7
    }
    bar = (hasRead || row + 60 < width ? read.x : 0, width)
  }
}

extension Ribbon.Step {
  /// Whether the choice was no chance: greedy decoding gives its token exactly 1.
  fileprivate var isCertain: Bool { temperature == 0 }
}
