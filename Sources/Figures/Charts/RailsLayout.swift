/// Where everything stands in lines between two rails of tokens.
struct RailsLayout {
  private struct Line {
    var head: Int
    var query: Int
    var key: Int
    var weight: Double
  }

  private let arcs: Arcs
  private let style: Style
  private let colors: HeadColors
  private let width: Double
  private let pitch: Double
  private let left: AxisLabels
  private let right: AxisLabels
  private let room: Double
  private let axes: (String, String)

  private static let widest = 3.2
  private static let least = 44.0

  init(_ arcs: Arcs, in style: Style) {
    self.arcs = arcs
    self.style = style
    colors = HeadColors(in: style.theme)
    let count = Double(arcs.tokens.count)
    pitch = min(max(.millimetres(160) / count, 7.2), 15)
    width = Page.fittedWidth(in: style) ?? .millimetres(100)
    let limit = min(84, 0.22 * width)
    left = AxisLabels(
      Axis("query", tokens: arcs.tokens), .rows, pitch: pitch, limit: limit, in: style)
    let keys = arcs.tokens.map(\.unfocused)
    right = AxisLabels(Axis("key", tokens: keys), .rows, pitch: pitch, limit: limit, in: style)
    let names = ("query: looks from", "key: looks at")
    let long = style.measure(names.0, .axis).width
    axes = 2 * max(left.extent, long) + Self.least <= width ? names : ("query", "key")
    room = max(left.extent, style.measure(axes.0, .axis).width)
  }

  private var theme: Theme { style.theme }

  func scene() -> Scene {
    var page = Page(arcs.caption, width: width, in: style)
    page.y += 12
    WidthKey(arcs.threshold, widest: Self.widest, hasOpacity: true, in: style)
      .place(on: &page)
    if arcs.heads.count > 1 {
      page.y += 11
      key.place(on: &page)
    }
    page.y += 17
    let rails = (page.left + room, page.right - room)
    page.add(
      "axes",
      [
        .text(
          Text(
            axes.0, font: .axis, color: theme.secondary,
            at: Point(rails.0, page.y), alignment: .end)),
        .text(
          Text(axes.1, font: .axis, color: theme.secondary, at: Point(rails.1, page.y))),
      ])
    page.y += 6
    let frame = Rectangle(
      x: rails.0, y: page.y, width: rails.1 - rails.0,
      height: pitch * Double(arcs.tokens.count))
    let lines = lines
    page.add("links", summary: "\(lines.count) links", lines.map { mark($0, frame) })
    page.add("queries", left.marks(beside: frame))
    page.add(
      "keys", right.marks(beside: frame).map { $0.mirrored(at: (frame.minX + frame.maxX) / 2) })
    page.y = frame.maxY + 10
    return page.scene(
      declaring: [arcs.coverage] + left.declarations
        + (left.thinning.map { ["Labels: \($0)."] } ?? []))
  }

  /// The heads' names in their colours.
  private var key: SampleKey {
    let items = arcs.heads.enumerated().map { index, head in
      SampleKey.Item(
        [.rectangle(Rectangle(x: 0, y: -3.8, width: 8, height: 3.4), fill: colors[index])],
        width: 8, head.name)
    }
    return SampleKey(items: items, style: style)
  }

  /// The links, the faintest first, so that strong ones lie on top.
  private var lines: [Line] {
    let n = arcs.tokens.count
    var lines: [Line] = []
    for (head, values) in arcs.heads.enumerated() {
      for (index, weight) in values.weights.enumerated() where arcs.isDrawn(weight) {
        guard arcs.focus == nil || index / n == arcs.focus else { continue }
        lines.append(Line(head: head, query: index / n, key: index % n, weight: weight))
      }
    }
    return lines.sorted { ($0.weight, $1.query, $1.key) < ($1.weight, $0.query, $0.key) }
  }

  private func mark(_ line: Line, _ frame: Rectangle) -> Mark {
    let shift = (Double(line.head) - Double(arcs.heads.count - 1) / 2) * 1.1
    func y(_ token: Int) -> Double { frame.minY + (Double(token) + 0.5) * pitch + shift }
    let (start, end) = (Point(frame.minX, y(line.query)), Point(frame.maxX, y(line.key)))
    let bend = frame.size.width * 0.38
    let color = colors[line.head].opacity(WidthKey.opacity(line.weight))
    return .path(
      Path(
        [
          .move(start),
          .curve(Point(start.x + bend, start.y), Point(end.x - bend, end.y), end),
        ], stroke: .init(color, width: max(Self.widest * line.weight, 0.3))))
  }
}

extension Mark {
  /// The mark on the other side of a vertical line: texts are set from the other end, not mirrored.
  fileprivate func mirrored(at axis: Double) -> Mark {
    func flip(_ point: Point) -> Point { Point(2 * axis - point.x, point.y) }
    switch self {
    case .path(var path):
      path.steps = path.steps.map { step in
        switch step {
        case .move(let point): .move(flip(point))
        case .line(let point): .line(flip(point))
        case .curve(let a, let b, let c): .curve(flip(a), flip(b), flip(c))
        case .close: .close
        }
      }
      return .path(path)
    case .text(var text):
      text.position = flip(text.position)
      text.alignment = text.alignment == .end ? .start : text.alignment == .start ? .end : .middle
      return .text(text)
    case .group(var group):
      group.marks = group.marks.map { $0.mirrored(at: axis - group.origin.x) }
      return .group(group)
    case .label(var label):
      label.marks = label.marks.map { $0.mirrored(at: axis) }
      return .label(label)
    case .image: return self
    }
  }
}
