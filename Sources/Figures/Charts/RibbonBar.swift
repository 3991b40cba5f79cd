/// One whole distribution as a bar of width 1: the token written, the runners-up, the rest hatched.
struct RibbonBar {
  let step: Ribbon.Step
  let style: Style

  /// A narrower rest is not drawn.
  private static let leastRest = 0.05

  /// One part of the bar.
  struct Part {
    /// Where it starts, as a share of the bar.
    var start: Double
    /// Its probability.
    var share: Double
    /// What it stands for; `nil` for the token written and for the rest.
    var token: TokenLabel?
  }

  /// The parts from left to right; they add up to the whole bar.
  var parts: (written: Part, runnersUp: [Part], rest: Part) {
    func clipped(_ value: Double, from start: Double) -> Double {
      value.isFinite ? min(max(value, 0), 1 - start) : 0
    }
    let written = Part(start: 0, share: clipped(step.probability, from: 0))
    var (end, runnersUp) = (written.share, [Part]())
    for other in step.runnersUp.prefix(Ribbon.mostRunnersUp) {
      let share = clipped(other.probability, from: end)
      runnersUp.append(Part(start: end, share: share, token: other.token))
      end += share
    }
    return (written, runnersUp, Part(start: end, share: 1 - end))
  }

  /// The bar in a frame.
  func marks(in frame: Rectangle) -> [Mark] {
    let (written, runnersUp, rest) = parts
    let theme = style.theme
    var marks: [Mark] = []
    if written.share > 0 {
      marks.append(.rectangle(place(written, in: frame), fill: theme.accent))
    }
    for (index, part) in runnersUp.enumerated() where part.share > 0 {
      marks += self.marks(part, theme.runnerUp(index), in: place(part, in: frame))
    }
    guard rest.share * frame.size.width > Self.leastRest else { return marks }
    return marks + restMarks(place(rest, in: frame))
  }

  /// A part's rectangle without the gap on its right: half a point, less where the part is thin.
  private func place(_ part: Part, in frame: Rectangle) -> Rectangle {
    let width = part.share * frame.size.width
    let isLast = (1 - part.start - part.share) * frame.size.width <= Self.leastRest
    let gap = isLast ? 0 : min(0.5, 0.4 * width)
    return Rectangle(
      x: frame.minX + part.start * frame.size.width, y: frame.minY, width: width - gap,
      height: frame.size.height)
  }

  private func marks(_ part: Part, _ color: Color, in place: Rectangle) -> [Mark] {
    let bar = Mark.rectangle(place, fill: color)
    guard let name = part.token?.text, !name.isEmpty,
      style.measure(name, .note).width + 4 <= place.size.width
    else { return [bar] }
    let point = Point(place.minX + 2, place.minY + place.size.height / 2 + 0.364 * 6)
    let text = Text(name, font: .note, color: style.theme.text(on: color), at: point)
    return [bar, .text(text)]
  }

  private func restMarks(_ place: Rectangle) -> [Mark] {
    let theme = style.theme
    let hatch = Hatch(sum: theme.runnerUp(1), in: theme).fill(place)
    // What stands beyond the runners-up that are drawn is in the rest, too.
    let hidden = step.runnersUp.dropFirst(Ribbon.mostRunnersUp)
    let mass = hidden.reduce(step.othersMass) { $0 + $1.probability }
    let count = NumberFormat.count(step.othersCount + hidden.count)
    let words = "\(NumberFormat.mass(mass)) in \(count) others"
    let width = style.measure(words, .cell).width
    guard width + 9 <= place.size.width else { return [hatch] }
    let (end, middle) = (place.maxX - 3, place.minY + place.size.height / 2)
    let plate = Rectangle(x: end - width - 2, y: middle - 3.8, width: width + 4, height: 7.6)
    let point = Point(end, middle + 0.364 * 5.5)
    return [
      hatch, .plate(plate, radius: 1, fill: theme.paper),
      .text(Text(words, font: .cell, color: theme.secondary, at: point, alignment: .end)),
    ]
  }
}

extension Theme {
  /// The colour of the runner-up with an index: grey-blue, fading into the paper.
  func runnerUp(_ index: Int) -> Color {
    let amounts = [1, 0.72, 0.51, 0.35, 0.23, 0.15]
    let strongest = Color(isDark ? 0x546B84 : 0x8FA6BF)
    return paper.mixed(with: strongest, amounts[min(max(index, 0), amounts.count - 1)])
  }
}

extension NumberFormat {
  /// The probability of many together: two decimals, "0.35"; "<0.01" and ">0.99" near the ends.
  static func mass(_ value: Double) -> String {
    let text = weight(value)
    return text.replacing(".", with: "0.", maxReplacements: 1)
  }
}
