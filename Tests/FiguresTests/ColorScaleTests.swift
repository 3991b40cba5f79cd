import Figures
import Testing

@Suite struct ColorScaleTests {
  @Test func weightsRunFromZeroToOne() {
    let scale = ColorScale(weights: .linear, in: Style())
    #expect(scale.color(of: 0) == Theme.paper.paper)
    #expect(scale.color(of: 1) == Color(0x0B2F5B))
    #expect(scale.index(of: 0.5) == 128)
    #expect(scale.color(of: 1.00001) == scale.color(of: 1))
    #expect(scale.ticks == [0, 0.25, 0.5, 0.75, 1])
    #expect(scale.declaration == nil)
  }

  @Test(arguments: [
    (5.5, 6), (4.2, 5), (6, 6), (0.34, 0.4), (0.3, 0.3), (110_208, 120_000), (0, 1),
  ])
  func signedRangesAreRoundedUp(_ largest: Double, _ limit: Double) {
    let scale = ColorScale(largest: largest, .linear, in: Style())
    #expect(abs(scale.range.upperBound - limit) < 1e-9 * limit)
    #expect(scale.range.lowerBound == -scale.range.upperBound)
    #expect(scale.color(of: 0) == Theme.paper.paper)
    #expect(scale.index(of: -limit) == 0)
    #expect(scale.index(of: limit) == 254)
  }

  @Test func squareRoot() {
    let scale = ColorScale(weights: .squareRoot, in: Style())
    #expect(scale.position(of: 0.25) == 0.5)
    #expect(scale.declaration == "square-root colour scale")
    let signed = ColorScale(largest: 4, .squareRoot, in: Style())
    #expect(signed.position(of: -1) == 0.25)
    #expect(signed.position(of: 1) == 0.75)
  }

  @Test func logarithm() {
    let scale = ColorScale(weights: .logarithm(from: 0.001), in: Style())
    #expect(scale.position(of: 0.0005) == 0)
    #expect(scale.position(of: 0) == 0)
    #expect(abs(scale.position(of: 0.1) - 2.0 / 3) < 1e-12)
    #expect(scale.ticks.map(NumberFormat.tick) == [".001", ".01", ".1", "1"])
    #expect(scale.declaration == "log colour scale from .001")
  }

  @Test func limitsSetBothEnds() {
    let scale = ColorScale(weights: .linear, limits: 0.2...0.6, in: Style())
    #expect(scale.position(of: 0.1) == 0 && scale.position(of: 0.9) == 1)
    #expect(abs(scale.position(of: 0.4) - 0.5) < 1e-12)
    #expect(scale.ticks.map(NumberFormat.tick) == [".2", ".3", ".4", ".5", ".6"])
    let root = ColorScale(weights: .squareRoot, limits: 0...0.65, in: Style())
    #expect(root.ticks == [0, 0.05, 0.25, 0.5, 0.65])
    #expect(abs(root.position(of: 0.65 / 4) - 0.5) < 1e-12)
    let log = ColorScale(weights: .logarithm(from: 0.001), limits: 0...0.5, in: Style())
    #expect(log.ticks.map(NumberFormat.tick) == [".001", ".01", ".1", ".5"])
    #expect(ColorScale(limit: 3, .linear, in: Style()).range == -3...3)
  }
}
