import Tensors
import Testing

@Suite struct NormalizationTests {
  @Test(arguments: [1, 5, 8, 16, 31, 384])
  func agreesWithDoublePrecision(width: Int) {
    let x = (0..<2 * width).map { Float(($0 * 7919) % 613) / 100 - 3 }
    let scale = (0..<width).map { Float($0 % 7) / 3 + 0.1 }
    let shift = (0..<width).map { Float($0 % 5) - 2 }
    let found = Tensor(x, shape: [2, width]).layerNormalized(
      scale: Tensor(scale, shape: [width]), shift: Tensor(shift, shape: [width]), epsilon: 1e-5)
    for row in 0..<2 {
      let numbers = x[row * width..<(row + 1) * width].map(Double.init)
      let mean = numbers.reduce(0, +) / Double(width)
      let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
      for (index, number) in numbers.enumerated() {
        let exact =
          (number - mean) / (variance + 1e-5).squareRoot() * Double(scale[index])
          + Double(shift[index])
        #expect(abs(Double(found[row, index]) - exact) < 2e-5)
      }
    }
  }

  @Test(arguments: [1, 7, 16, 33, 576])
  func rootMeanSquareAgreesWithDoublePrecision(width: Int) {
    let x = (0..<width).map { Float(($0 * 7919) % 613) / 100 - 3 }
    let scale = (0..<width).map { Float($0 % 7) / 3 + 0.1 }
    let found = Tensor(x, shape: [1, width])
      .rmsNormalized(scale: Tensor(scale, shape: [width]), epsilon: 1e-5).numbers
    let mean = x.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(width)
    for index in x.indices {
      let exact = Double(x[index]) / (mean + 1e-5).squareRoot() * Double(scale[index])
      #expect(abs(Double(found[index]) - exact) < 1e-5)
    }
  }
}
