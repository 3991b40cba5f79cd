/// The heads whose switching off does most: a bar each on one scale, in columns.
struct EvidenceHeads {
  private let figure: Evidence
  private let style: Style
  private let width: Double
  private let columns: Int

  private static let pitch = 10.5
  private static let gap = 18.0
  private static let least = 84.0

  init(_ figure: Evidence, width: Double, in style: Style) {
    self.figure = figure
    self.style = style
    self.width = width
    let fitting = Int((width + Self.gap) / (Self.least + Self.gap))
    columns = max(1, min(fitting, 4, (figure.heads.count + 1) / 2))
  }

  func place(on page: inout Page) {
    guard !figure.heads.isEmpty else { return }
    page.y += 14
    let text = TextStyle(font: .heading, color: style.theme.ink)
    let lines = RichText(
      [.text(figure.headsName)], text, width: width, measure: style.measure
    ).lines
    page.add(
      "heads-name",
      lines.enumerated().flatMap { index, line in
        line.marks(at: Point(page.left, page.y + 9 * Double(index)))
      })
    page.y += 9 * Double(lines.count - 1) + 5
    let rows = (figure.heads.count + columns - 1) / columns
    let cell = (width + Self.gap) / Double(columns) - Self.gap
    let names = figure.heads.map { style.measure($0.name, .note).width }.max() ?? 0
    let numbers =
      figure.heads.map { style.measure(Evidence.nats($0.effect), .note).width }.max() ?? 0
    let bars = SignedBars(
      figure.heads.map(\.effect), room: max(cell - names - numbers - 9, 4))
    for (index, head) in figure.heads.enumerated() {
      let corner = Point(
        page.left + Double(index / rows) * (cell + Self.gap),
        page.y + Self.pitch * Double(index % rows))
      page.add("head-\(head.name)", marks(head, bars, corner, start: names + 5, end: cell))
    }
    page.y += Self.pitch * Double(rows)
  }

  private func marks(
    _ head: Evidence.Head, _ bars: SignedBars, _ corner: Point, start: Double, end: Double
  ) -> [Mark] {
    let middle = corner.y + Self.pitch / 2
    let (baseline, zero) = (middle + 0.364 * 6, corner.x + start + bars.zero)
    let theme = style.theme
    var marks: [Mark] = [
      .text(Text(head.name, font: .note, color: theme.ink, at: Point(corner.x, baseline)))
    ]
    if let bar = bars.bar(head.effect) {
      let frame = Rectangle(
        x: corner.x + start + bar.start, y: middle - 2.4, width: bar.length, height: 4.8)
      marks.append(.rectangle(frame, fill: head.effect < 0 ? theme.warn : theme.accent))
    }
    marks.append(
      .line(
        [Point(zero, corner.y + 1), Point(zero, corner.y + Self.pitch - 1)],
        .init(theme.secondary, width: 0.4)))
    marks.append(
      .text(
        Text(
          Evidence.nats(head.effect), font: .note, color: theme.ink,
          at: Point(corner.x + end, baseline), alignment: .end)))
    return marks
  }
}
