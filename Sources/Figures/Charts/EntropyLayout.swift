#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where everything in an entropy figure stands: effective numbers at the left, shares at the right.
struct EntropyLayout {
  private let figure: EntropyCurve
  private let style: Style
  private let width: Double
  private let isWide: Bool

  private static let height = 160.0
  private static let gap = 16.0

  init(_ figure: EntropyCurve, in style: Style) {
    self.figure = figure
    self.style = style
    width = Page.fittedWidth(in: style) ?? .millimetres(171)
    isWide = width >= 400
  }

  func scene() -> Scene {
    var caption = figure.caption
    if caption.summary.isEmpty { caption.summary = figure.summary }
    var page = Page(caption, width: width, in: style)
    page.y += 24
    let top = page.y
    let leftWidth = isWide ? (width - Self.gap) * 0.54 : width
    let heading = "Effective number of \(figure.stateName.plural)"
    let words: [Inline] = [
      "log scale; right: the same curve as entropy ", .formula(.variable("H")), " in nats",
    ]
    let first = place(
      heading, words, on: &page, x: page.left, y: top, width: leftWidth, numbers)
    let x = isWide ? page.left + leftWidth + Self.gap : page.left
    let shares = BandPanel(figure, in: style)
    let next = place(
      "Who holds the probability",
      [
        "cumulative share by rank (the rank order is the same at every ", .formula(.variable("τ")),
        ")",
      ],
      on: &page, x: x, y: isWide ? top : first + 22, width: page.right - x, shares.marks)
    page.y = max(first, next) + 9
    return page.scene(declaring: shares.declarations)
  }

  private func place(
    _ heading: String, _ words: [Inline], on page: inout Page, x: Double, y: Double,
    width: Double, _ content: (Rectangle) -> [Mark]
  ) -> Double {
    let text = TextStyle(font: .note, color: style.theme.secondary)
    let lines = RichText(words, text, width: width, measure: style.measure).lines
    var marks: [Mark] = [
      .text(Text(heading, font: .heading, color: style.theme.ink, at: Point(x, y)))
    ]
    for (index, line) in lines.enumerated() {
      marks += line.marks(at: Point(x, y + 9.5 + 8 * Double(index)))
    }
    let top = y + 27 + 8 * Double(isWide ? 1 : lines.count - 1) - (isWide ? 8 : 0)
    let frame = Rectangle(
      x: x, y: top + (lines.count > 1 && isWide ? 8 : 0), width: width, height: Self.height)
    page.add(heading.lowercased().replacing(" ", with: "-"), marks + content(frame))
    return frame.maxY + PlotFrame.titleBaseline
  }

  // MARK: Perplexity and the top-p set

  private var most: Double { Double(max(figure.count, 2)) }

  private func numbers(_ area: Rectangle) -> [Mark] {
    let theme = style.theme
    let top = NumberFormat.count(figure.count)
    let limit = FormulaLayout(color: theme.secondary, measure: style.measure).box(
      .row([
        .word("ln\u{2009}"), .variable("N"), .sign("="),
        .word(NumberFormat.fixed(log(most), decimals: 2)),
      ]), size: 7.4)
    let frame = Rectangle(
      x: area.minX + style.measure(top, .tick).width + PlotFrame.sideGap + 1, y: area.minY,
      width: area.size.width - style.measure(top, .tick).width - limit.width
        - 2 * PlotFrame.sideGap - 1, height: area.size.height)
    let y = LogScale(1...most, from: frame.maxY, to: frame.minY)
    let plot = PlotFrame(
      frame, x: .log(temperatures(frame)), y: .log(y), in: style)
    let entropies = LinearScale(0...log(most), from: frame.maxY, to: frame.minY)
    let ticks = tokenTicks(y)
    let right = entropies.ticks(about: 7).filter { entropies($0) > frame.minY + 9 }
    let curves = [setCurve(plot), perplexityCurve(plot)]
    let labels = labels(plot, curves)
    var marks: [Mark] = [plot.gridlines(at: ticks.map(\.value).filter { $0 < most })]
    marks += labels.patches + [plot.reference(y: most)]
    marks += ownLine(plot)
    marks.append(plot.clipped([curves[0].line(theme.warn), curves[1].line(theme.accent)]))
    marks += ownDots(plot) + labels.words
    marks += plot.leftLabels(ticks)
    marks += plot.rightAxis(Tick.round(right), .linear(entropies))
    marks += limit.marks(at: Point(frame.maxX + PlotFrame.sideGap, frame.minY + 2.3))
    return marks + plot.bottomAxis(plot.temperatureTicks, title: .temperatureTitle)
  }

  private func temperatures(_ frame: Rectangle) -> LogScale { figure.temperatures(frame) }

  /// 1, 10, 100 … and the number of states at the top.
  private func tokenTicks(_ scale: LogScale) -> [Tick] {
    let values = most < 50 ? scale.oneTwoFive : scale.decades()
    let below = values.filter { scale($0) > scale(most) + 8 }
    return (below + [most]).map { Tick($0, NumberFormat.count(Int($0.rounded()))) }
  }

  private func perplexityCurve(_ plot: PlotFrame) -> Curve {
    Curve(figure.samples.map { plot.point($0.temperature, exp($0.entropy)) })
  }

  /// A staircase: the size changes at a temperature, not between two.
  private func setCurve(_ plot: PlotFrame) -> Curve {
    var points: [Point] = []
    for sample in figure.samples {
      let point = plot.point(sample.temperature, Double(max(sample.setSize, 1)))
      if let last = points.last, last.y != point.y { points.append(Point(point.x, last.y)) }
      points.append(point)
    }
    return Curve(points)
  }

  private func ownLine(_ plot: PlotFrame) -> [Mark] {
    guard figure.own != nil else { return [] }
    let words = Text(
      figure.stateName.own, font: .note, color: style.theme.secondary,
      at: Point(plot.x(1), plot.frame.minY - 4), alignment: .middle)
    return [plot.reference(x: 1), .text(words)]
  }

  private func ownPoints(_ plot: PlotFrame) -> [(Point, Color, String)] {
    guard let own = figure.own else { return [] }
    let size = Double(max(own.setSize, 1))
    return [
      (plot.point(1, size), style.theme.warn, NumberFormat.count(own.setSize)),
      (
        plot.point(1, exp(own.entropy)), style.theme.accent,
        NumberFormat.amount(exp(own.entropy), decimals: exp(own.entropy) < 2 ? 2 : 1)
      ),
    ]
  }

  private func ownDots(_ plot: PlotFrame) -> [Mark] {
    ownPoints(plot).map { .marker(at: $0.0, $0.1, in: style.theme) }
  }

  /// The numbers at τ = 1 and the names of both curves.
  private func labels(_ plot: PlotFrame, _ curves: [Curve]) -> PlacedLabels {
    let theme = style.theme
    let bounds = Rectangle(
      x: plot.frame.minX + 2, y: plot.frame.minY + 3, width: plot.frame.size.width - 4,
      height: plot.frame.size.height - 6)
    var obstacles = curves
    if figure.own != nil {
      obstacles.append(
        Curve([Point(plot.x(1), plot.frame.minY), Point(plot.x(1), plot.frame.maxY)]))
    }
    let points = ownPoints(plot)
    let dots = points.map { Rectangle(x: $0.0.x - 3, y: $0.0.y - 3, width: 6, height: 6) }
    var labels = PlacedLabels(LabelField(in: bounds, curves: obstacles, taken: dots), in: theme)
    let number = Font(size: 6.5, weight: .semibold)
    for (index, (point, color, value)) in points.enumerated() {
      let label = CurveLabel([[.text(value)]], number, color, in: style)
      labels.add([label], color, anchor: point) { label in
        let all = label.corners(around: point, gap: 5)
        return index == 0
          ? all.filter { $0.x < point.x } + all : all.filter { $0.x > point.x } + all
      }
    }
    let share = NumberFormat.temperature(figure.topShare)
    let name = figure.stateName
    let set = [
      ["top-p set: fewest", "\(name.plural) with ≥ \(share)"],
      ["top-p set:", "fewest \(name.plural)", "with ≥ \(share)"],
    ].map { lines in
      CurveLabel(lines.map { [.text($0)] }, .body, theme.warn, in: style)
    }
    let perplexity = CurveLabel(
      [["perplexity ", .formula(.sup(.variable("e"), .variable("H")))]], .body, theme.accent,
      in: style)
    add([perplexity], curves[1], theme.accent, isLeft: false, plot, to: &labels)
    add(set, curves[0], theme.warn, isLeft: true, plot, to: &labels)
    return labels
  }

  /// Beside the steep part of a curve, on one side.
  private func add(
    _ names: [CurveLabel], _ curve: Curve, _ color: Color, isLeft: Bool, _ plot: PlotFrame,
    to labels: inout PlacedLabels
  ) {
    let frame = plot.frame
    let anchor = curve.points.min { first, second in
      abs(first.y - (frame.minY + frame.maxY) / 2) < abs(second.y - (frame.minY + frame.maxY) / 2)
    }
    labels.add(names, color, anchor: anchor ?? frame.origin) { label in
      let size = label.size
      let shares: [Double] = [0.42, 0.35, 0.5, 0.28, 0.6, 0.7, 0.2, 0.8, 0.12]
      let beside = shares.flatMap { share -> [Point] in
        let y = frame.minY + share * frame.size.height
        let near = curve.points.filter { $0.y >= y - 3 && $0.y <= y + size.height + 3 }
        guard let left = near.map(\.x).min(), let right = near.map(\.x).max() else { return [] }
        let (before, after) = (left - size.width, right)
        return [6, 12, 20, 28].map { Point(isLeft ? before - $0 : after + $0, y) }
      }
      // Where a curve is flat, over and under it.
      let along = [0.7, 0.5, 0.3, 0.1].flatMap { share -> [Point] in
        let x = frame.minX + share * (frame.size.width - size.width)
        guard let y = curve.y(at: x) else { return [] }
        return [Point(x, y + 4), Point(x, y - 4 - size.height)]
      }
      return (beside + along).filter { $0.x >= frame.minX && $0.x + size.width <= frame.maxX }
    }
  }
}

extension EntropyCurve {
  /// The logarithmic temperature axis.
  func temperatures(_ frame: Rectangle) -> LogScale {
    let (low, high) = (samples[0].temperature, samples[samples.count - 1].temperature)
    return LogScale(low...high, from: frame.minX, to: frame.maxX)
  }
}

extension [Inline] {
  /// "temperature τ"
  static var temperatureTitle: [Inline] { ["temperature ", .formula(.variable("τ"))] }
}
