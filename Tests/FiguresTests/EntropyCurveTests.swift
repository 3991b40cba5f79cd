import Figures
import TestSupport
import Testing

@Suite struct EntropyCurveTests {
  @Test(arguments: [1, 2, 3, 5, 6, 11, 12, 50, 1000, 2001, 49152, 250_000])
  func bandsAreEveryRankOnce(_ count: Int) {
    let bands = EntropyCurve.bands(of: count)
    #expect(bands.first?.lowerBound == 1 && bands.last?.upperBound == count)
    #expect(bands.count <= 5)
    for (band, next) in zip(bands, bands.dropFirst()) {
      #expect(next.lowerBound == band.upperBound + 1)
    }
  }

  @Test func theBandsOfTheDesign() {
    #expect(
      EntropyCurve.bands(of: 49152) == [1...1, 2...100, 101...1000, 1001...10000, 10001...49152])
  }

  @Test func numbersAtOneAreThere() throws {
    let sample = try #require(DistributionSample.all.first { $0.name == "three keys" })
    let strings = Inks(sample.entropyCurve.scene(in: Style())).strings
    let own = try #require(sample.entropyCurve.own)
    #expect(strings.contains(NumberFormat.count(own.setSize)))
    for name in ["The", "␣capital", "␣of"] { #expect(strings.contains(name)) }
  }

  /// The right axis is the entropy of the left one: ln of the tokens.
  @Test func theTopOfBothAxesIsEveryState() throws {
    let sample = try #require(DistributionSample.all.first { $0.name == "many" })
    let inks = Inks(sample.entropyCurve.scene(in: Style())).all
    let top = try #require(inks.first { $0.text.string == "400" })
    let limit = try #require(inks.first { $0.text.string == "5.99" })
    #expect(abs(top.text.position.y - limit.text.position.y) < 0.01)
  }

  @Test func golden() throws {
    let figure = DistributionSample(
      "golden", logits: [2, 0, 0.5], labels: ["a", "東京", "c"], temperatures: [1]
    )
    .entropyCurve
    #expect(try Goldens.difference("entropy.txt", figure.scene(in: Style()).text) == nil)
  }
}
