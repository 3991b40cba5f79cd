import Foundation
import Tensors
import Testing

@Suite struct ElementwiseTests {
  static let inputs: [Float] = (0..<301).map { Float($0 - 150) / 15 }

  @Test func geluAgreesWithTheErrorFunction() {
    let found = Tensor(Self.inputs, shape: [301]).gelu().numbers
    for (x, y) in zip(Self.inputs, found) {
      let exact = 0.5 * Double(x) * (1 + erf(Double(x) / 2.0.squareRoot()))
      #expect(abs(Double(y) - exact) < 1.5e-6, "gelu(\(x))")
    }
  }

  @Test func geluTanhAgreesWithItsFormula() {
    let found = Tensor(Self.inputs, shape: [301]).geluTanh().numbers
    for (x, y) in zip(Self.inputs, found) {
      let z = Double(x)
      let u = (2 / Double.pi).squareRoot() * (z + 0.044715 * z * z * z)
      #expect(abs(Double(y) - 0.5 * z * (1 + Foundation.tanh(u))) < 2e-6, "gelu(\(x))")
    }
  }

  @Test func extremesStayFinite() {
    let x = Tensor([-1e30, -1000, 1000, 1e30, 0], shape: [5])
    for (found, exact) in zip(x.gelu().numbers, [0, 0, 1000, 1e30, 0] as [Float]) {
      #expect(abs(found - exact) < 1e-30)
    }
    #expect(!x.geluTanh().numbers.contains { !$0.isFinite })
  }

  @Test func addsAndClips() {
    let x = Tensor([1, -2, 3], shape: [3])
    #expect((x + x).numbers == [2, -4, 6])
    #expect(x.relu().numbers == [1, 0, 3])
  }

  @Test func siluAgreesWithItsFormula() {
    let found = Tensor(Self.inputs, shape: [301]).silu().numbers
    for (x, y) in zip(Self.inputs, found) {
      #expect(abs(Double(y) - Double(x) / (1 + exp(-Double(x)))) < 1e-6)
    }
  }

  @Test func multiplies() {
    let x = Tensor([1, -2, 3], shape: [3])
    #expect((x * x).numbers == [1, 4, 9])
  }
}
