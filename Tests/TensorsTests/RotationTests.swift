import Foundation
import Tensors
import Testing

@Suite struct RotationTests {
  @Test func turnsPairsByTheirAngle() {
    let x = Tensor((0..<2 * 5 * 8).map { Float($0 % 13) - 6 }, shape: [2, 5, 8])
    let turned = Rotation(width: 8, base: 10_000, positions: 0..<5)(x)
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
    let whole = Rotation(width: 4, base: 10_000, positions: 0..<7)(x)
    let late = Tensor((0..<3).flatMap { x.slice($0).rows(5..<7).numbers }, shape: [3, 2, 4])
    let turned = Rotation(width: 4, base: 10_000, positions: 5..<7)(late)
    for head in 0..<3 { #expect(turned.slice(head) == whole.slice(head).rows(5..<7)) }
  }

  /// The product of two turned vectors depends on their distance alone.
  @Test func productsDependOnTheDistance() {
    let rows = (0..<6).flatMap { _ in [0.3, -1, 2, 0.5] as [Float] }
    let x = Rotation(width: 4, base: 100, positions: 0..<6)(Tensor(rows, shape: [1, 6, 4]))
    let products = x.headwiseProducts(with: x, scale: 1)
    #expect(abs(products[0, 0, 2] - products[0, 3, 5]) < 1e-5)
    #expect(abs(products[0, 1, 2] - products[0, 4, 5]) < 1e-5)
  }
}
