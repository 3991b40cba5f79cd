import Figures
import Testing

@Suite struct LinearScaleTests {
  @Test func positions() {
    let scale = LinearScale(-2...2, from: 100, to: 0)
    #expect(scale(-2) == 100)
    #expect(scale(0) == 50)
    #expect(scale(2) == 0)
    #expect(LinearScale(1...1, from: 0, to: 10)(1) == 5)
  }

  @Test func roundTicks() {
    #expect(LinearScale(0...1, from: 0, to: 1).ticks(about: 4) == [0, 0.25, 0.5, 0.75, 1])
    #expect(LinearScale(0...10.8, from: 0, to: 1).ticks(about: 5) == [0, 2.5, 5, 7.5, 10])
    #expect(LinearScale(-6...6, from: 0, to: 1).ticks(about: 3) == [-5, 0, 5])
    #expect(LinearScale(3...3, from: 0, to: 1).ticks(about: 3) == [3])
  }

  @Test(arguments: [0.0003, 0.7, 1, 3.3, 17, 5e7]) func ticksStayInside(_ length: Double) {
    for count in 1...9 {
      let ticks = LinearScale(0.1 * length...1.1 * length, from: 0, to: 1).ticks(about: count)
      #expect(ticks.allSatisfy { $0 >= 0.0999 * length && $0 <= 1.1001 * length })
      #expect(ticks.count <= 2 * count + 2)
    }
  }
}
