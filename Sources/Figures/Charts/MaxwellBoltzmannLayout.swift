/// Where everything in the picture of speeds stands.
struct MaxwellBoltzmannLayout {
  private let figure: MaxwellBoltzmann
  private let style: Style
  private let width: Double

  private static let samples = 500
  private static let height = 150.0

  init(_ figure: MaxwellBoltzmann, in style: Style) {
    self.figure = figure
    self.style = style
    width = Page.fittedWidth(in: style) ?? .millimetres(171)
  }

  func scene() -> Scene {
    var page = Page(figure.words, width: width, in: style)
    let formulas = formulas
    let isInside = width >= 400
    if !isInside { place(formulas, under: &page) }
    page.y += 20
    let title = RichText(
      [
        .text("density "),
        .formula(.row([.variable("f"), .word("("), .variable("v"), .word(")")])),
      ],
      TextStyle(font: .body, color: style.theme.secondary), width: width, measure: style.measure)
    page.add("axis-title", title.lines.flatMap { $0.marks(at: Point(page.left, page.y)) })
    let numbers = Tick.round(heights).map { style.measure($0.label, .tick).width }.max() ?? 0
    let gutter = max(numbers + PlotFrame.sideGap, 29)
    let last = LinearScale(0...(4 * most), from: 0, to: 1).ticks(about: 5)
    let overhang = Tick.round(last).map { PlotFrame.overhang($0.label, in: style) }.max() ?? 0
    let frame = Rectangle(
      x: page.left + gutter, y: page.y + 11, width: width - gutter - max(overhang, 7),
      height: Self.height)
    page.add(
      "curves", summary: "density of speeds", marks(in: frame, formulas: isInside ? formulas : []))
    page.y = frame.maxY + PlotFrame.titleBaseline + 9
    return page.scene(declaring: [])
  }

  // MARK: Formulas

  /// The density, and what its peak and its parameter are.
  private var formulas: [Box] {
    let layout = FormulaLayout(color: style.theme.ink, measure: style.measure)
    func line(_ words: String, _ formula: Formula) -> Box {
      let text = TextStyle(font: .note, color: style.theme.secondary)
      let words = RichText([.text(words)], text, width: 1000, measure: style.measure).lines
      return .row(words + [.space(5), layout.box(formula, size: 8.5)])
    }
    return [
      layout.box(MaxwellBoltzmann.formula, size: 11),
      line(
        "most probable speed",
        .row([.variable("v"), .sign("="), .variable("a"), .root(.word("2"))])),
      line(
        "width parameter",
        .row([
          .variable("a"), .sign("="), .root(.row([.variable("kT"), .word("/"), .variable("m")])),
        ])),
    ]
  }

  /// The formulas under each other at the left, for narrow pages.
  private func place(_ boxes: [Box], under page: inout Page) {
    var marks: [Mark] = []
    page.y += 4
    for box in boxes {
      page.y += max(box.ascent, 6) + 4
      marks += box.marks(at: Point(page.left, page.y))
      page.y += box.descent
    }
    page.add("formula", marks)
  }

  /// The formulas under each other, right-aligned in the corner of the frame.
  private func corner(_ boxes: [Box], _ frame: Rectangle) -> (marks: [Mark], area: Rectangle) {
    var (y, marks) = (frame.minY + 16, [Mark]())
    let right = frame.maxX - 4
    for (index, box) in boxes.enumerated() {
      y += index == 0 ? box.ascent : 0
      marks += box.marks(at: Point(right - box.width, y))
      y += box.descent + (index == 0 ? 17 : 15)
    }
    let wide = boxes.map(\.width).max() ?? 0
    let area = Rectangle(
      x: right - wide, y: frame.minY + 12, width: wide, height: y - frame.minY - 20)
    return (marks, area)
  }

  // MARK: Curves

  private var most: Double { figure.widths.last ?? 1 }
  private var least: Double { figure.widths.first ?? 1 }

  /// The top of the vertical axis, a little over the highest curve.
  private var top: Double {
    1.06 * MaxwellBoltzmann.density(MaxwellBoltzmann.mode(width: least), width: least)
  }

  private var heights: [Double] { LinearScale(0...top, from: 0, to: 1).ticks(about: 4) }

  private func color(_ index: Int) -> Color {
    let count = figure.widths.count
    let colors = TemperatureColor(in: style.theme)
    return colors.line(at: count > 1 ? Double(index) / Double(count - 1) : 0)
  }

  private func marks(in frame: Rectangle, formulas: [Box]) -> [Mark] {
    let plot = PlotFrame(frame, x: 0...(4 * most), y: 0...top, in: style)
    let heights = heights
    let curves = figure.widths.map { curve($0, plot) }
    let (formulaMarks, area) = corner(formulas, frame)
    var field = LabelField(in: frame, curves: curves)
    if !formulas.isEmpty { field.take(area) }
    var names = PlacedLabels(field, in: style.theme)
    // The hottest first: its low curve leaves its name the least room.
    for index in figure.widths.indices.reversed() { add(index, plot, to: &names) }
    var marks: [Mark] = [plot.gridlines(at: heights)]
    if !formulas.isEmpty { marks.append(.patch(area, in: style.theme)) }
    marks += names.patches + formulaMarks
    let filled = curves.indices.map { curves[$0].area(color($0), to: frame.maxY) }
    let lines = curves.indices.map { curves[$0].line(color($0)) }
    marks.append(plot.clipped(filled + drops(plot) + lines))
    marks += plot.leftLabels(Tick.round(heights))
    marks += plot.bottomAxis(
      plot.linearTicks(about: 5), title: ["speed ", .formula(.variable("v"))])
    return marks + dots(plot) + names.words
  }

  private func curve(_ a: Double, _ plot: PlotFrame) -> Curve {
    Curve(
      (0..<Self.samples).map { index in
        let speed = 4 * most * Double(index) / Double(Self.samples - 1)
        return plot.point(speed, MaxwellBoltzmann.density(speed, width: a))
      })
  }

  private func peak(_ a: Double, _ plot: PlotFrame) -> Point {
    let speed = MaxwellBoltzmann.mode(width: a)
    return plot.point(speed, MaxwellBoltzmann.density(speed, width: a))
  }

  private func drops(_ plot: PlotFrame) -> [Mark] {
    figure.widths.enumerated().map { index, a in
      let top = peak(a, plot)
      return .line(
        [top, Point(top.x, plot.frame.maxY)], .init(color(index), width: 0.6, dash: [1.5, 1.5]))
    }
  }

  private func dots(_ plot: PlotFrame) -> [Mark] {
    figure.widths.enumerated().map { index, a in
      .marker(at: peak(a, plot), color(index), in: style.theme)
    }
  }

  /// "a = 2", and where the curve peaks: on one line, else on two, else the name alone.
  private func add(_ index: Int, _ plot: PlotFrame, to names: inout PlacedLabels) {
    let a = figure.widths[index]
    let name = Formula.row([.variable("a"), .sign("="), .word(NumberFormat.temperature(a))])
    let speed = NumberFormat.amount(MaxwellBoltzmann.mode(width: a), decimals: 2)
    let color = style.theme.readable(color(index))
    let fact = "most probable v = \(speed)"
    let labels = [
      CurveLabel(beside: name, color, fact: fact, in: style),
      CurveLabel(name, color, fact: [.text(fact)], isCentered: false, in: style),
      CurveLabel(name, color, in: style),
    ]
    let top = peak(a, plot)
    names.add(labels, self.color(index), anchor: top) { label in
      let (wide, high) = (label.size.width, label.size.height)
      let places = [
        Point(top.x + 8, top.y - high - 1), Point(top.x + 8, top.y + 2),
        Point(top.x + 12, top.y - high - 5), Point(top.x - wide / 2, top.y - high - 5),
        Point(top.x - 8 - wide, top.y - high - 1),
      ]
      let flank = [1.25, 1.5, 1.8, 2.1].flatMap { share -> [Point] in
        let speed = share * MaxwellBoltzmann.mode(width: a)
        let over = plot.point(speed, MaxwellBoltzmann.density(speed, width: a))
        return [4, 12].map { Point(over.x, over.y - high - $0) }
      }
      return (places + flank).filter {
        $0.x + wide <= plot.frame.maxX + 1 && $0.x >= plot.frame.minX
      }
    }
  }
}
