/// Where everything in a figure of evidence stands: a row a token, a column a measure, as many
/// columns side by side as have room; the agreement under them; heads below.
struct EvidenceLayout {
  private let figure: Evidence
  private let style: Style
  private let width: Double
  private let labels: AxisLabels
  /// The room for labels.
  private let side: Double
  /// The columns of every band, and how wide one is.
  private let bands: [Range<Int>]
  private let cell: Double

  static let pitch = 10.5
  private static let gap = 9.0
  private static let least = 56.0

  init(_ figure: Evidence, in style: Style) {
    self.figure = figure
    self.style = style
    width = Page.fittedWidth(in: style) ?? .millimetres(171)
    labels = AxisLabels(
      Axis("token", tokens: figure.tokens), .rows, pitch: Self.pitch, limit: 0.18 * width,
      in: style)
    let names = EvidenceAgreement(figure, figure.measures.indices, in: style).width
    side = max(labels.extent, names + 3.5)
    let count = max(figure.measures.count, 1)
    let fitting = max(1, Int((width - side) / (Self.least + Self.gap)))
    let rows = (count + fitting - 1) / fitting
    let each = (count + rows - 1) / rows
    bands = stride(from: 0, to: figure.measures.count, by: each).map {
      $0..<min($0 + each, figure.measures.count)
    }
    cell = (width - side) / Double(each) - Self.gap
  }

  func scene() -> Scene {
    var caption = figure.caption
    if caption.summary.isEmpty { caption.summary = figure.summary }
    var page = Page(caption, width: width, in: style)
    page.y += 9
    for (number, band) in bands.enumerated() {
      if number > 0 { page.y += 12 }
      self.band(band, number, on: &page)
    }
    EvidenceHeads(figure, width: width, in: style).place(on: &page)
    page.y += 8
    return page.scene(declaring: declarations + labels.declarations)
  }

  /// The left edge of a column, as it stands in its band.
  private func left(_ place: Int, _ page: Page) -> Double {
    page.left + side + Double(place) * (cell + Self.gap) + Self.gap * 0.5
  }

  private func band(_ band: Range<Int>, _ number: Int, on page: inout Page) {
    heads(band, number, on: &page)
    let count = figure.tokens.count
    let grid = Rectangle(
      x: page.left + side, y: page.y, width: width - side, height: Self.pitch * Double(count))
    page.add("rules-\(number)", rules(count, page))
    page.add("labels-\(number)", labels.marks(beside: grid))
    for (place, column) in band.enumerated() {
      let bars = EvidenceBars(
        figure.measures[column], rests: figure.rests, width: cell, in: style)
      page.add("measure-\(column)", bars.marks(at: Point(left(place, page), page.y)))
    }
    page.y = grid.maxY + 2.5
    page.add(
      .line(
        [Point(page.left, page.y), Point(page.right, page.y)],
        .init(style.theme.secondary, width: 0.5)))
    let agreement = EvidenceAgreement(figure, band, in: style)
    page.add("agreement-\(number)", agreement.names(at: Point(page.left + side - 3.5, page.y)))
    for (place, column) in band.enumerated() {
      page.add(
        "agreement-of-\(column)",
        agreement.marks(
          figure.measures[column], at: Point(left(place, page), page.y), width: cell))
    }
    page.y += agreement.height
  }

  private func rules(_ count: Int, _ page: Page) -> [Mark] {
    guard count > 1 else { return [] }
    let steps: [Path.Step] = (1..<count).flatMap { row -> [Path.Step] in
      let y = page.y + Self.pitch * Double(row)
      return [.move(Point(page.left, y)), .line(Point(page.right, y))]
    }
    return [.path(Path(steps, stroke: .init(style.theme.hairline, width: 0.25)))]
  }

  /// The names of the columns, and the range of their bars.
  private func heads(_ band: Range<Int>, _ number: Int, on page: inout Page) {
    let names = band.map { column in
      let isLast = column == figure.measures.count - 1
      let text = TextStyle(
        font: .heading, color: isLast ? style.theme.accent : style.theme.ink)
      return RichText(
        figure.measures[column].name, text, width: cell, measure: style.measure
      ).lines
    }
    let ranges = band.map { column in
      let text = TextStyle(font: .note, color: style.theme.secondary)
      return RichText(
        [.text(figure.measures[column].range)], text, width: cell, measure: style.measure
      ).lines
    }
    let (high, low) = (names.map(\.count).max() ?? 0, ranges.map(\.count).max() ?? 0)
    var marks: [Mark] = []
    for place in names.indices {
      let x = left(place, page)
      for (line, box) in names[place].enumerated() {
        let lift = high - names[place].count + line
        marks += box.marks(at: Point(x, page.y + 7 + 9 * Double(lift)))
      }
      for (line, box) in ranges[place].enumerated() {
        marks += box.marks(
          at: Point(x, page.y + 7 + 9 * Double(high) + 8 * Double(line)))
      }
    }
    page.add("heads-\(number)", marks)
    page.y += 9 * Double(high) + 8 * Double(low) + 5
  }

  private var declarations: [String] {
    let hasSigned = figure.measures.contains(where: \.isSigned)
    var sentences = [
      "Every column has a scale of its own, stated under its name; its largest number is bold."
    ]
    if hasSigned {
      sentences.append(
        "Blue to the right supports the prediction, red to the left speaks against it.")
    }
    if !figure.rests.isEmpty { sentences.append("Grey bars: special tokens and sinks.") }
    if let thinning = labels.thinning { sentences.append("Labels: \(thinning).") }
    return sentences
  }
}

extension Evidence.Measure {
  /// What a bar of full length is.
  fileprivate var range: String {
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    guard isSigned else { return "full bar \(NumberFormat.weight(high))" }
    if low >= 0 { return "full bar \(Evidence.nats(high)) nats" }
    if high <= 0 { return "full bar \(Evidence.nats(low)) nats" }
    return "\(Evidence.nats(low)) to \(Evidence.nats(high)) nats"
  }
}
