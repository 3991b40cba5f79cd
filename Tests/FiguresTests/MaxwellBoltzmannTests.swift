import Figures
import TestSupport
import Testing

@Suite struct MaxwellBoltzmannTests {
  /// The area is 1, the mean speed 2a√(2/π), the mean square 3a² (Simpson's rule up to 14a).
  @Test(arguments: [0.3, 1, 2, 5, 70]) func moments(_ a: Double) {
    let (count, end) = (2000, 14 * a)
    func integral(_ power: (Double) -> Double) -> Double {
      (0...count).reduce(0) { sum, index in
        let v = end * Double(index) / Double(count)
        let weight = index == 0 || index == count ? 1.0 : index % 2 == 1 ? 4 : 2
        return sum + weight * power(v) * MaxwellBoltzmann.density(v, width: a)
      } * end / Double(count) / 3
    }
    #expect(abs(integral { _ in 1 } - 1) < 1e-10)
    #expect(abs(integral { $0 } / (a * 1.5957691216057308) - 1) < 1e-10)
    #expect(abs(integral { $0 * $0 } / (3 * a * a) - 1) < 1e-10)
  }

  @Test(arguments: [0.3, 1, 5]) func theModeIsTheHighestPoint(_ a: Double) {
    let mode = MaxwellBoltzmann.mode(width: a)
    #expect(abs(mode / a - 1.4142135623730951) < 1e-15)
    let top = MaxwellBoltzmann.density(mode, width: a)
    for share in [0.9, 0.99, 1.01, 1.1] {
      #expect(MaxwellBoltzmann.density(share * mode, width: a) < top)
    }
    // f(a√2) = (2/e) √(2/π) / a.
    #expect(abs(top * a - 0.587050652695) < 1e-9)
  }

  @Test func wordsAreComputedFromTheWidths() {
    let strings = Inks(MaxwellBoltzmann().scene(in: Style())).strings.joined(separator: " ")
    #expect(strings.contains("a = 2 is 4×") && strings.contains("a = 5 is 25×"))
    #expect(strings.contains("at three temperatures") && strings.contains("v = 2.83"))
    let others = Inks(MaxwellBoltzmann(widths: [3, 2]).scene(in: Style())).strings.joined()
    #expect(others.contains("a = 3 is 2.25×") && others.contains("two temperatures"))
    let one = Inks(MaxwellBoltzmann(widths: [3]).scene(in: Style())).strings.joined()
    #expect(!one.contains("as hot as") && one.contains("one temperature"))
  }

  @Test func golden() throws {
    let scene = MaxwellBoltzmann(widths: [1, 2]).scene(in: Style(width: .millimetres(89)))
    #expect(try Goldens.difference("maxwell-boltzmann.txt", scene.text) == nil)
  }
}
