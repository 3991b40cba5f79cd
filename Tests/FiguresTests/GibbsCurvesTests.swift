import Figures
import TestSupport
import Testing

@Suite struct GibbsCurvesTests {
  private func strings(_ sample: DistributionSample) -> [String] {
    Inks(sample.gibbs.scene(in: Style())).strings
  }

  @Test func onePeakIsNamed() throws {
    let sample = DistributionSample(
      "one", logits: [4] + Array(repeating: 0, count: 30), temperatures: [1])
    #expect(sample.gibbs.peaks.count == 1)
    #expect(strings(sample).count { $0.contains("melts") } == 1)
    #expect(strings(sample).contains { $0.contains("Schottky") })
  }

  /// Two gaps far apart: first three states share the mass, then all.
  @Test func everyPeakIsMarkedAndTheHighestNamed() throws {
    let sample = DistributionSample(
      "two", logits: [14, 13.3, 13.2] + Array(repeating: 0, count: 300), temperatures: [1])
    #expect(sample.gibbs.peaks.count == 2)
    let all = strings(sample).joined(separator: " ")
    #expect(all.contains("the 2 peaks of C") && all.contains("highest"))
    #expect(strings(sample).count { $0.contains("melts") } == 1)
    let heats = sample.gibbs.peaks.map(\.specificHeat)
    #expect(heats == heats.sorted(by: >))
  }

  @Test func noPeakIsSaid() throws {
    let sample = try #require(DistributionSample.all.first { $0.name == "two tied" })
    #expect(sample.gibbs.peaks.isEmpty)
    let all = strings(sample).joined(separator: " ")
    #expect(all.contains("no maximum between τ = 0.1 and τ = 10"))
    #expect(!all.contains("melts"))
  }

  @Test func theZeroAndTheCheckAreStated() throws {
    let sample = try #require(DistributionSample.all.first { $0.name == "many" })
    let all = strings(sample).joined(separator: " ")
    #expect(all.contains("do not depend on the zero of energy"))
    #expect(all.contains("naïve") && all.contains("3.1·10⁻¹⁴"))
  }

  @Test func golden() throws {
    let figure = DistributionSample("golden", logits: [3, 0, -0.5, -1], temperatures: [1]).gibbs
    #expect(try Goldens.difference("gibbs.txt", figure.scene(in: Style()).text) == nil)
  }
}
