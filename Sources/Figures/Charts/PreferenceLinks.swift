/// What a score goes with: correlations as bars from 0.
struct PreferenceLinks {
  private let links: [Preference.Link]
  private let style: Style

  private static let pitch = 13.0

  init(_ links: [Preference.Link], in style: Style) {
    self.links = links
    self.style = style
  }

  private var theme: Theme { style.theme }

  var panel: PlotPanel {
    PlotPanel(
      "links", "What the score goes with",
      ["correlations; blue is what it should have learned"],
      height: Self.pitch * Double(links.count), hasTitle: false, marks: marks)
  }

  private func marks(_ area: Rectangle) -> [Mark] {
    let names = links.map { style.measure.shortened($0.name, .note, to: 0.6 * area.size.width) }
    let side = (names.map { style.measure($0, .note).width }.max() ?? 0) + 6
    let number = style.measure("−.00", .note).width + 4
    let track = max(area.size.width - side - number, 20)
    let middle = area.minX + side + track / 2
    let bottom = area.minY + Self.pitch * Double(links.count)
    var marks: [Mark] = [
      .line([Point(middle, area.minY), Point(middle, bottom)], .init(theme.secondary, width: 0.5))
    ]
    for (index, link) in links.enumerated() {
      let y = area.minY + Self.pitch * (Double(index) + 0.5)
      let baseline = y + 0.364 * 6
      marks.append(
        .text(
          Text(
            names[index], font: .note, color: theme.ink,
            at: Point(area.minX + side - 6, baseline), alignment: .end)))
      marks.append(
        .line(
          [Point(middle - track / 2, y), Point(middle + track / 2, y)],
          .init(theme.hairline, width: 0.6)))
      if let value = link.correlation, value.isFinite {
        let length = value * track / 2
        marks.append(
          .rectangle(
            Rectangle(
              x: min(middle, middle + length), y: y - 3, width: length.magnitude, height: 6),
            fill: link.isWanted ? theme.accent : theme.secondary))
      }
      let words = link.correlation.map(Self.words) ?? "–"
      marks.append(
        .text(
          Text(
            words, font: Font(size: 6, weight: link.isWanted ? .semibold : .regular),
            color: theme.ink, at: Point(area.maxX, baseline), alignment: .end)))
    }
    return marks
  }

  /// A correlation with its sign and two decimals: ".83", "−.12".
  static func words(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    return (value < 0 && value > -1.5 && abs(value) >= 0.005 ? "−" : "")
      + (abs(value) < 0.005 ? ".00" : NumberFormat.weight(abs(value)))
  }
}
