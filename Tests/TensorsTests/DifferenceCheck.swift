import Tensors
import Testing

/// Numbers that look random and are the same every time, between −1 and 1.
func sampleNumbers(_ count: Int, _ salt: Int = 0) -> [Float] {
  var random = RandomNumbers(seed: UInt64(salt + 1))
  return (0..<count).map { _ in Float(random.uniform() * 2 - 1) }
}

/// Numbers of a shape as a formula in double precision sees them.
struct Samples {
  var numbers: [Float]
  var shape: [Int]

  init(_ shape: [Int], _ salt: Int = 0, times factor: Float = 1) {
    numbers = sampleNumbers(shape.reduce(1, *), salt + shape.count).map { $0 * factor }
    self.shape = shape
  }
}

/// Compares the gradients of an operation, of which every output counts another amount, with
/// central differences of its formula in double precision.
///
/// The differences are good to 1e-9 of the largest; a gradient in single precision may miss by
/// `tolerance` times the largest.
func expectGradients(
  of inputs: [Samples], tolerance: Double = 3e-6, _ location: SourceLocation = #_sourceLocation,
  operation: ([Tensor]) -> Tensor, formula: ([[Double]]) -> [Double]
) {
  let starts = inputs.map { Tensor($0.numbers, shape: $0.shape).tracked }
  let result = operation(starts)
  let counts = sampleNumbers(result.count, 77)
  let found = result.gradients(of: starts, from: Tensor(counts, shape: result.shape))
  let exact = inputs.map { $0.numbers.map(Double.init) }
  let values = formula(exact)
  #expect(values.count == result.count, sourceLocation: location)
  let largestValue = values.reduce(1e-3) { max($0, abs($1)) }
  for (value, number) in zip(values, result.numbers) {
    #expect(abs(value - Double(number)) <= 4e-6 * largestValue, sourceLocation: location)
  }
  func total(_ inputs: [[Double]]) -> Double {
    zip(formula(inputs), counts).reduce(0) { $0 + $1.0 * Double($1.1) }
  }
  for place in inputs.indices {
    let differences = exact[place].indices.map { index in
      let step = 1e-5
      var (above, below) = (exact, exact)
      above[place][index] += step
      below[place][index] -= step
      return (total(above) - total(below)) / (2 * step)
    }
    let largest = differences.reduce(1e-3) { max($0, abs($1)) }
    let worst = zip(differences, found[place].numbers).reduce(0) {
      max($0, abs($1.0 - Double($1.1)))
    }
    #expect(worst <= tolerance * largest, "input \(place)", sourceLocation: location)
    #expect(found[place].shape == inputs[place].shape, sourceLocation: location)
  }
}

/// Σ of a term over a range.
func sum(_ range: Range<Int>, _ term: (Int) -> Double) -> Double {
  range.reduce(0) { $0 + term($1) }
}
