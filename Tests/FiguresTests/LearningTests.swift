import Figures
import TestSupport
import Testing

extension Path.Step {
  /// Where the step ends.
  fileprivate var end: Point? {
    switch self {
    case .move(let point), .line(let point), .curve(_, _, let point): point
    case .close: nil
    }
  }
}

@Suite struct LearningTests {
  /// A run of losses that fall, with as many blocks and a map of as many tokens.
  static func sample(
    steps: Int, looks: Int, blocks: Int = 0, tokens: Int = 0, moments: [Int] = [0, 1, 4, 16, 64]
  ) -> Learning {
    var random = Random(seed: 5)
    let training = (1...steps).map { step in
      Learning.Loss(step: step, loss: 2 + 4.2 / Double(step).squareRoot() + 0.1 * random.next())
    }
    let validation = (0..<looks).map { look in
      let step = max(steps * (look + 1) / max(looks, 1), 1)
      return Learning.Loss(step: step, loss: 2.1 + 4.2 / Double(step).squareRoot())
    }
    let words = (0..<tokens).map { TokenLabel($0 % 3 == 0 ? "wonderful" : "a\($0)") }
    let weights = (0..<tokens * tokens).map { _ in Float(random.next()) }
    return Learning(
      caption: Caption(
        title: "A model learns", subtitle: ["tiny · 4 layers × 4 heads"],
        notes: [["Measured before the first step."]], provenance: ["tiny, learning.json."],
        summary: "Losses."),
      training: training, validation: validation, vocabulary: 600,
      blocks: (0..<blocks).map {
        let depth = Double(blocks - $0)
        return Learning.Block(
          name: "\($0)", norm: 0.5 + 0.1 * depth, withoutResiduals: 3 - 0.1 * depth,
          withoutBoth: (0..<blocks - $0).reduce(1.0) { value, _ in value * 0.01 })
      },
      maps: tokens == 0
        ? nil
        : Learning.Maps(
          head: "L1H2", tokens: words,
          mask: (0..<tokens * tokens).map { $0 % tokens > $0 / tokens },
          moments: moments.map { .init(step: $0, weights: weights) }))
  }

  @Test(arguments: [1, 2, 30, 5000], Samples.widths)
  func textsKeepTheirDistance(_ steps: Int, _ width: Double?) {
    for (looks, blocks, tokens) in [(0, 0, 0), (1, 1, 1), (5, 4, 9), (40, 30, 24), (3, 2, 60)] {
      for theme in [Theme.paper, .dark] {
        var style = Samples.style(width)
        style.theme = theme
        let figure = Self.sample(steps: steps, looks: looks, blocks: blocks, tokens: tokens)
        #expect(violations(figure, style) == [], "\(looks), \(blocks), \(tokens)")
      }
    }
  }

  /// A thousand times as many steps make no longer a drawing, and say that means are drawn.
  @Test func manyStepsAreMeans() {
    let many = Self.sample(steps: 20_000, looks: 8).scene(in: Style())
    #expect(many.text.utf8.count < 60_000)
    let words = Inks(many).strings.joined(separator: " ")
    #expect(words.contains("as their mean"))
    let few = Inks(Self.sample(steps: 8, looks: 2).scene(in: Style())).strings
    #expect(!few.joined(separator: " ").contains("as their mean"))
  }

  @Test(arguments: [nil, 89.0]) func everyCurveHasItsName(_ width: Double?) {
    let figure = Self.sample(steps: 300, looks: 6, blocks: 6, tokens: 5)
    let words = Inks(figure.scene(in: Samples.style(width))).strings.joined(separator: " ")
    let loss = NumberFormat.fixed(figure.validation[5].loss, decimals: 2)
    for name in ["training", "validation", loss, "6.40", "as it is", "residual", "norms"] {
      #expect(words.contains(name), "\(name)")
    }
    for step in ["new model", "step 1", "step 64"] { #expect(words.contains(step)) }
  }

  /// Maps stay on the page, whatever their names.
  @Test(arguments: [60, 89, 120, 140, 183] as [Double]) func mapsStayOnThePage(_ width: Double) {
    for tokens in [1, 3, 9, 20, 45, 90] {
      var figure = Self.sample(steps: 9, looks: 2, tokens: tokens)
      // The lines of a hatch are cut off at its outline.
      figure.maps?.mask = nil
      let scene = figure.scene(in: Samples.style(width))
      // The plate behind cells stands out by a quarter of a point.
      let right = scene.size.width - .millimetres(2) + 0.3
      func reach(_ marks: [Mark]) -> Double {
        marks.reduce(0) { most, mark in
          switch mark {
          case .label(let label): max(most, reach(label.marks))
          case .image(let image): max(most, image.frame.maxX)
          case .path(let path): max(most, path.steps.compactMap(\.end?.x).max() ?? 0)
          case .group, .text: most
          }
        }
      }
      #expect(reach(scene.marks) <= right, "\(tokens)")
    }
  }

  /// Gradients that vanish to 0 have no place on the axis, and break nothing.
  @Test func numbersThatCannotBeDrawn() {
    var figure = Self.sample(steps: 5, looks: 2, blocks: 3)
    for value in [0, .infinity, .nan] as [Double] {
      figure.blocks[0].withoutBoth = value
      figure.training[1].loss = value
      let scene = figure.scene(in: Style())
      #expect(scene.size.height.isFinite && !scene.text.contains("nan"))
    }
  }

  @Test func goldens() throws {
    let figure = Self.sample(steps: 4, looks: 2, blocks: 2, tokens: 2, moments: [0, 4])
    #expect(try Goldens.difference("learning.txt", figure.scene(in: Style()).text) == nil)
  }
}
