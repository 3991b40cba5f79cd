/// Where everything in the diagram of feedback stands: the first two steps at the left and the loop
/// at the right, or all of it under each other.
struct FeedbackLoopLayout {
  private let figure: FeedbackLoop
  private let style: Style
  private let width: Double

  private static let leastWide = 430.0
  private static let divider = 26.0

  init(_ figure: FeedbackLoop, in style: Style) {
    self.figure = figure
    self.style = style
    width = Page.fittedWidth(in: style) ?? .millimetres(171)
  }

  private var theme: Theme { style.theme }
  private var isWide: Bool { width >= Self.leastWide }

  func scene() -> Scene {
    var page = Page(figure.caption, formula: Self.formula, width: width, in: style)
    page.y += 12
    if isWide { beside(on: &page) } else { below(on: &page) }
    page.y += 10
    return page.scene(declaring: [])
  }

  /// r = r_θ − λ r_KL
  private static let formula: Formula = .row([
    .variable("r"), .sign("="), .sub(.variable("r"), .variable("θ")), .sign("−"), .variable("λ"),
    .thinSpace, .sub(.variable("r"), .word("KL")),
  ])

  private func beside(on page: inout Page) {
    let top = page.y
    let left = 0.25 * width
    let first = step(1, .start, width: left, page: &page, at: Point(page.left, top))
    let second = step(
      2, .comparing, width: left, page: &page, at: Point(page.left, first + 20))
    let x = page.left + left + Self.divider
    let third = step(3, .loop, width: page.right - x, page: &page, at: Point(x, top))
    page.y = max(second, third)
    let middle = page.left + left + Self.divider / 2
    page.add(
      .line(
        [Point(middle, top), Point(middle, page.y)], .init(theme.hairline, width: 0.35)))
  }

  private func below(on page: inout Page) {
    for (number, kind) in [FeedbackMap.Kind.start, .comparing, .chain].enumerated() {
      if number > 0 {
        page.y += 12
        page.rule()
        page.y += 10
      }
      page.y = step(number + 1, kind, width: width, page: &page, at: Point(page.left, page.y))
    }
  }

  /// A heading with its number, and the boxes under it; the lowest point.
  private func step(
    _ number: Int, _ kind: FeedbackMap.Kind, width: Double, page: inout Page, at corner: Point
  ) -> Double {
    let disc = Point(corner.x + 5, corner.y + 5)
    var marks: [Mark] = [
      .dot(at: disc, radius: 5, fill: theme.accent, stroke: .init(theme.accent, width: 0.3)),
      .text(
        Text(
          "\(number)", font: Font(size: 7, weight: .semibold), color: theme.text(on: theme.accent),
          at: Point(disc.x, disc.y + 2.5), alignment: .middle)),
    ]
    let heading = RichText(
      [.text(kind.heading)], TextStyle(font: .heading, color: theme.ink), width: width - 15,
      measure: style.measure
    ).lines
    for (index, line) in heading.enumerated() {
      marks += line.marks(at: Point(corner.x + 15, corner.y + 7.5 + 9 * Double(index)))
    }
    let note = RichText(
      [.text(kind.words)], TextStyle(font: .note, color: theme.secondary), width: width,
      measure: style.measure
    ).lines
    var y = corner.y + 9.5 + 9 * Double(heading.count - 1)
    for line in note {
      y += 8.5
      marks += line.marks(at: Point(corner.x, y))
    }
    let map = FeedbackMap(
      figure, kind, at: Point(corner.x, y + 9), width: width, in: style)
    page.add("step-\(number)", marks + map.marks)
    return map.bottom
  }
}

extension FeedbackMap.Kind {
  var heading: String {
    switch self {
    case .start: "A model that can write"
    case .comparing: "A reward is learned from pairs"
    case .loop, .chain: "The policy is pushed, and held"
    }
  }

  var words: String {
    switch self {
    case .start: "trained on text alone"
    case .comparing: "which of two do you prefer?"
    case .loop, .chain: "every number is a mean of the last iteration"
    }
  }
}
