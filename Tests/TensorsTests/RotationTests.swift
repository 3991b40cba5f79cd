import Foundation
import Tensors
import Testing

@Suite struct RotationTests {
  /// The frequencies of the paper: pair i of `width` dimensions turns by base^(−2i/width).
  func frequencies(_ width: Int, _ base: Double) -> [Double] {
    (0..<width / 2).map { 1 / pow(base, Double(2 * $0) / Double(width)) }
  }

  @Test func turnsPairsByTheirAngle() {
    let x = Tensor((0..<2 * 5 * 8).map { Float($0 % 13) - 6 }, shape: [2, 5, 8])
    let turned = Rotation(frequencies: frequencies(8, 10_000), positions: 0..<5)(x)
    for head in 0..<2 {
      for position in 0..<5 {
        for i in 0..<4 {
          let angle = Double(position) * pow(10_000, -2 * Double(i) / 8)
          let (a, b) = (Double(x[head, position, i]), Double(x[head, position, i + 4]))
          #expect(abs(Double(turned[head, position, i]) - (a * cos(angle) - b * sin(angle))) < 1e-5)
          #expect(
            abs(Double(turned[head, position, i + 4]) - (b * cos(angle) + a * sin(angle))) < 1e-5)
        }
      }
    }
  }

  /// Rows that come later are turned by the same angles, bit for bit.
  @Test func continuesAtAnyPosition() {
    let x = Tensor((0..<3 * 7 * 4).map { Float($0 % 11) - 5 }, shape: [3, 7, 4])
    let whole = Rotation(frequencies: frequencies(4, 10_000), positions: 0..<7)(x)
    let late = Tensor((0..<3).flatMap { x.slice($0).rows(5..<7).numbers }, shape: [3, 2, 4])
    let turned = Rotation(frequencies: frequencies(4, 10_000), positions: 5..<7)(late)
    for head in 0..<3 { #expect(turned.slice(head) == whole.slice(head).rows(5..<7)) }
  }

  /// The product of two turned vectors depends on their distance alone.
  @Test func productsDependOnTheDistance() {
    let rows = (0..<6).flatMap { _ in [0.3, -1, 2, 0.5] as [Float] }
    let x = Rotation(frequencies: frequencies(4, 100), positions: 0..<6)(
      Tensor(rows, shape: [1, 6, 4]))
    let products = x.headwiseProducts(with: x, scale: 1)
    #expect(abs(products[0, 0, 2] - products[0, 3, 5]) < 1e-5)
    #expect(abs(products[0, 1, 2] - products[0, 4, 5]) < 1e-5)
  }

  /// Two pairs of a head of 7 dimensions are turned; the last three stay, bit for bit.
  @Test func turnsAPartOfTheDimensions() {
    let x = Tensor((0..<4 * 7).map { Float($0 % 5) - 2 }, shape: [1, 4, 7])
    let turned = Rotation(frequencies: [1, 0.5], positions: 0..<4)(x)
    for position in 0..<4 {
      for i in 4..<7 { #expect(turned[0, position, i] == x[0, position, i]) }
      let angle = Double(position) * 0.5
      let (a, b) = (Double(x[0, position, 1]), Double(x[0, position, 3]))
      #expect(abs(Double(turned[0, position, 1]) - (a * cos(angle) - b * sin(angle))) < 1e-6)
    }
  }

  /// The factor multiplies what is turned and nothing else.
  @Test func factorActsOnTurnedDimensions() {
    let x = Tensor([1, 2, 3, 4, 5, 6], shape: [1, 1, 6])
    let turned = Rotation(frequencies: [1, 0.5], factor: 1.5, positions: 0..<1)(x)
    #expect(turned.numbers == [1.5, 3, 4.5, 6, 5, 6])
  }
}
