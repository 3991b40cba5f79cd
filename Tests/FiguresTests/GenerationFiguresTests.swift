import Figures
import Testing

/// What ribbon, annealing and surprise keep, whatever the text.
@Suite struct GenerationFiguresTests {
  static let widths: [Double?] = [nil, 40, 60, 89, 183]
  static let counts = [0, 1, 2, 3, 5, 16, 17, 40, 200]

  static func style(_ width: Double?, _ theme: Theme = .paper, scale: Double = 1) -> Style {
    Style(theme: theme, scale: scale, width: width.map { .millimetres($0) })
  }

  @Test(arguments: counts, widths) func textsKeepTheirDistance(_ count: Int, _ width: Double?) {
    for figure in GenerationSamples.figures(count) {
      #expect(violations(figure, Self.style(width)) == [], "\(type(of: figure).name)")
    }
  }

  @Test(arguments: [1, 40]) func slides(_ count: Int) {
    for figure in GenerationSamples.figures(count) {
      let plain = figure.scene(in: Self.style(nil))
      let doubled = figure.scene(in: Self.style(nil, scale: 2))
      #expect(doubled.size == Size(2 * plain.size.width, 2 * plain.size.height))
      #expect(violations(figure, Self.style(254, scale: 2)) == [])
    }
  }

  @Test(arguments: [Theme.paper, .light, .dark], [nil, 89.0])
  func wordsCanBeRead(_ theme: Theme, _ width: Double?) {
    for figure in GenerationSamples.figures(1) + GenerationSamples.figures(20) {
      let pale = Grounds(figure.scene(in: Self.style(width, theme)), theme).all
        .filter { $0.text.color.contrast(with: $0.ground) < 4.5 }
      #expect(pale.map(\.text.string) == [], "\(type(of: figure).name)")
    }
  }

  @Test func summariesAreWrittenFromTheNumbers() {
    for figure in GenerationSamples.figures(16) {
      #expect(figure.scene(in: Style()).summary.contains("16"), "\(type(of: figure).name)")
    }
    var figure = GenerationSamples.surprise(4)
    figure.caption.summary = "Mine."
    #expect(figure.scene(in: Style()).summary == "Mine.")
  }

  @Test func everyNumberIsFinite() {
    var ribbon = GenerationSamples.ribbon(steps: 3)
    ribbon.steps[0].probability = .nan
    ribbon.steps[1].runnersUp[0].probability = .infinity
    ribbon.steps[2].othersMass = -1
    var annealing = GenerationSamples.annealing(steps: 3)
    annealing.steps[0].temperature = .infinity
    annealing.steps[1].entropy = .nan
    annealing.steps[2].temperature = 0
    var surprise = GenerationSamples.surprise(6)
    surprise.positions[2].prediction?.surprise = .infinity
    for figure in [ribbon, annealing, surprise] as [any Figure] {
      let inks = Inks(figure.scene(in: Self.style(89)))
      #expect(inks.all.allSatisfy { $0.box.minX.isFinite && $0.box.minY.isFinite })
      #expect(violations(figure, Self.style(89)) == [], "\(type(of: figure).name)")
    }
  }

  @Test func shortenedTokensAreSpelledOut() {
    let long = "␣Donaudampfschifffahrtsgesellschaftskapitänsmütze"
    for figure in GenerationSamples.figures(20) {
      let strings = Inks(figure.scene(in: Self.style(89))).strings
      #expect(strings.joined(separator: " ").contains("…"), "\(type(of: figure).name)")
      let notes = strings.joined().filter { $0 != " " }
      #expect(notes.contains("is“\(long)”"), "\(type(of: figure).name)")
    }
  }
}

/// The marks of a named part of a scene.
func part(_ name: String, of scene: Scene) -> [Mark] {
  for case .label(let label) in scene.marks where label.name == name { return label.marks }
  return []
}

/// The filled rectangles among marks that stand for nothing but themselves.
func rectangles(_ marks: [Mark]) -> [(frame: Rectangle, color: Color)] {
  marks.flatMap { mark -> [(frame: Rectangle, color: Color)] in
    switch mark {
    case .group(let group): return rectangles(group.marks)
    case .path(let path):
      guard path.steps.count == 5, let fill = path.fill, case .move(let corner) = path.steps[0],
        case .line(let opposite) = path.steps[2]
      else { return [] }
      let frame = Rectangle(
        x: corner.x, y: corner.y, width: opposite.x - corner.x, height: opposite.y - corner.y)
      return [(frame, fill)]
    case .label, .text, .image: return []
    }
  }
}
