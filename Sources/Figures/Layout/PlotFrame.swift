/// From values to positions, evenly or by ratios.
package enum AxisScale: Equatable, Sendable {
  case linear(LinearScale)
  case log(LogScale)

  /// The position of a value.
  package func callAsFunction(_ value: Double) -> Double {
    switch self {
    case .linear(let scale): scale(value)
    case .log(let scale): scale(value)
    }
  }
}

/// A value on an axis with what is written beside it.
struct Tick: Equatable {
  var value: Double
  var label: String

  init(_ value: Double, _ label: String) {
    self.value = value
    self.label = label
  }

  /// Round values, all with the same number of decimals.
  static func round(_ values: [Double]) -> [Tick] {
    zip(values, NumberFormat.ticks(values)).map { Tick($0, $1) }
  }
}

/// The rectangle of a plot with its axes. Grid lines come before the data, axes after it.
///
/// Lines are thin and ticks stand outside; lengths in points. See docs/figures, "Axes".
struct PlotFrame {
  let frame: Rectangle
  let x: AxisScale
  let y: AxisScale
  let style: Style

  /// How far a number under the end of an axis reaches past it.
  static func overhang(_ label: String, in style: Style) -> Double {
    style.measure(label, .tick).width / 2
  }

  /// How far below the frame the words of the axis stand.
  static let tickBaseline = 9.5
  static let titleBaseline = 19.5
  /// The distance from the frame to the words at its sides.
  static let sideGap = 5.0

  /// A frame with scales that fill it; y runs up.
  init(_ frame: Rectangle, x: ClosedRange<Double>, y: ClosedRange<Double>, in style: Style) {
    self.init(
      frame, x: .linear(LinearScale(x, from: frame.minX, to: frame.maxX)),
      y: .linear(LinearScale(y, from: frame.maxY, to: frame.minY)), in: style)
  }

  init(_ frame: Rectangle, x: AxisScale, y: AxisScale, in style: Style) {
    self.frame = frame
    self.x = x
    self.y = y
    self.style = style
  }

  private var theme: Theme { style.theme }
  private var axis: Path.Stroke { .init(theme.secondary, width: 0.6) }

  /// Whether y runs by ratios.
  var isLogarithmic: Bool {
    if case .log = y { return true }
    return false
  }

  /// Where a pair of values stands.
  func point(_ x: Double, _ y: Double) -> Point { Point(self.x(x), self.y(y)) }

  // MARK: Before the data

  /// Thin lines across, none on the baseline.
  func gridlines(at values: [Double]) -> Mark {
    let steps = values.map { y($0) }.filter { $0 < frame.maxY - 0.5 }
      .flatMap { y -> [Path.Step] in
        [.move(Point(frame.minX, y)), .line(Point(frame.maxX, y))]
      }
    return .path(Path(steps, stroke: .init(theme.hairline, width: 0.35)))
  }

  /// A dashed line across, for a limit.
  func reference(y value: Double, _ color: Color? = nil) -> Mark {
    let y = y(value)
    return .line([Point(frame.minX, y), Point(frame.maxX, y)], dashed(color))
  }

  /// A dashed line from top to bottom, for a special value.
  func reference(x value: Double, _ color: Color? = nil) -> Mark {
    let x = x(value)
    return .line([Point(x, frame.minY), Point(x, frame.maxY)], dashed(color))
  }

  private func dashed(_ color: Color?) -> Path.Stroke {
    .init(color ?? theme.secondary, width: 0.6, dash: [1.5, 1.5])
  }

  // MARK: The data

  /// Marks cut off at the frame, half a line further at the sides and the bottom.
  func clipped(_ marks: [Mark]) -> Mark {
    let outline = Rectangle(
      x: frame.minX - 0.6, y: frame.minY - 0.6, width: frame.size.width + 1.2,
      height: frame.size.height + 1.2)
    return .group(Group(marks, clip: Path.rectangle(outline)))
  }

  // MARK: After the data

  /// The line at the bottom with outward ticks, numbers and a title.
  func bottomAxis(_ ticks: [Tick], title: [Inline] = [], from start: Double? = nil) -> [Mark] {
    var steps: [Path.Step] = [
      .move(Point(start ?? frame.minX, frame.maxY)), .line(Point(frame.maxX, frame.maxY)),
    ]
    var marks: [Mark] = []
    for tick in ticks {
      let x = x(tick.value)
      steps += [.move(Point(x, frame.maxY)), .line(Point(x, frame.maxY + 2.5))]
      marks.append(word(tick.label, at: Point(x, frame.maxY + Self.tickBaseline), .middle))
    }
    var all: [Mark] = [.path(Path(steps, stroke: axis))]
    if case .log(let scale) = x {
      let minor = scale.minor.filter { value in
        !ticks.contains { abs($0.value / value - 1) < 1e-6 }
      }.map { scale($0) }.flatMap { x -> [Path.Step] in
        [.move(Point(x, frame.maxY)), .line(Point(x, frame.maxY + 1.4))]
      }
      all.append(.path(Path(minor, stroke: .init(theme.secondary, width: 0.35))))
    }
    let middle = ((start ?? frame.minX) + frame.maxX) / 2
    return all + marks + self.title(title, at: Point(middle, frame.maxY + Self.titleBaseline))
  }

  /// Numbers at the left, each beside its grid line.
  func leftLabels(_ ticks: [Tick]) -> [Mark] {
    ticks.map { word($0.label, at: Point(frame.minX - Self.sideGap, y($0.value) + 2.3), .end) }
  }

  /// The line at the left with outward ticks and numbers.
  func leftAxis(_ ticks: [Tick]) -> [Mark] {
    side(at: frame.minX, outward: -2.5, ticks.map { y($0.value) }) + leftLabels(ticks)
  }

  /// The line at the right with outward ticks and numbers on a scale of its own.
  func rightAxis(_ ticks: [Tick], _ scale: AxisScale) -> [Mark] {
    let words = ticks.map { tick in
      word(tick.label, at: Point(frame.maxX + Self.sideGap, scale(tick.value) + 2.3), .start)
    }
    return side(at: frame.maxX, outward: 2.5, ticks.map { scale($0.value) }) + words
  }

  private func side(at x: Double, outward: Double, _ places: [Double]) -> [Mark] {
    let ticks = places.flatMap { y -> [Path.Step] in
      [.move(Point(x, y)), .line(Point(x + outward, y))]
    }
    let line: [Path.Step] = [.move(Point(x, frame.minY)), .line(Point(x, frame.maxY))]
    return [.path(Path(line + ticks, stroke: axis))]
  }

  private func word(_ label: String, at point: Point, _ alignment: Text.Alignment) -> Mark {
    .text(Text(label, font: .tick, color: theme.secondary, at: point, alignment: alignment))
  }

  /// The name of an axis in the middle of a point, 7 with formulas of 8.
  func title(_ words: [Inline], at middle: Point) -> [Mark] {
    guard !words.isEmpty else { return [] }
    let text = TextStyle(font: .body, color: theme.secondary)
    let line = RichText(words, text, width: 1000, measure: style.measure).lines.first
    guard let line else { return [] }
    let start = min(middle.x - line.width / 2, frame.maxX - line.width)
    return line.marks(at: Point(start, middle.y))
  }
}

/// Which values are written beside an axis.
extension PlotFrame {
  /// The ticks of the horizontal axis: the first of the choices whose labels keep 5 points between
  /// them; of the last one as many as have room.
  func fitting(_ choices: [[Tick]]) -> [Tick] {
    choices.first { thinned($0).count == $0.count } ?? choices.last.map(thinned) ?? []
  }

  private func thinned(_ ticks: [Tick]) -> [Tick] {
    var end = -Double.infinity
    return ticks.filter { tick in
      let half = style.measure(tick.label, .tick).width / 2
      guard x(tick.value) - half >= end else { return false }
      end = x(tick.value) + half + 5
      return true
    }
  }

  /// The ticks of a logarithmic temperature axis: 0.1, 0.2, 0.5, 1 …, else powers of ten.
  var temperatureTicks: [Tick] {
    guard case .log(let scale) = x else { return [] }
    let choices = [scale.oneTwoFive] + [1, 2, 3, 6].map { scale.decades(every: $0) }
    return fitting(choices.map { $0.map { Tick($0, NumberFormat.temperature($0)) } })
  }

  /// Round ticks of an even horizontal axis.
  func linearTicks(about count: Int) -> [Tick] {
    guard case .linear(let scale) = x else { return [] }
    let choices = stride(from: count, through: 1, by: -1).map { scale.ticks(about: $0) }
    return fitting(choices.map(Tick.round))
  }
}
