/// What stands under the columns: how far each agrees with the measured one.
struct EvidenceAgreement {
  private let figure: Evidence
  /// The columns that stand side by side.
  private let band: Range<Int>
  private let style: Style

  private static let pitch = 10.0

  init(_ figure: Evidence, _ band: Range<Int>, in style: Style) {
    self.figure = figure
    self.band = band
    self.style = style
  }

  private enum Line { case all, ordinary, top, signs }

  private var lines: [Line] {
    guard figure.measures[band].contains(where: { $0.agreement != nil }) else { return [] }
    return [.all] + (figure.rests.isEmpty ? [] : [.ordinary]) + [.top]
      + (figure.measures[band].contains { $0.agreement?.sameSigns != nil } ? [.signs] : [])
  }

  private func name(_ line: Line) -> String {
    switch line {
    case .all: "ρ, all \(NumberFormat.count(figure.tokens.count))"
    case .ordinary:
      "ρ, without grey \(NumberFormat.count(figure.tokens.count - figure.rests.count))"
    case .top: "same first"
    case .signs: "same sign"
    }
  }

  /// The room that the names of the lines need.
  var width: Double { lines.map { style.measure(name($0), .note).width }.max() ?? 0 }

  /// The measured column has two lines of words.
  var height: Double { Self.pitch * Double(max(lines.count, 2)) + 2 }

  /// The names of the lines, ending at a point.
  func names(at corner: Point) -> [Mark] {
    lines.enumerated().map { index, line in
      .text(
        Text(
          name(line), font: .note, color: style.theme.secondary,
          at: Point(corner.x, baseline(index, corner.y)), alignment: .end))
    }
  }

  private func baseline(_ line: Int, _ top: Double) -> Double {
    top + Self.pitch * (Double(line) + 0.5) + 0.364 * 6 + 1
  }

  /// The lines of one column.
  func marks(_ measure: Evidence.Measure, at corner: Point, width: Double) -> [Mark] {
    guard let agreement = measure.agreement else {
      let words = "the reference"
      let text = TextStyle(font: .note, color: style.theme.secondary)
      let lines = RichText([.text(words)], text, width: width, measure: style.measure).lines
      return lines.prefix(max(self.lines.count, 2)).enumerated().flatMap { index, line in
        line.marks(at: Point(corner.x, baseline(index, corner.y)))
      }
    }
    return lines.enumerated().flatMap { index, line -> [Mark] in
      let y = baseline(index, corner.y)
      let (words, correlation): (String, Double?) =
        switch line {
        case .all: (Evidence.correlation(agreement.correlation), agreement.correlation)
        case .ordinary: (Evidence.correlation(agreement.ordinary), agreement.ordinary)
        case .top: (agreement.hasSameTop ? "yes" : "no", nil)
        case .signs:
          (
            agreement.sameSigns.map {
              "\(NumberFormat.count($0)) of \(NumberFormat.count(figure.tokens.count))"
            } ?? "", nil
          )
        }
      guard !words.isEmpty else { return [] }
      let font = Font(size: 6, weight: line == .all ? .semibold : .regular)
      let end = Point(corner.x + width, y)
      let number = Mark.text(
        Text(words, font: font, color: style.theme.ink, at: end, alignment: .end))
      guard line == .all || line == .ordinary else { return [number] }
      return gauge(correlation, at: Point(corner.x, y - 0.364 * 6), width: width - 22) + [number]
    }
  }

  /// A line from −1 to 1 with a bar from 0 to ρ.
  private func gauge(_ value: Double?, at start: Point, width: Double) -> [Mark] {
    guard width > 8 else { return [] }
    let middle = start.x + width / 2
    let track = Rectangle(x: start.x, y: start.y - 0.9, width: width, height: 1.8)
    var marks: [Mark] = [.rectangle(track, fill: style.theme.hairline)]
    if let value, value.isFinite, value != 0 {
      let length = value.magnitude * width / 2
      let bar = Rectangle(
        x: value < 0 ? middle - length : middle, y: start.y - 0.9, width: length, height: 1.8)
      marks.append(.rectangle(bar, fill: value < 0 ? style.theme.warn : style.theme.accent))
    }
    let tick = [Point(middle, start.y - 2.2), Point(middle, start.y + 2.2)]
    return marks + [.line(tick, .init(style.theme.secondary, width: 0.5))]
  }
}
