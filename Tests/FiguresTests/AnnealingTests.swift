import Figures
import TestSupport
import Testing

@Suite struct AnnealingTests {
  private func blocks(_ scene: Scene) -> Int {
    scene.marks.count { mark in
      if case .label(let label) = mark { label.name.hasPrefix("table") } else { false }
    }
  }

  @Test func manyStepsAreSetInBlocksAndNeverShrink() {
    for (count, most) in [(14, 1), (40, 3)] {
      let scene = GenerationSamples.annealing(steps: count).scene(in: Style())
      #expect(blocks(scene) >= most)
      let sizes = Set(Inks(scene).all.map(\.text.font.size))
      #expect(sizes.min() ?? 0 >= 5)
      let numbers = Inks(scene).strings
      for step in 1...count { #expect(numbers.contains("\(step)")) }
    }
    let narrow = GenerationSamples.annealing(steps: 14).scene(in: GenerationFiguresTests.style(89))
    #expect(blocks(narrow) > 1)
    #expect(Inks(narrow).strings.joined(separator: " ").contains("set in blocks"))
  }

  @Test func barsAreAsHighAsTheirEntropies() {
    var figure = GenerationSamples.annealing(steps: 3)
    for (index, entropy) in [2.0, 4, 8].enumerated() { figure.steps[index].entropy = entropy }
    let bars = rectangles(part("entropy", of: figure.scene(in: Style())))
    #expect(bars.count == 3)
    let heights = bars.map(\.frame.size.height)
    #expect(abs(heights[1] / heights[0] - 2) < 1e-9 && abs(heights[2] / heights[0] - 4) < 1e-9)
  }

  @Test func exactEndsArePrintedOnlyWhereTheyAre() {
    var figure = GenerationSamples.annealing(steps: 2)
    (figure.steps[0].temperature, figure.steps[0].probability, figure.steps[0].entropy) = (0, 1, 0)
    (figure.steps[1].temperature, figure.steps[1].probability) = (0.1, 1)
    let strings = Inks(figure.scene(in: Style())).strings
    #expect(strings.contains(">0.999"))
    figure.steps[1].temperature = 0
    #expect(!Inks(figure.scene(in: Style())).strings.contains(">0.999"))
  }

  @Test func infiniteTemperaturesAreExplained() {
    var figure = GenerationSamples.annealing(steps: 2)
    figure.steps[0].temperature = .infinity
    let strings = Inks(figure.scene(in: Style())).strings
    #expect(strings.contains("∞"))
    #expect(strings.joined(separator: " ").contains("no place on the axis"))
  }

  @Test func goldens() throws {
    let scene = GenerationSamples.annealing(steps: 3).scene(in: Style())
    #expect(try Goldens.difference("annealing.txt", scene.text) == nil)
  }
}
