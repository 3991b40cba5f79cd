/// "line width": three lines with the weights they stand for.
struct WidthKey {
  private let weights: [Double]
  private let widest: Double
  private let hasOpacity: Bool
  private let style: Style

  init(_ threshold: Double, widest: Double, hasOpacity: Bool = false, in style: Style) {
    weights = ([threshold, 0.25, 0.5, 1].filter { $0 >= threshold && $0 > 0 }).reduce(into: []) {
      if $0.last != $1 { $0.append($1) }
    }
    self.widest = widest
    self.style = style
    self.hasOpacity = hasOpacity
  }

  /// How much of a line's colour shows.
  static func opacity(_ weight: Double) -> Double { 0.25 + 0.75 * min(weight, 1) }

  /// Sets the key in one line from the left margin.
  func place(on page: inout Page) {
    let theme = style.theme
    let name = hasOpacity ? "line width, opacity: weight" : "arc width: weight"
    var (x, marks) = (page.left, [Mark]())
    marks.append(
      .text(Text(name, font: .note, color: theme.secondary, at: Point(x, page.y))))
    x += style.measure(name, .note).width + 7
    for weight in weights {
      let label = NumberFormat.tick(weight)
      let y = page.y - 2.1
      marks += [
        .line(
          [Point(x, y), Point(x + 15, y)],
          .init(
            theme.secondary.opacity(hasOpacity ? WidthKey.opacity(weight) : 1),
            width: max(widest * weight, 0.3))),
        .text(
          Text(label, font: .note, color: theme.secondary, at: Point(x + 18, page.y))),
      ]
      x += 18 + style.measure(label, .note).width + 9
    }
    page.add("key", marks)
  }
}
