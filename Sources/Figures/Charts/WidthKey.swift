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
  static func opacity(_ weight: Double) -> Double { 0.4 + 0.6 * min(weight, 1) }

  /// Sets the key from the left margin, in one line where it fits.
  func place(on page: inout Page) {
    let theme = style.theme
    let name = hasOpacity ? "line width, opacity: weight" : "arc width: weight"
    var marks: [Mark] = [
      .text(Text(name, font: .note, color: theme.secondary, at: Point(page.left, page.y)))
    ]
    var x = page.left + style.measure(name, .note).width + 7
    for weight in weights {
      let label = NumberFormat.tick(weight)
      let width = 18 + style.measure(label, .note).width
      if x + width > page.right { (x, page.y) = (page.left, page.y + 9) }
      let y = page.y - 2.1
      marks += [
        .line(
          [Point(x, y), Point(x + 15, y)],
          .init(
            theme.secondary.opacity(hasOpacity ? Self.opacity(weight) : 1),
            width: max(widest * weight, 0.3))),
        .text(Text(label, font: .note, color: theme.secondary, at: Point(x + 18, page.y))),
      ]
      x += width + 9
    }
    page.add("key", marks)
  }
}
