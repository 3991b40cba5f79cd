import Figures
import Testing

@Suite struct LogScaleTests {
  private let scale = LogScale(0.1...100, from: 50, to: 350)

  @Test func decadesAreEquallyFar() {
    #expect(near(scale(0.1), 50) && near(scale(1), 150) && near(scale(10), 250))
    #expect(near(scale(100), 350))
    #expect(near(scale(2) - scale(1), 30.10299956639812))
  }

  @Test(arguments: [0.1, 0.37, 1, 42, 100, 1e6]) func theInverse(_ value: Double) {
    #expect(near(scale.value(at: scale(value)) / value, 1))
    let linear = LinearScale(-3...17, from: 90, to: 10)
    #expect(near(linear.value(at: linear(value)), value))
  }

  @Test func whatIsNotPositiveStandsFarOutside() {
    #expect(scale(0) < -10_000 && scale(0).isFinite)
  }

  @Test func ticks() {
    #expect(scale.decades().map(\.short) == [0.1, 1, 10, 100])
    #expect(scale.decades(every: 2).map(\.short) == [1, 100])
    #expect(
      LogScale(0.1...10, from: 0, to: 1).oneTwoFive.map(\.short) == [
        0.1, 0.2, 0.5, 1, 2, 5, 10,
      ])
    #expect(scale.minor.count == 24)
    #expect(LogScale(2...5, from: 0, to: 1).decades() == [])
    #expect(LogScale(1...3, from: 0, to: 1).minor == [2, 3])
  }

  private func near(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude < 1e-9 }
}

extension Double {
  fileprivate var short: Double {
    (self * 1e6).rounded() / 1e6
  }
}
