/// The clipped objective for good and for bad tokens (Schulman et al. 2017, figure 1), with the tokens
/// of the updates on it.
struct PolicyObjective {
  private let figure: PolicyUpdate
  private let style: Style

  init(_ figure: PolicyUpdate, in style: Style) {
    self.figure = figure
    self.style = style
  }

  private var theme: Theme { style.theme }
  private var clipped: Color { HeadColors(in: theme)[1] }

  func panel(isGood: Bool) -> PlotPanel {
    let (flat, all) = figure.clipped(isGood: isGood)
    return PlotPanel(
      isGood ? "good" : "bad", isGood ? "Better than expected" : "Worse than expected",
      [
        .formula(.row([.variable("A"), .sign(isGood ? ">" : "<"), .word("0")])),
        .text(
          "; nothing is learned from \(NumberFormat.count(flat)) of \(NumberFormat.count(all)) tokens"
        ),
      ], height: PolicyRatios.height, marks: { marks($0, isGood: isGood) })
  }

  private func marks(_ area: Rectangle, isGood: Bool) -> [Mark] {
    let domain = figure.domain
    let sign = isGood ? 1.0 : -1.0
    let ends = [sign * domain.lowerBound, sign * domain.upperBound]
    let range = (ends.min() ?? 0)...(ends.max() ?? 1)
    let ticks = LinearScale(range, from: 0, to: 1).ticks(about: 4)
    let labels = Tick.round(ticks)
    let gutter = (labels.map { style.measure($0.label, .tick).width }.max() ?? 0) + 5
    let frame = Rectangle(
      x: area.minX + gutter, y: area.minY, width: area.size.width - gutter - 5,
      height: area.size.height)
    let plot = PlotFrame(frame, x: domain, y: range, in: style)
    func curve(_ ratios: [Double]) -> Curve {
      Curve(ratios.map { plot.point($0, figure.objective($0, isGood: isGood)) })
    }
    let bend = isGood ? figure.band.upperBound : figure.band.lowerBound
    let (rising, flat) =
      isGood
      ? (curve([domain.lowerBound, bend]), curve([bend, domain.upperBound]))
      : (curve([bend, domain.upperBound]), curve([domain.lowerBound, bend]))
    let plain = isGood ? [bend, domain.upperBound] : [domain.lowerBound, bend]
    let unclipped = plain.map { plot.point($0, sign * $0) }
    var marks: [Mark] = [
      plot.band(figure.band), plot.gridlines(at: ticks), plot.reference(x: bend, clipped),
      plot.clipped([.line(unclipped, .init(theme.secondary, width: 0.6, dash: [1.5, 1.5]))]),
      rising.line(theme.accent), flat.line(clipped),
    ]
    marks += dots(plot, isGood: isGood)
    marks += names(plot, rising, flat, unclipped, isGood)
    return marks + plot.leftLabels(labels)
      + plot.bottomAxis(
        plot.linearTicks(about: 4), title: ["ratio ", .formula(.variable("ρ"))])
  }

  /// A dot in the middle of every bin, its area by the number of tokens.
  private func dots(_ plot: PlotFrame, isGood: Bool) -> [Mark] {
    let counts = figure.bins.map { isGood ? $0.better : $0.worse }
    let most = Double(max(counts.max() ?? 1, 1))
    return zip(figure.bins, counts).compactMap { bin, count -> Mark? in
      guard count > 0 else { return nil }
      let ends = [bin.low ?? figure.domain.lowerBound, bin.high ?? figure.domain.upperBound]
      let ratio = (ends[0] + ends[1]) / 2
      let radius = max(4.2 * (Double(count) / most).squareRoot(), 0.8)
      let color = figure.isClipped(bin, isGood: isGood) ? clipped : theme.accent
      return .dot(
        at: plot.point(ratio, figure.objective(ratio, isGood: isGood)), radius: radius,
        fill: theme.paper.mixed(with: color, 0.3), stroke: .init(color, width: 0.6))
    }
  }

  private func names(
    _ plot: PlotFrame, _ rising: Curve, _ flat: Curve, _ unclipped: [Point], _ isGood: Bool
  ) -> [Mark] {
    var labels = PlacedLabels(
      LabelField(
        in: plot.frame.inset(by: 1.5), curves: [rising, flat, Curve(unclipped)]), in: theme)
    let text = theme.readable(clipped)
    let label = CurveLabel([["clipped:"], ["no push left"]], .note, text, in: style)
    let middle = Point(
      (flat.points[0].x + flat.points[flat.points.count - 1].x) / 2, flat.points[0].y)
    labels.add([label], text, anchor: middle, isStrict: true) { label in
      let (width, height) = (label.size.width, label.size.height)
      let x = isGood ? plot.frame.maxX - width - 2 : plot.frame.minX + 2
      return [4.0, 8, 14, 22].flatMap { gap in
        [Point(x, middle.y + gap), Point(x, middle.y - gap - height)]
      }
    }
    let name = CurveLabel(
      .row([
        .sup(.variable("L"), .word("CLIP")), .sign("/"), .word("|"), .variable("A"), .word("|"),
      ]), theme.readable(theme.accent), in: style)
    let points = rising.points
    let center = Point(
      (points[0].x + points[points.count - 1].x) / 2,
      (points[0].y + points[points.count - 1].y) / 2)
    labels.add([name], theme.accent, anchor: center, isStrict: true) { label in
      label.corners(around: center, gap: 5)
    }
    return labels.patches + labels.words
  }

  var declarations: [String] {
    [
      "The objective is drawn for an advantage of 1 and of −1; dashed: without the clip. The area of a dot is the number of tokens."
    ]
  }
}
