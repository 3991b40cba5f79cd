/// The cumulative share of ranks, stacked, against the temperature.
struct BandPanel {
  private let figure: EntropyCurve
  private let style: Style
  /// The fills, darkest first; the last band is the paper when it is many states.
  private let colors: [Color]

  init(_ figure: EntropyCurve, in style: Style) {
    self.figure = figure
    self.style = style
    let ramp = style.sequential.colors(in: style.theme)
    let shades: [Double] = [1, 0.42, 0.24, 0.11, 0]
    colors = figure.bands.indices.map { index in
      let share =
        figure.bands.count > 1 && index == figure.bands.count - 1 ? 0 : shades[min(index, 4)]
      return share == 0 ? style.theme.paper : ramp[Int(share * Double(ramp.count - 1))]
    }
  }

  func marks(_ area: Rectangle) -> [Mark] {
    let narrow = plot(area, tail: 4)
    let places = figure.bands.indices.map { place(of: $0, narrow) }
    if places.allSatisfy({ $0 != nil }) {
      return marks(narrow, figure.bands.indices.flatMap { word($0, at: places[$0], narrow) })
    }
    let isInside = namesInside(area)
    let widest = figure.bands.indices.map { style.measure(figure.name(of: $0), .body).width }.max()
    let tail = isInside ? 4 : min(widest ?? 0, area.size.width / 3) + 14
    let plot = plot(area, tail: tail)
    return marks(plot, first(plot) + names(plot, isInside: isInside, room: tail - 14))
  }

  private func plot(_ area: Rectangle, tail: Double) -> PlotFrame {
    let frame = Rectangle(
      x: area.minX + 14, y: area.minY, width: area.size.width - 14 - tail,
      height: area.size.height)
    return PlotFrame(
      frame, x: .log(figure.temperatures(frame)),
      y: .linear(LinearScale(0...1, from: frame.maxY, to: frame.minY)), in: style)
  }

  private func marks(_ plot: PlotFrame, _ names: [Mark]) -> [Mark] {
    let frame = plot.frame
    let box = [
      frame.origin, Point(frame.maxX, frame.minY), Point(frame.maxX, frame.maxY),
    ]
    let edge = Mark.line(box, .init(style.theme.hairline, width: 0.35))
    let ticks = [Tick(0, "0"), Tick(0.5, "½"), Tick(1, "1")]
    return [plot.clipped(fills(plot)), edge] + own(plot) + names + plot.leftAxis(ticks)
      + plot.bottomAxis(plot.temperatureTicks, title: .temperatureTitle)
  }

  // MARK: Areas

  /// The share of the bands up to `band` together, at every temperature.
  private func boundary(_ band: Int) -> [Double] {
    figure.samples.map { min($0.shares[0...band].reduce(0, +), 1) }
  }

  private func fills(_ plot: PlotFrame) -> [Mark] {
    let lines = figure.bands.indices.map { band in
      Curve(zip(figure.samples, boundary(band)).map { plot.point($0.temperature, $1) })
    }
    // The largest first, each smaller one over it, with a seam of paper.
    return lines.indices.reversed().flatMap { band -> [Mark] in
      let points = lines[band].points
      guard let first = points.first, let last = points.last else { return [] }
      let outline =
        [Point(first.x, plot.frame.maxY)] + points + [Point(last.x, plot.frame.maxY)]
      let steps = [Path.Step.move(outline[0])] + outline.dropFirst().map { .line($0) } + [.close]
      return [
        .path(Path(steps, fill: colors[band])),
        lines[band].line(style.theme.paper, width: 0.35),
      ]
    }
  }

  private func own(_ plot: PlotFrame) -> [Mark] {
    guard figure.own != nil else { return [] }
    let words = Text(
      figure.stateName.own, font: .note, color: style.theme.secondary,
      at: Point(plot.x(1), plot.frame.minY - 4), alignment: .middle)
    return [plot.reference(x: 1, lineColor), .text(words)]
  }

  /// The dashed line's colour, seen on dark and on light bands: paper on a dark first band.
  private var lineColor: Color {
    let share = figure.own?.shares.first ?? 0
    return share > 0.5 ? style.theme.paper : style.theme.secondary
  }

  // MARK: Names

  /// The horizontal stretch in which a band lies at a height, as shares of the axis.
  private func stretch(_ band: Int, at level: Double) -> ClosedRange<Double>? {
    let last = Double(max(figure.samples.count - 1, 1))
    let above = boundary(band)
    let below = band > 0 ? boundary(band - 1) : above.map { _ in 0 }
    let places = figure.samples.indices.filter { below[$0] < level && level <= above[$0] }
    guard let low = places.first, let high = places.last else { return nil }
    return Double(low) / last...Double(high) / last
  }

  /// The heights of the names in the column.
  private static let levels = [0.93, 0.83, 0.73, 0.63]

  /// Whether the names have room over the paper of the last band.
  private func namesInside(_ area: Rectangle) -> Bool {
    let last = figure.bands.count - 1
    guard last >= 2, figure.bands[last].count > 10 else { return false }
    let column = (1...last).map { style.measure(figure.name(of: $0), .body).width }.max() ?? 0
    let start = 1 - (column + 18) / (area.size.width - 18)
    return Self.levels.prefix(last).allSatisfy { level in
      stretch(last, at: level).map { $0.lowerBound < start - 0.06 && $0.upperBound > 0.999 }
        ?? false
    }
  }

  /// The name of the first band in its area, with its share at τ = 1.
  private func first(_ plot: PlotFrame) -> [Mark] {
    guard let place = firstPlace(plot) else { return [] }
    let color = style.theme.text(on: colors[0])
    let heading = Font(size: 7, weight: .semibold)
    let middle = plot.frame.minY + 0.52 * plot.frame.size.height
    var marks: [Mark] = [
      .text(
        Text(
          shortened(figure.name(of: 0), heading, to: place.width), font: heading, color: color,
          at: Point(place.x, middle), alignment: .middle))
    ]
    if let own = ownWords, style.measure(own, .note).width <= place.width {
      marks.append(
        .text(
          Text(own, font: .note, color: color, at: Point(place.x, middle + 9), alignment: .middle)))
    }
    return marks
  }

  private var ownWords: String? {
    figure.own.map {
      "\(NumberFormat.probability($0.shares.first ?? 0, isExact: figure.count == 1)) at τ = 1"
    }
  }

  private func shortened(_ name: String, _ font: Font, to width: Double) -> String {
    style.measure.shortened(name, font, to: width)
  }

  /// The middle and the width of the room in the first band, left of the line at τ = 1.
  private func firstPlace(_ plot: PlotFrame) -> (x: Double, width: Double)? {
    let heights = [0.4, 0.55].compactMap { stretch(0, at: $0)?.upperBound }
    guard heights.count == 2, let reach = heights.min() else { return nil }
    let own = figure.own == nil ? plot.frame.maxX : plot.x(1)
    let end = min(plot.frame.minX + reach * plot.frame.size.width, own) - 4
    let width = end - plot.frame.minX - 4
    let least = min(style.measure(figure.name(of: 0), .heading).width, 30)
    return width >= max(least, 16) ? (plot.frame.minX + 4 + width / 2, width) : nil
  }

  /// The middle of the thickest place where a band's name stands inside the band, off the line at
  /// τ = 1; `nil` where there is none.
  private func place(of band: Int, _ plot: PlotFrame) -> Point? {
    let half = style.measure(figure.name(of: band), .heading).width / 2 + 3
    let (above, below) = (boundary(band), band > 0 ? boundary(band - 1) : nil)
    let xs = figure.samples.map { plot.x($0.temperature) }
    let own = figure.own.map { _ in plot.x(1) }
    var best: (point: Point, room: Double)?
    for x in stride(from: plot.frame.minX + half, through: plot.frame.maxX - half, by: 4) {
      if let own, abs(own - x) < half + 1 { continue }
      let under = xs.indices.filter { abs(xs[$0] - x) <= half }
      guard let top = under.map({ above[$0] }).min() else { continue }
      let bottom = under.map { below?[$0] ?? 0 }.max() ?? 0
      let room = (top - bottom) * plot.frame.size.height
      if room >= 10, room > best?.room ?? 0 { best = (Point(x, plot.y((top + bottom) / 2)), room) }
    }
    return best?.point
  }

  /// A band's name in the band; of the first one with its share at τ = 1.
  private func word(_ band: Int, at place: Point?, _ plot: PlotFrame) -> [Mark] {
    guard let place else { return [] }
    let font = band == 0 ? Font.heading : .body
    let color = style.theme.text(on: colors[band])
    let name = Text(
      figure.name(of: band), font: font, color: color, at: Point(place.x, place.y + 2.4),
      alignment: .middle)
    return [.text(name)]
  }

  /// The other bands' names in a column at the right, each on a line from its band.
  private func names(_ plot: PlotFrame, isInside: Bool, room: Double) -> [Mark] {
    let frame = plot.frame
    let skipsFirst = firstPlace(plot) != nil
    let bands = Array(figure.bands.indices.dropFirst()) + (skipsFirst ? [] : [0])
    let width = bands.map { style.measure(figure.name(of: $0), .body).width }.max() ?? 0
    let x = isInside ? frame.maxX - width - 8 : frame.maxX + 12
    return bands.enumerated().flatMap { index, band -> [Mark] in
      let level = (Self.levels.first ?? 0) - 0.1 * Double(index)
      let y = plot.y(level)
      let name = Text(
        shortened(figure.name(of: band), .body, to: isInside ? width : room), font: .body,
        color: style.theme.ink, at: Point(x, y + 2.4))
      let isRest = isInside && band == figure.bands.count - 1
      return (isRest ? [] : leader(band, level, to: Point(x - 3, y), plot)) + [.text(name)]
    }
  }

  /// A line from the middle of a band to its name: level where the band is wide there, else from
  /// where the band is thickest.
  private func leader(_ band: Int, _ level: Double, to end: Point, _ plot: PlotFrame) -> [Mark] {
    let frame = plot.frame
    var start = end
    if let stretch = stretch(band, at: level), stretch.upperBound - stretch.lowerBound > 0.01 {
      let middle = (stretch.lowerBound + stretch.upperBound) / 2
      start = Point(frame.minX + middle * frame.size.width, end.y)
    } else if let thickest = figure.samples.indices.max(by: {
      figure.samples[$0].shares[band] < figure.samples[$1].shares[band]
    }) {
      let sample = figure.samples[thickest]
      let low = sample.shares[0..<band].reduce(0, +)
      start = plot.point(min(sample.temperature, 1e6), low + sample.shares[band] / 2)
    }
    let bend = Point(max(min(frame.maxX + 2, end.x - 7), start.x), start.y)
    let ink = style.theme.ink
    let ring = Path.Stroke(style.theme.paper, width: 0.5)
    let points = start.y == end.y ? [start, end] : [start, bend, Point(end.x - 3, end.y), end]
    return [
      .line(points, .init(style.theme.paper, width: 1.2)),
      .line(points, .init(ink, width: 0.35)),
      .dot(at: start, radius: 1.3, fill: ink, stroke: ring),
    ]
  }
}
