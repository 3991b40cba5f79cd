#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import Tensors
import Testing

/// Every operation's derivative, against differences of its published formula.
@Suite struct DerivativeTests {
  @Test func sumsAndProducts() {
    let pair = [Samples([3, 5], 1), Samples([3, 5], 2)]
    expectGradients(of: pair) {
      $0[0] + $0[1]
    } formula: { x in
      zip(x[0], x[1]).map { $0 + $1 }
    }
    expectGradients(of: pair) {
      $0[0] * $0[1]
    } formula: { x in
      zip(x[0], x[1]).map { $0 * $1 }
    }
    // A tensor that is used twice gets both gradients.
    expectGradients(of: [Samples([7])]) {
      $0[0] * $0[0] + $0[0]
    } formula: { x in
      x[0].map { $0 * $0 + $0 }
    }
  }

  @Test func functionsOfOneNumber() {
    let x = [Samples([5, 7], times: 4)]
    expectGradients(of: x) {
      $0[0].gelu()
    } formula: { x in
      x[0].map { $0 / 2 * (1 + erf($0 / 2.0.squareRoot())) }
    }
    expectGradients(of: x) {
      $0[0].geluTanh()
    } formula: { x in
      x[0].map {
        $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
      }
    }
    expectGradients(of: x) {
      $0[0].silu()
    } formula: { x in
      x[0].map { $0 / (1 + exp(-$0)) }
    }
    expectGradients(of: x) {
      $0[0].relu()
    } formula: { x in
      x[0].map { max($0, 0) }
    }
    expectGradients(of: x) {
      $0[0].tanh()
    } formula: { x in
      x[0].map { tanh($0) }
    }
    expectGradients(of: x) {
      $0[0].capped(at: 3)
    } formula: { x in
      x[0].map { 3 * tanh($0 / 3) }
    }
    expectGradients(of: x) {
      $0[0].scaled(by: -2.5)
    } formula: { x in
      x[0].map { -2.5 * $0 }
    }
  }

  @Test(arguments: [1, 4])
  func products(rows: Int) {
    let inputs = [Samples([rows, 5]), Samples([3, 5]), Samples([3])]
    expectGradients(of: inputs) {
      $0[0].times(Matrix($0[1]), adding: $0[2])
    } formula: { x in
      (0..<rows * 3).map { place -> Double in
        let (row, output) = (place / 3 * 5, place % 3)
        return x[2][output] + sum(0..<5) { x[0][row + $0] * x[1][output * 5 + $0] }
      }
    }
    let transposed = [Samples([rows, 5]), Samples([5, 3])]
    expectGradients(of: transposed) {
      $0[0].times(Matrix($0[1], isOutputMajor: false))
    } formula: { x in
      (0..<rows * 3).map { place -> Double in
        let (row, output) = (place / 3 * 5, place % 3)
        return sum(0..<5) { x[0][row + $0] * x[1][$0 * 3 + output] }
      }
    }
  }

  /// Two parts of one fused matrix, as queries and keys are, and a head's share of inputs.
  @Test func productsWithPartsOfMatrices() {
    let inputs = [Samples([2, 4]), Samples([4, 6])]
    expectGradients(of: inputs) {
      $0[0].times(Matrix($0[1], isOutputMajor: false, outputs: 0..<2))
        + $0[0].times(Matrix($0[1], isOutputMajor: false, outputs: 3..<5))
    } formula: { x in
      (0..<4).map { place -> Double in
        let (row, output) = (place / 2 * 4, place % 2)
        return sum(0..<4) {
          x[0][row + $0] * (x[1][$0 * 6 + output] + x[1][$0 * 6 + 3 + output])
        }
      }
    }
    expectGradients(of: [Samples([2, 2]), Samples([3, 6])]) {
      $0[0].times(Matrix($0[1]).inputs(2..<4))
    } formula: { x in
      (0..<6).map { place -> Double in
        let (row, output) = (place / 3 * 2, place % 3 * 6)
        return sum(0..<2) { x[0][row + $0] * x[1][output + 2 + $0] }
      }
    }
  }

  /// Heads of grouped keys: of `[heads · texts, n, d]` and `[groups · texts, m, d]`.
  @Test(arguments: [1, 2])
  func attentionProducts(texts: Int) {
    let (heads, groups, n, m, d) = (4, 2, 3, 5, 2)
    func group(_ head: Int) -> Int {
      head / texts / (heads / groups) * texts + head % texts
    }
    let queries = Samples([heads * texts, n, d])
    let keys = Samples([groups * texts, m, d], 3)
    expectGradients(of: [queries, keys]) {
      $0[0].headwiseProducts(with: GrowingRows($0[1]), scale: 0.7, texts: texts)
    } formula: { x in
      (0..<heads * texts * n * m).map { place -> Double in
        let (row, key) = (place / m, place % m)
        let other = (group(row / n) * m + key) * d
        return sum(0..<d) { 0.7 * x[0][row * d + $0] * x[1][other + $0] }
      }
    }
    expectGradients(of: [Samples([heads * texts, n, m]), keys]) {
      $0[0].headwiseMix(of: GrowingRows($0[1]), texts: texts)
    } formula: { x in
      (0..<heads * texts * n * d).map { place -> Double in
        let (row, i) = (place / d, place % d)
        let first = group(row / n) * m
        return sum(0..<m) { x[0][row * m + $0] * x[1][(first + $0) * d + i] }
      }
    }
  }

  @Test func growingRows() {
    expectGradients(of: [Samples([2, 3, 2]), Samples([2, 1, 2]), Samples([2, 2, 2])]) { x in
      var keys = GrowingRows(x[0])
      keys.append(x[1])
      keys.append(x[2])
      return keys.tensor
    } formula: { x in
      (0..<2).flatMap { head -> [Double] in
        let parts = [(x[0], 6), (x[1], 2), (x[2], 4)]
        return parts.flatMap { part, size in part[head * size..<head * size + size] }
      }
    }
  }

  @Test func headsCutAndJoined() {
    expectGradients(of: [Samples([3, 4])]) {
      $0[0].splitIntoHeads(2)
    } formula: { x in
      [0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11].map { x[0][$0] }
    }
    expectGradients(of: [Samples([2, 3, 2])]) {
      $0[0].joinedHeads()
    } formula: { x in
      [0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11].map { x[0][$0] }
    }
  }

  @Test(arguments: [0.3, 1, 4])
  func softmax(temperature: Double) {
    let mask = KeyRanges.causal(queries: 3, keys: 5)
    expectGradients(of: [Samples([2, 3, 5], times: 3)], tolerance: 1e-5) {
      $0[0].softmax(temperatures: [temperature, 2 * temperature], mask: mask)
    } formula: { x in
      (0..<6).flatMap { row in
        let factors = (0..<5).map { key in
          mask.allows(query: row % 3, key: key)
            ? exp(x[0][row * 5 + key] / temperature / Double(1 + row / 3)) : 0
        }
        return factors.map { $0 / factors.reduce(0, +) }
      }
    }
  }

  @Test(arguments: [0, Double.infinity])
  func softmaxAtItsEndsDoesNotMove(temperature: Double) {
    let x = Tensor(sampleNumbers(6), shape: [2, 3]).tracked
    let seed = Tensor(sampleNumbers(6, 3), shape: [2, 3])
    let gradient = x.softmax(temperature: temperature).gradients(of: [x], from: seed)[0]
    #expect(gradient.numbers.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [3, 16, 21])
  func norms(width: Int) {
    let inputs = [Samples([2, width], times: 2), Samples([width], 4), Samples([width], 5)]
    expectGradients(of: inputs, tolerance: 1e-5) {
      $0[0].layerNormalized(scale: $0[1], shift: $0[2], epsilon: 1e-3)
    } formula: { x in
      (0..<2).flatMap { row in
        let line = x[0][row * width..<(row + 1) * width]
        let mean = line.reduce(0, +) / Double(width)
        let variance = line.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
        return line.enumerated().map {
          ($1 - mean) / (variance + 1e-3).squareRoot() * x[1][$0] + x[2][$0]
        }
      }
    }
    expectGradients(of: Array(inputs.prefix(2)), tolerance: 1e-5) {
      $0[0].rmsNormalized(scale: $0[1], epsilon: 1e-3)
    } formula: { x in
      (0..<2).flatMap { row in
        let line = x[0][row * width..<(row + 1) * width]
        let mean = line.reduce(0) { $0 + $1 * $1 } / Double(width)
        return line.enumerated().map { $1 / (mean + 1e-3).squareRoot() * x[1][$0] }
      }
    }
  }

  @Test func rotation() {
    let frequencies = [1, 0.1]
    let turn = Rotation(frequencies: frequencies, factor: 1.5, positions: 4..<7)
    expectGradients(of: [Samples([2, 3, 5])]) {
      turn($0[0])
    } formula: { x in
      (0..<6).flatMap { row -> [Double] in
        let line = Array(x[0][row * 5..<row * 5 + 5])
        let angles = frequencies.map { Double(4 + row % 3) * $0 }
        var turned = line
        for (i, angle) in angles.enumerated() {
          turned[i] = 1.5 * (line[i] * cos(angle) - line[2 + i] * sin(angle))
          turned[2 + i] = 1.5 * (line[2 + i] * cos(angle) + line[i] * sin(angle))
        }
        return turned
      }
    }
  }

  @Test func rows() {
    let places = [2, 0, 2]
    let table = [Samples([4, 3])]
    let gathered = { (x: [[Double]]) in places.flatMap { place in x[0][place * 3..<place * 3 + 3] }
    }
    expectGradients(of: table) {
      $0[0].gatheringRows(places)
    } formula: {
      gathered($0)
    }
    expectGradients(of: table) {
      Matrix($0[0]).gatheringRows(places)
    } formula: {
      gathered($0)
    }
    expectGradients(of: table) {
      Matrix($0[0], isOutputMajor: false).gatheringRows(places)
    } formula: { x in
      places.flatMap { place in (0..<4).map { x[0][$0 * 3 + place] } }
    }
    expectGradients(of: table) {
      $0[0].rows(1..<3).reshaped([6])
    } formula: {
      Array($0[0][3..<9])
    }
    expectGradients(of: table) {
      $0[0].slice(1) + $0[0].slice(3)
    } formula: { x in
      (0..<3).map { x[0][3 + $0] + x[0][9 + $0] }
    }
  }

  @Test func stacking() {
    expectGradients(of: [Samples([2, 1, 2]), Samples([2, 2, 3])]) {
      Tensor.stacking($0)
    } formula: { x in
      (0..<2).flatMap { head -> [Double] in
        x[0][head * 2..<head * 2 + 2] + [0] + x[1][head * 6..<head * 6 + 6]
      }
    }
  }

  @Test func surprise() {
    let states = [1, 4, 0]
    expectGradients(of: [Samples([3, 5], times: 6)], tolerance: 1e-5) {
      $0[0].surprises(of: states)
    } formula: { x in
      (0..<3).map { row -> Double in
        log(sum(0..<5) { exp(x[0][row * 5 + $0]) }) - x[0][row * 5 + states[row]]
      }
    }
  }

  @Test func surpriseOfWhatIsImpossibleIsFinite() {
    let z = Tensor([0, -500], shape: [1, 2]).tracked
    let surprise = z.surprises(of: [1])
    #expect(surprise.numbers == [500])
    #expect(surprise.gradients(of: [z])[0].numbers == [1, -1])
  }

  @Test func dropoutLeavesOutTheSameInBothDirections() {
    let x = Tensor(Array(repeating: 1, count: 40_000), shape: [40_000]).tracked
    let dropped = x.dropped(rate: 0.25, key: 9)
    #expect(dropped.gradients(of: [x])[0] == dropped)
    let share = Double(dropped.numbers.filter { $0 == 0 }.count) / 40_000
    #expect(abs(share - 0.25) < 0.01)
    #expect(dropped.numbers.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    #expect(dropped == x.dropped(rate: 0.25, key: 9))
    #expect(dropped != x.dropped(rate: 0.25, key: 10))
  }
}
