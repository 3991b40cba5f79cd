/// Bars from a line of 0 to both sides, the numbers beside them.
struct EvidenceBars {
  private let measure: Evidence.Measure
  private let rests: Set<Int>
  private let style: Style
  private let width: Double
  /// The room for bars.
  private let room: Double

  init(_ measure: Evidence.Measure, rests: Set<Int>, width: Double, in style: Style) {
    self.measure = measure
    self.rests = rests
    self.style = style
    self.width = width
    let numbers = measure.values.indices.map {
      style.measure(measure.words($0), Self.font(isBold: true)).width
    }
    room = max(width - (numbers.max() ?? 0) - 3, 4)
  }

  private static func font(isBold: Bool) -> Font {
    Font(size: 5.5, weight: isBold ? .semibold : .regular)
  }

  /// The column with its top left corner at a point.
  func marks(at corner: Point) -> [Mark] {
    let bars = SignedBars(measure.values, room: room)
    let count = Double(measure.values.count)
    let zero = corner.x + bars.zero
    var marks: [Mark] = []
    for (row, value) in measure.values.enumerated() {
      let y = corner.y + EvidenceLayout.pitch * Double(row)
      let middle = y + EvidenceLayout.pitch / 2
      if let bar = bars.bar(value) {
        let frame = Rectangle(
          x: corner.x + bar.start, y: middle - 2.4, width: bar.length, height: 4.8)
        marks.append(.rectangle(frame, fill: color(value, row)))
      }
      let isTop = row == measure.top
      marks.append(
        .text(
          Text(
            measure.words(row), font: Self.font(isBold: isTop),
            color: isTop ? style.theme.ink : style.theme.secondary,
            at: Point(corner.x + width, middle + 0.364 * 5.5), alignment: .end)))
    }
    let line = [
      Point(zero, corner.y), Point(zero, corner.y + EvidenceLayout.pitch * count),
    ]
    return marks + [.line(line, .init(style.theme.secondary, width: 0.4))]
  }

  private func color(_ value: Double, _ row: Int) -> Color {
    if rests.contains(row) { return style.theme.secondary }
    return value < 0 ? style.theme.warn : style.theme.accent
  }
}

/// Numbers as lengths on one scale that fills a room, 0 where it has to be.
struct SignedBars {
  /// Where 0 is, from the left.
  let zero: Double
  private let unit: Double

  init(_ values: [Double], room: Double) {
    let finite = values.filter(\.isFinite)
    let (low, high) = (min(finite.min() ?? 0, 0), max(finite.max() ?? 0, 0))
    unit = high - low > 0 ? room / (high - low) : 0
    zero = -low * unit
  }

  /// A bar; `nil` where it has no length.
  func bar(_ value: Double) -> (start: Double, length: Double)? {
    let length = value.magnitude * unit
    guard length.isFinite, length > 0 else { return nil }
    return (value < 0 ? zero - length : zero, length)
  }
}
