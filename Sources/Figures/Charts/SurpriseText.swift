/// A text set in rows, a bar over every token.
struct SurpriseText {
  private let figure: Surprise
  private let style: Style
  private let flow: Flow
  private let cells: [Cell]
  private let barHeight: Double
  private let gutter: (left: Double, right: Double)
  private let scale: ClosedRange<Double>
  private let marked: [Int: Int]

  /// A token and the number under it.
  private struct Cell {
    var shown: String
    var number: String
    var width: Double
    var numberFits: Bool
  }

  /// Up to so many tokens every number has room; up to so many every token has the same room.
  private static let (mostSpacious, mostEven) = (64, 12)
  private static let gap = 3.0
  /// The room over a bar for its dot, and under the bars for words and numbers.
  private static let (above, below) = (10.0, 19.0)

  /// Whether no number is left out.
  var hasAllNumbers: Bool { cells.allSatisfy(\.numberFits) }

  /// How far the text and its scales reach.
  var width: Double { gutter.left + flow.width + gutter.right }

  init(_ figure: Surprise, width: Double, in style: Style) {
    self.figure = figure
    self.style = style
    let finite = figure.predicted.map { figure.surprise($0) }.filter(\.isFinite)
    scale = 0...max(finite.max() ?? 0, 1)
    let widest = style.measure(NumberFormat.count(Int(scale.upperBound)), .tick).width
    let bits = NumberFormat.count(Int(Surprise.bits(scale.upperBound)))
    gutter = (
      max(widest + PlotFrame.sideGap, style.measure("nats", .note).width) + 1,
      max(style.measure(bits, .tick).width + PlotFrame.sideGap, style.measure("bits", .note).width)
        + 2
    )
    let room = width - gutter.left - gutter.right
    let count = figure.positions.count
    let least = count <= Self.mostEven ? min(30, room / Double(count) - Self.gap) : 8
    cells = figure.positions.map {
      Self.cell(
        $0, isSpacious: count <= Self.mostSpacious, least: least, limit: min(room, 110), style)
    }
    flow = Flow(widths: cells.map(\.width), gap: Self.gap, in: room)
    barHeight = [1: 64.0, 2: 48, 3: 38, 4: 38][flow.rows] ?? 28
    marked = Dictionary(uniqueKeysWithValues: figure.top.enumerated().map { ($1, $0 + 1) })
  }

  private static func cell(
    _ position: Surprise.Position, isSpacious: Bool, least: Double, limit: Double, _ style: Style
  ) -> Cell {
    let shown = style.measure.shortened(position.token.text, .body, to: limit)
    let number = position.prediction.map { prediction in
      isSpacious
        ? NumberFormat.nats(prediction.surprise) : NumberFormat.briefNats(prediction.surprise)
    }
    let (word, digits) = (
      style.measure(shown, .body).width, style.measure(number ?? "–", .cell).width
    )
    let width = isSpacious ? max(word, digits + 1, least) : max(word, 7)
    return Cell(
      shown: shown, number: number ?? "–", width: width, numberFits: digits <= width + gap - 1)
  }

  func place(on page: inout Page, _ shortenings: inout Shortenings) {
    for (cell, position) in zip(cells, figure.positions) {
      shortenings.add(cell.shown, for: position.token.text)
    }
    for row in 0..<flow.rows {
      let indices = flow.places.indices.filter { flow.places[$0].row == row }
      page.y += row == 0 ? 20 : 7
      let height = height(indices)
      page.add("line-\(row + 1)", line(indices, height: height, isFirst: row == 0, on: page))
      page.y += height + Self.below
    }
  }

  /// How high the bars of a line reach with their dots, at least to the mean and the first
  /// tick; all lines have one scale.
  private func height(_ indices: [Int]) -> Double {
    let unit = barHeight / scale.upperBound
    let tops = indices.map { index in
      shown(index) * unit + (marked[index] == nil ? 0 : Self.above)
    }
    let mean = figure.mean.map { min($0, scale.upperBound) * unit + 3 } ?? 0
    let firstTick = ticks(most: scale.upperBound).dropFirst().first.map { $0.value * unit } ?? 0
    return max(tops.max() ?? 0, mean, firstTick, 10)
  }

  private func line(
    _ indices: [Int], height: Double, isFirst: Bool, on page: Page
  ) -> [Mark] {
    let plot = plot(indices, height: height, on: page)
    var marks = axes(plot)
    if isFirst { marks += units(plot, left: page.left) }
    let left = page.left + gutter.left
    for index in indices {
      let x = left + flow.places[index].x + cells[index].width / 2
      marks += bar(index, at: x, plot) + words(index, at: x, plot.frame.maxY)
    }
    marks += plot.bottomAxis([])
    if let mean = figure.mean, mean.isFinite { marks.append(plot.reference(y: mean)) }
    return marks
      + indices.flatMap { index -> [Mark] in
        guard let number = marked[index] else { return [] }
        let x = left + flow.places[index].x + cells[index].width / 2
        let center = Point(x, plot.y(shown(index)) - 5.5)
        return NumberedDot(number: number, theme: style.theme).marks(at: center)
      }
  }

  /// As wide as the page; the last line ends with the text.
  private func plot(_ indices: [Int], height: Double, on page: Page) -> PlotFrame {
    let reach = indices.last.map { flow.places[$0].x + cells[$0].width } ?? 0
    let isLast = indices.last == figure.positions.count - 1
    let frame = Rectangle(
      x: page.left + gutter.left, y: page.y, width: isLast ? reach : flow.width, height: height)
    return PlotFrame(
      frame, x: 0...1, y: 0...(height / barHeight * scale.upperBound), in: style)
  }

  private func axes(_ plot: PlotFrame) -> [Mark] {
    guard case .linear(let nats) = plot.y else { return [] }
    let bits = LinearScale(
      0...Surprise.bits(nats.domain.upperBound), from: plot.frame.maxY, to: plot.frame.minY)
    let left = ticks(most: scale.upperBound).filter { $0.value <= nats.domain.upperBound }
    let right = ticks(most: Surprise.bits(scale.upperBound))
      .filter { $0.value <= bits.domain.upperBound }
    return [plot.gridlines(at: left.map(\.value))] + plot.leftLabels(left)
      + plot.rightAxis(right, .linear(bits))
  }

  /// Whole numbers on a scale over the whole height, the same in every line.
  private func ticks(most: Double) -> [Tick] {
    let count = min(max(Int(barHeight / 8.5), 2), 4)
    let values = LinearScale(0...most, from: 0, to: 1).ticks(about: count)
    return Tick.round(values.filter { ($0 - $0.rounded()).magnitude < 1e-6 })
  }

  private func units(_ plot: PlotFrame, left: Double) -> [Mark] {
    let (y, color) = (plot.frame.minY - 6, style.theme.secondary)
    return [
      .text(Text("nats", font: .note, color: color, at: Point(left, y))),
      .text(Text("bits", font: .note, color: color, at: Point(plot.frame.maxX + 1, y))),
    ]
  }

  /// The surprise that is drawn: one without end reaches as high as the largest other one.
  private func shown(_ index: Int) -> Double {
    min(max(figure.surprise(index), 0), scale.upperBound)
  }

  private func bar(_ index: Int, at x: Double, _ plot: PlotFrame) -> [Mark] {
    let (half, base) = (2.75, plot.frame.maxY)
    guard let prediction = figure.positions[index].prediction else {
      let frame = Rectangle(x: x - half, y: base - 9, width: 2 * half, height: 9)
      let stroke = Path.Stroke(style.theme.secondary, width: 0.5, dash: [1.5, 1.5])
      return [.rectangle(frame, stroke: stroke)]
    }
    let top = plot.y(shown(index))
    let frame = Rectangle(x: x - half, y: top, width: 2 * half, height: base - top)
    let color =
      marked[index] != nil
      ? style.theme.warn : prediction.rank == 1 ? style.theme.runnerUp(0) : style.theme.accent
    return base - top > 0 ? [.rectangle(frame, fill: color)] : []
  }

  private func words(_ index: Int, at x: Double, _ base: Double) -> [Mark] {
    let (cell, theme) = (cells[index], style.theme)
    let isMarked = marked[index] != nil
    let token = figure.positions[index].token
    var marks: [Mark] = []
    if !cell.shown.isEmpty {
      marks.append(
        .text(
          Text(
            cell.shown, font: .body, color: isMarked ? theme.warn : theme.color(of: token),
            at: Point(x, base + 9), alignment: .middle)))
    }
    guard cell.numberFits else { return marks }
    let number = Text(
      cell.number, font: .cell, color: isMarked ? theme.warn : theme.secondary,
      at: Point(x, base + 16.5), alignment: .middle)
    return marks + [.text(number)]
  }
}

extension NumberFormat {
  /// A surprise with one decimal, "6.4"; above 0 never "0.0" but "<.1".
  static func briefNats(_ value: Double) -> String {
    value > 0 && value < 0.05 ? "<.1" : score(value)
  }
}
