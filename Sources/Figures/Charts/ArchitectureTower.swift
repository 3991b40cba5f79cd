/// One tower in the making: parts are set from the bottom up.
struct ArchitectureTower {
  private let theme: Theme
  private let style: Style
  private let x: Double
  private let width: Double
  /// −1 where lines past a sublayer and what stands beside frames are at the left, 1 at the right.
  private let side: Double
  /// How far up the tower reaches.
  private(set) var y: Double
  private(set) var marks: [Mark] = []
  /// Where keys and values of another tower enter.
  private(set) var entries: [Point] = []

  /// Between two halves; between a box and the line past it; between a box and its frame.
  static let (halves, past, frame) = (10.0, 9.0, 16.0)
  private static let (gap, short, branch) = (13.0, 9.0, 17.0)

  /// Begins a tower at its foot.
  init(at foot: Point, width: Double, side: Double, in style: Style) {
    (x, y, self.width, self.side, self.style) = (foot.x, foot.y, width, side, style)
    theme = style.theme
  }

  /// Sets the words at the foot.
  mutating func begin(_ input: (title: String, note: String)) {
    marks += words(input.title, input.note, title: y - 8)
    y -= 17
  }

  /// Sets the words at the top.
  mutating func end(_ output: (title: String, note: String)) {
    arrow(to: y - Self.gap)
    y -= 20
    marks += words(output.title, output.note, title: y - 4)
    y -= 13
  }

  private func words(_ title: String, _ note: String, title baseline: Double) -> [Mark] {
    [
      .text(
        Text(title, font: .heading, color: theme.ink, at: Point(x, baseline), alignment: .middle)),
      .text(
        Text(
          note, font: .note, color: theme.secondary, at: Point(x, baseline + 8.5),
          alignment: .middle)),
    ]
  }

  // MARK: Parts

  mutating func add(_ part: Architecture.Part) {
    switch part {
    case .box(let box): put(box, after: Self.gap)
    case .added(let name, let isWave): addSide(name, isWave: isWave)
    case .shape(let shape): label(shape)
    case .sublayer(let layer): add(layer)
    case .sideBySide(let shared, let left, let right): addHalves(shared, left, right)
    case .repeated(let parts, let times, let notes): addFrame(parts, times, notes)
    }
  }

  private mutating func put(_ box: DiagramBox, after gap: Double) {
    arrow(to: y - gap)
    y -= gap + box.height
    marks += box.marks(in: frame(box.height), theme)
  }

  private func frame(_ height: Double) -> Rectangle {
    Rectangle(x: x - width / 2, y: y, width: width, height: height)
  }

  private mutating func arrow(to end: Double) {
    marks.append(Connector([Point(x, y), Point(x, end)]).mark(theme.ink))
  }

  /// A shape beside the stem: it makes room for itself.
  private mutating func label(_ shape: String) {
    marks.append(
      Connector([Point(x, y), Point(x, y - 11)], hasHead: false).mark(theme.ink))
    marks.append(
      .text(
        Text(shape, font: .note, color: theme.secondary, at: Point(x + 6, y - 5))))
    y -= 11
  }

  private mutating func addSide(_ name: String, isWave: Bool) {
    let center = Point(x, y - Self.gap - 4.2)
    arrow(to: center.y + 4.2)
    let wave = Point(x + side * 26, center.y)
    let end = isWave ? wave.x - side * 5.2 : x + side * 16
    marks.append(
      Connector([Point(end, center.y), Point(x + side * 4.2, center.y)], hasHead: false)
        .mark(theme.ink))
    marks.append(.sum(at: center, in: theme))
    if isWave { marks.append(.wave(at: wave, in: theme)) }
    let start = isWave ? wave.x + side * 8.5 : end + side * 3
    marks.append(
      .text(
        Text(
          name, font: .note, color: theme.ink, at: Point(start, center.y + 2.2),
          alignment: side < 0 ? .end : .start)))
    y = center.y - 4.2
  }

  private mutating func add(_ layer: Architecture.Sublayer) {
    let start = y - 6
    if layer.looksLeft {
      marks.append(
        .text(
          Text(
            "Q", font: .note, color: theme.secondary, at: Point(x - 5, start - 3),
            alignment: .end)))
    }
    let boxes = [layer.before, layer.function, layer.inside].compactMap(\.self)
    for (index, box) in boxes.enumerated() {
      put(box, after: index == 0 ? Self.branch : Self.short)
      if layer.looksLeft, box == layer.function {
        entries.append(Point(x - width / 2, y + box.height / 2))
      }
    }
    if let after = layer.after {
      put(after, after: Self.short)
      past(from: start, to: Point(x + side * width / 2, y + after.height / 2))
    } else {
      sum(from: start)
    }
  }

  /// A sum on the stem, which the line past what stands under it enters.
  private mutating func sum(from start: Double) {
    let center = Point(x, y - Self.short - 4.2)
    arrow(to: center.y + 4.2)
    marks.append(.sum(at: center, in: theme))
    past(from: start, to: Point(x + side * 4.2, center.y))
    y = center.y - 4.2
  }

  /// The line past a sublayer.
  private mutating func past(from start: Double, to end: Point) {
    let outside = x + side * (width / 2 + Self.past)
    marks.append(
      Connector([
        Point(x, start), Point(outside, start), Point(outside, end.y), end,
      ]).mark(theme.secondary))
  }

  private mutating func addHalves(
    _ shared: DiagramBox?, _ left: [DiagramBox], _ right: [DiagramBox]
  ) {
    let start = y - 6
    if let shared { put(shared, after: Self.branch) } else { y -= 9 }
    if shared == nil {
      marks.append(
        Connector([Point(x, y + 9), Point(x, y)], hasHead: false).mark(theme.ink))
    }
    let half = (width - Self.halves) / 2
    let (fork, offset) = (y - 6, (half + Self.halves) / 2)
    let height = { (boxes: [DiagramBox]) in
      boxes.reduce(-Self.short) { $0 + $1.height + Self.short }
    }
    let foot = y - Self.branch
    let top = foot - max(height(left), height(right))
    let center = Point(x, top - 9)
    marks.append(Connector([Point(x, y), Point(x, fork)], hasHead: false).mark(theme.ink))
    for (boxes, sign) in [(left, -1.0), (right, 1.0)] {
      let middle = x + sign * offset
      marks.append(
        Connector([Point(x, fork), Point(middle, fork), Point(middle, foot)]).mark(theme.ink))
      var edge = foot
      for (index, box) in boxes.enumerated() {
        if index > 0 {
          marks.append(
            Connector([Point(middle, edge), Point(middle, edge - Self.short)]).mark(theme.ink))
          edge -= Self.short
        }
        edge -= box.height
        marks += box.marks(
          in: Rectangle(x: middle - half / 2, y: edge, width: half, height: box.height), theme)
      }
      let end = Point(x + sign * 4.2, center.y)
      marks.append(
        Connector([Point(middle, edge), Point(middle, center.y), end]).mark(theme.ink))
    }
    marks.append(.sum(at: center, in: theme))
    y = center.y - 4.2
    sum(from: start)
  }

  private mutating func addFrame(
    _ parts: [Architecture.Part], _ times: String, _ notes: [String]
  ) {
    marks.append(Connector([Point(x, y), Point(x, y - 5)], hasHead: false).mark(theme.ink))
    y -= 5
    let bottom = y
    let count = marks.count
    for part in parts { add(part) }
    marks.append(Connector([Point(x, y), Point(x, y - 8)], hasHead: false).mark(theme.ink))
    y -= 8
    let outline = Rectangle(
      x: x - width / 2 - Self.frame, y: y, width: width + 2 * Self.frame, height: bottom - y)
    let border = Mark.path(
      Path(
        Path.roundedRectangle(outline, radius: 5), stroke: .init(theme.frame, width: 0.8)))
    marks.insert(border, at: count)
    let middle = (y + bottom) / 2
    let edge = x + side * (width / 2 + Self.frame + 5)
    let lines = [(times, Font.heading)] + notes.map { ($0, Font.note) }
    let first = middle - 4 * Double(lines.count - 1) + 2.5
    for (index, line) in lines.enumerated() {
      marks.append(
        .text(
          Text(
            line.0, font: line.1, color: index == 0 ? theme.ink : theme.secondary,
            at: Point(edge, first + 8.5 * Double(index)), alignment: side < 0 ? .end : .start)))
    }
  }
}
