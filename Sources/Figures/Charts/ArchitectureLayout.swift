/// Where everything in an architecture stands: towers on one foot, counts and formulas beside them.
struct ArchitectureLayout {
  private let figure: Architecture
  private let style: Style
  private let width: Double
  private let diagram: (marks: [Mark], size: Size)
  /// Whether counts and formulas stand beside the towers.
  private let isBeside: Bool

  /// The width of counts and formulas, and their distance from the towers.
  private static let (column, gap) = (158.0, 26.0)

  init(_ figure: Architecture, in style: Style) {
    self.figure = figure
    self.style = style
    diagram = Self.diagram(figure, in: style)
    let natural = diagram.size.width + Self.gap + Self.column
    let fitted = Page.fittedWidth(in: style)
    width = fitted ?? max(natural, Page.comfortableWidth(figure.caption, most: natural, in: style))
    isBeside = width >= natural - 0.01
  }

  private var theme: Theme { style.theme }

  func scene() -> Scene {
    var page = Page(figure.caption, width: width, in: style)
    page.y += 16
    let scale = min(page.width / diagram.size.width, 1)
    let place = Placement(scale: scale, move: Point(page.left, page.y))
    page.add("diagram", diagram.marks.map { $0.placed(place) })
    let bottom = page.y + diagram.size.height * scale
    if isBeside {
      let left = page.right - Self.column
      page.y += 7
      column(on: &page, left: left, width: Self.column)
      page.y = max(page.y, bottom)
    } else {
      page.y = bottom + 14
      column(on: &page, left: page.left, width: min(page.width, 1.4 * Self.column))
    }
    page.y += 8
    return page.scene(declaring: [])
  }

  // MARK: Counts and formulas

  private func column(on page: inout Page, left: Double, width: Double) {
    var marks: [Mark] = []
    var y = page.y
    func text(_ string: String, _ font: Font, _ color: Color, _ end: Bool = false) {
      marks.append(
        .text(
          Text(
            string, font: font, color: color, at: Point(end ? left + width : left, y),
            alignment: end ? .end : .start)))
    }
    text("Parameters", .heading, theme.ink)
    y += 4
    let bold = Font(size: 6, weight: .semibold)
    for (index, count) in (figure.counts + [.init("all", figure.total)]).enumerated() {
      let isTotal = index == figure.counts.count
      if isTotal {
        marks.append(
          .line(
            [Point(left, y + 3.5), Point(left + width, y + 3.5)], .init(theme.ink, width: 0.5)))
        y += 3
      }
      y += 9
      let number = NumberFormat.count(count.count)
      let room = width - style.measure(number, bold).width - 6
      text(
        style.measure.shortened(count.name, .note, to: room), isTotal ? bold : .note,
        isTotal ? theme.ink : theme.secondary)
      text(number, isTotal ? bold : .note, theme.ink, true)
    }
    y += 20
    text("Inside each attention", .heading, theme.ink)
    let formula = TextStyle(font: Font(size: 8), color: theme.ink)
    for line in figure.formulas {
      let boxes = RichText(line, formula, width: width, measure: style.measure).lines
      for box in boxes {
        y += max(box.ascent, 6) + 6
        marks += box.marks(at: Point(left, y))
        y += max(box.descent, 1)
      }
    }
    y += 4
    let note = TextStyle(font: .note, color: theme.secondary)
    for remark in figure.remarks {
      y += 3
      for box in RichText([.text(remark)], note, width: width, measure: style.measure).lines {
        y += 8.2
        marks += box.marks(at: Point(left, y))
      }
    }
    page.add("parameters", marks)
    page.y = y + 4
  }

  // MARK: Towers

  /// The towers with the top left corner of all at the origin.
  private static func diagram(
    _ figure: Architecture, in style: Style
  ) -> (marks: [Mark], size: Size) {
    var (towers, left) = ([ArchitectureTower](), 0.0)
    var tops: [(x: Double, y: Double)] = []
    for (index, tower) in figure.towers.enumerated() {
      let isFirst = index == 0 && figure.towers.count == 2
      let width = tower.boxWidth(in: style)
      let beside = beside(tower, width, in: style)
      let reach = width / 2 + ArchitectureTower.frame
      let x = left + reach + (isFirst ? beside : 0)
      var made = ArchitectureTower(
        at: Point(x, 0), width: width, side: isFirst ? -1 : 1, in: style)
      made.begin(tower.input)
      for part in tower.parts { made.add(part) }
      tops.append((x, made.y))
      if let output = tower.output { made.end(output) }
      towers.append(made)
      left = x + reach + (isFirst ? 44 : beside)
    }
    var marks = towers.flatMap(\.marks)
    var top = towers.map(\.y).min() ?? 0
    if towers.count == 2 {
      let turn = tops[0].y - 16
      top = min(top, turn - 8)
      marks += crossing(figure, towers, tops, turn, in: style)
    }
    return (marks.map { $0.moved(x: 0, y: -top) }, Size(left, 2 - top))
  }

  /// The room for what stands beside frames, or is added beside the stem.
  private static func beside(
    _ tower: Architecture.Tower, _ width: Double, in style: Style
  ) -> Double {
    let frames = tower.besides.map { style.measure($0, .heading).width + 7 }.max() ?? 0
    let added =
      tower.parts.map { part -> Double in
        guard case .added(let name, _) = part else { return 0 }
        return style.measure(name, .note).width + 36 - width / 2 - ArchitectureTower.frame
      }.max() ?? 0
    return max(frames, added, 0)
  }

  /// What the encoder hands to every cross-attention.
  private static func crossing(
    _ figure: Architecture, _ towers: [ArchitectureTower], _ tops: [(x: Double, y: Double)],
    _ turn: Double, in style: Style
  ) -> [Mark] {
    let theme = style.theme
    let start = Point(tops[0].x, tops[0].y)
    var marks: [Mark] = []
    for entry in towers[1].entries {
      let gutter = entry.x - ArchitectureTower.frame - 24
      marks += [
        Connector([
          start, Point(start.x, turn), Point(gutter, turn), Point(gutter, entry.y), entry,
        ]).mark(theme.ink),
        .text(
          Text(
            "K, V", font: .note, color: theme.secondary,
            at: Point(entry.x - ArchitectureTower.frame - 4, entry.y - 3), alignment: .end)),
      ]
    }
    if let handed = figure.handed {
      marks.append(
        .text(
          Text(
            handed, font: .note, color: theme.secondary, at: Point(start.x + 6, turn - 4))))
    }
    return marks
  }
}
