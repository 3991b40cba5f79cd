/// The cumulative share of ranks, stacked, against the temperature.
struct BandPanel {
  private let figure: EntropyCurve
  private let style: Style
  /// The fills, darkest first; the last band is the paper.
  private let colors: [Color]
  /// The bands' names, the long ones shortened.
  private let names: [String]
  private static let longest = 64.0

  init(_ figure: EntropyCurve, in style: Style) {
    self.figure = figure
    self.style = style
    names = figure.bands.indices.map {
      style.measure.shortened(figure.name(of: $0), .body, to: Self.longest)
    }
    let ramp = style.sequential.colors(in: style.theme)
    let shades: [Double] = [1, 0.42, 0.24, 0.11, 0]
    colors = figure.bands.indices.map { index in
      let share =
        figure.bands.count > 1 && index == figure.bands.count - 1 ? 0 : shades[min(index, 4)]
      return share == 0 ? style.theme.paper : ramp[Int(share * Double(ramp.count - 1))]
    }
  }

  /// The full forms of shortened names.
  var declarations: [String] {
    names.indices.filter { names[$0] != figure.name(of: $0) }.map {
      "“\(names[$0])” is “\(figure.name(of: $0))”."
    }
  }

  func marks(_ area: Rectangle) -> [Mark] {
    let narrow = plot(area, tail: overhang)
    let places = figure.bands.indices.map { place(of: $0, narrow) }
    if places.allSatisfy({ $0 != nil }) {
      return marks(
        narrow,
        first(narrow) + places.indices.dropFirst().flatMap { word($0, at: places[$0], narrow) })
    }
    let isInside = namesInside(area)
    let widest = figure.bands.indices.map { style.measure(names[$0], .body).width }.max()
    let tail = isInside ? overhang : (widest ?? 0) + 14
    let plot = plot(area, tail: tail)
    return marks(plot, first(plot) + (isInside ? column(plot) : edge(plot)))
  }

  /// How far the last number of the axis reaches past it.
  private var overhang: Double {
    let last = figure.samples[figure.samples.count - 1].temperature
    return PlotFrame.overhang(NumberFormat.temperature(last), in: style)
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

  /// Whether the names have room over the paper of the last band, and every other band is wide at
  /// the height of its name.
  private func namesInside(_ area: Rectangle) -> Bool {
    let last = figure.bands.count - 1
    guard (2...Self.levels.count).contains(last), figure.bands[last].count > 10 else {
      return false
    }
    let column = (1...last).map { style.measure(names[$0], .body).width }.max() ?? 0
    let start = 1 - (column + 18) / (area.size.width - 18)
    let isFree = Self.levels.prefix(last).allSatisfy { level in
      guard let paper = stretch(last, at: level) else { return false }
      return paper.lowerBound < start - 0.06 && paper.upperBound > 0.999
    }
    return isFree
      && (1..<last).allSatisfy { band in
        guard let own = stretch(band, at: Self.levels[band - 1]) else { return false }
        return own.upperBound - own.lowerBound > 0.015
      }
  }

  /// The name of the first band in its area, with its share at τ = 1.
  private func first(_ plot: PlotFrame) -> [Mark] {
    guard let place = firstPlace(plot) else {
      if let place = self.place(of: 0, plot) { return word(0, at: place, plot) }
      // Over the line, on a patch of the band.
      guard let place = self.place(of: 0, plot, crossesLine: true) else { return [] }
      let half = style.measure(names[0], .heading).width / 2 + 2
      let patch = Rectangle(x: place.x - half, y: place.y - 5, width: 2 * half, height: 10)
      return [.rectangle(patch, fill: colors[0])] + word(0, at: place, plot)
    }
    let color = style.theme.text(on: colors[0])
    let heading = Font(size: 7, weight: .semibold)
    let middle = plot.frame.minY + 0.52 * plot.frame.size.height
    var marks: [Mark] = [
      .text(
        Text(
          names[0], font: heading, color: color,
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

  /// The middle and the width of the room in the first band, left of the line at τ = 1.
  private func firstPlace(_ plot: PlotFrame) -> (x: Double, width: Double)? {
    let heights = [0.4, 0.55].compactMap { stretch(0, at: $0)?.upperBound }
    guard heights.count == 2, let reach = heights.min() else { return nil }
    let own = figure.own == nil ? plot.frame.maxX : plot.x(1)
    let end = min(plot.frame.minX + reach * plot.frame.size.width, own) - 4
    let width = end - plot.frame.minX - 4
    guard style.measure(names[0], .heading).width <= width else { return nil }
    return (plot.frame.minX + 4 + width / 2, width)
  }

  /// The middle of the thickest place where a band's name stands inside the band, off the line at
  /// τ = 1 unless it may cross it; `nil` where there is none.
  private func place(of band: Int, _ plot: PlotFrame, crossesLine: Bool = false) -> Point? {
    let half = style.measure(names[band], .heading).width / 2 + 3
    let (above, below) = (boundary(band), band > 0 ? boundary(band - 1) : nil)
    let xs = figure.samples.map { plot.x($0.temperature) }
    let own = crossesLine ? nil : figure.own.map { _ in plot.x(1) }
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
      names[band], font: font, color: color, at: Point(place.x, place.y + 2.4),
      alignment: .middle)
    return [.text(name)]
  }

  /// The other bands' names in a column over the paper, each on a level line from its band.
  private func column(_ plot: PlotFrame) -> [Mark] {
    let frame = plot.frame
    let bands = figure.bands.indices.dropFirst()
    let x = frame.maxX - (bands.map { style.measure(names[$0], .body).width }.max() ?? 0) - 8
    return bands.flatMap { band -> [Mark] in
      let level = Self.levels[min(band - 1, Self.levels.count - 1)]
      let y = plot.y(level)
      let name = word(band, at: Point(x, y + 2.4))
      guard band != bands.last, let stretch = stretch(band, at: level) else { return [name] }
      let middle = (stretch.lowerBound + stretch.upperBound) / 2
      let start = Point(frame.minX + middle * frame.size.width, y)
      return leader([start, Point(x - 3, y)]) + [name]
    }
  }

  /// The bands' names at the right of the frame, in the order of the bands at its edge.
  private func edge(_ plot: PlotFrame) -> [Mark] {
    let frame = plot.frame
    let isNamed = firstPlace(plot) != nil || place(of: 0, plot, crossesLine: true) != nil
    let bands = Array(figure.bands.indices.dropFirst(isNamed ? 1 : 0).reversed())
    let last = figure.samples[figure.samples.count - 1].shares
    let anchors = bands.map { band in
      plot.y(last[0..<band].reduce(0, +) + last[band] / 2)
    }
    return zip(bands, zip(anchors, Self.apart(anchors, by: 9.5, until: frame.maxY - 2)))
      .flatMap { band, places in
        let (start, y) = places
        let points = [
          Point(frame.maxX - 2, start), Point(frame.maxX + 2, start), Point(frame.maxX + 6, y),
          Point(frame.maxX + 9, y),
        ]
        return leader(points) + [word(band, at: Point(frame.maxX + 12, y + 2.4))]
      }
  }

  /// Ascending places moved up until neighbours are far enough from each other and the last is not
  /// below the end.
  private static func apart(_ places: [Double], by distance: Double, until end: Double) -> [Double]
  {
    var (moved, limit) = (places, end)
    for index in places.indices.reversed() {
      moved[index] = min(moved[index], limit)
      limit = moved[index] - distance
    }
    return moved
  }

  private func word(_ band: Int, at point: Point) -> Mark {
    .text(Text(names[band], font: .body, color: style.theme.ink, at: point))
  }

  /// A thin line with a dot at its start, on paper so that it is seen on every band.
  private func leader(_ points: [Point]) -> [Mark] {
    let ring = Path.Stroke(style.theme.paper, width: 0.5)
    return [
      .line(points, .init(style.theme.paper, width: 1.2)),
      .line(points, .init(style.theme.ink, width: 0.35)),
      .dot(at: points[0], radius: 1.3, fill: style.theme.ink, stroke: ring),
    ]
  }
}
