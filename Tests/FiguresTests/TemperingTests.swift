import Figures
import TestSupport
import Testing

@Suite struct TemperingTests {
  private func sample(_ name: String) throws -> DistributionSample {
    try #require(DistributionSample.all.first { $0.name == name })
  }

  private func strings(_ figure: any Figure, _ style: Style = Style()) -> [String] {
    Inks(figure.scene(in: style)).strings
  }

  @Test func theRestIsOneRowAndSaysHowMany() throws {
    #expect(try strings(sample("many").tempering).contains("392 others"))
    let few = try strings(sample("three keys").tempering)
    #expect(!few.contains { $0.contains("other") && !$0.contains("exactly 0") })
    var logits = (0..<9).map { Double(9 - $0) }
    logits[8] = -2
    let nine = DistributionSample("nine", logits: logits, temperatures: [1]).tempering
    #expect(strings(nine).contains("1 other"))
    #expect(!strings(nine).contains { $0.contains("Hatched") })
  }

  @Test func tiesShareTheMassAndAreSaid() throws {
    let strings = try strings(sample("a tie of many").tempering)
    #expect(strings.contains("argmax, 2 tokens tie"))
    #expect(strings.contains { $0.contains("2 tokens have 1/2 each") })
  }

  /// 0 and 1 are printed where they are exact: at τ = 0 and nowhere else.
  @Test func roundedValuesAreNotPrintedAsExact() throws {
    var gap = try sample("a gap")
    gap.temperatures = [0.05]
    let values = Set(strings(gap.tempering))
    // The ticks are 0, ½ and 1; a probability of 1 − 10⁻⁵²¹ is none of them.
    #expect(values.contains(">0.999") && values.contains("<10⁻³⁰⁰"))
    #expect(strings(gap.tempering).count { $0 == "1" } == 3, "two ticks and a rank")
    #expect(strings(gap.tempering).count { $0 == "0" } == 1, "the tick")
    gap.temperatures = [0]
    #expect(strings(gap.tempering).count { $0 == "1" } == 5, "the bar and e^H more")
  }

  /// Every bar is as long as its probability.
  @Test func barsAreAsLongAsTheirProbabilities() throws {
    let figure = try sample("three keys").tempering
    for column in figure.columns where column.temperature > 0 {
      let name = "tau-\(NumberFormat.temperature(column.temperature))"
      let color = TemperatureColor(in: .paper).fill(column.temperature)
      let widths = rectangles(figure.scene(in: Style()), in: name, color)
      let panel = rectangles(
        figure.scene(in: Style()), in: "tau-0", TemperatureColor(in: .paper).fill(0))
      #expect(widths.count == 3 && panel.count == 1)
      for (width, probability) in zip(widths, column.probabilities) {
        #expect(abs(width - probability * panel[0]) < 1e-9)
      }
    }
  }

  private func rectangles(_ scene: Scene, in name: String, _ color: Color) -> [Double] {
    scene.marks.flatMap { mark -> [Double] in
      guard case .label(let label) = mark, label.name == name else { return [] }
      return label.marks.compactMap { mark in
        guard case .path(let path) = mark, path.fill == color,
          case .move(let start) = path.steps[0], case .line(let end) = path.steps[1]
        else { return nil }
        return end.x - start.x
      }
    }
  }

  @Test func longLabelsAreShortenedAndSpelledOut() throws {
    let long = "Donaudampfschifffahrtsgesellschaftskapitänsmütze"
    let strings = strings(
      DistributionSample("long", logits: [1, 0], labels: [long, "a"], temperatures: [1]).tempering)
    #expect(!strings.contains(long))
    #expect(strings.contains { $0.contains("is “\(long)”") })
  }

  @Test func golden() throws {
    let figure = DistributionSample(
      "golden", logits: [2, 2, 0.5, -1, -1, -2, -2, -3, -3, -4],
      labels: DistributionSample.words + ["x", "y"],
      temperatures: [0, 1, .infinity]
    ).tempering
    #expect(try Goldens.difference("tempering.txt", figure.scene(in: Style()).text) == nil)
  }
}
