import Figures
import TestSupport
import Testing

@Suite struct DensityCurvesTests {
  private func strings(_ figure: any Figure) -> [String] { Inks(figure.scene(in: Style())).strings }

  @Test func bothSentencesAndTheKernelAreThere() throws {
    let figure = DistributionSample.all[0].density
    let all = strings(figure).joined(separator: " ")
    #expect(all.contains("Which is Gibbs, which is Maxwell–Boltzmann?"))
    #expect(all.contains("only falls with energy") && all.contains("density of states"))
    #expect(all.contains("h = 0.40") && all.contains("Bar + area = 1"))
  }

  /// What is printed adds up to 1 within the rounding of what is printed.
  @Test func barAndAreaAreOne() throws {
    let sample = try #require(DistributionSample.all.first { $0.name == "three keys" })
    let all = strings(sample.density)
    for level in sample.density.levels where level.area > 0 {
      #expect(abs(level.ground + level.area - 1) < 1e-12)
      #expect(all.contains("area " + NumberFormat.share(level.area)))
      #expect(all.contains(NumberFormat.probability(level.ground)))
    }
  }

  @Test func tiedGroundStatesSayTheirNumber() throws {
    let sample = try #require(DistributionSample.all.first { $0.name == "a tie of many" })
    #expect(strings(sample.density).joined(separator: " ").contains("2 states tie, 1/2"))
  }

  @Test func noCurveIsExplained() throws {
    let tied = try #require(DistributionSample.all.first { $0.name == "two tied" })
    #expect(strings(tied.density).contains { $0.contains("Every state is a ground state") })
    let cold = try #require(DistributionSample.all.first { $0.name == "only zero" })
    #expect(strings(cold.density).contains { $0.contains("the ground state holds everything") })
  }

  @Test func whatIsTooFlatToSeeIsTold() throws {
    let sample = try #require(DistributionSample.all.first { $0.name == "a gap" })
    #expect(strings(sample.density).joined(separator: " ").contains("Too flat to be seen: τ = 0.1"))
  }

  @Test func golden() throws {
    let figure = DistributionSample("golden", logits: [3, 0, -0.5], temperatures: [1, .infinity])
      .density
    #expect(try Goldens.difference("density.txt", figure.scene(in: Style()).text) == nil)
  }
}
