import Tensors
import Testing

@Suite struct ProductsTests {
  static func numbers(_ count: Int, seed: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919 + seed * 104_729) % 1013) / 500 - 1 }
  }

  /// The product in double precision, written out.
  static func product(
    _ a: [Float], _ b: [Float], m: Int, n: Int, k: Int, b bAt: (Int, Int) -> Int
  ) -> [Double] {
    (0..<m * n).map { place in
      (0..<k).reduce(0.0) { sum, l in
        sum + Double(a[place / n * k + l]) * Double(b[bAt(l, place % n)])
      }
    }
  }

  @Test(arguments: [1, 2, 17], [(8, 3), (65, 70), (32, 300)])
  func linearLayersAgreeWithDoublePrecision(rows: Int, size: (inputs: Int, outputs: Int)) {
    let (k, n) = size
    let (x, w) = (Self.numbers(rows * k, seed: 1), Self.numbers(n * k, seed: 2))
    let bias = Self.numbers(n, seed: 3)
    for isOutputMajor in [true, false] {
      let exact = Self.product(x, w, m: rows, n: n, k: k) {
        isOutputMajor ? $1 * k + $0 : $0 * n + $1
      }
      let matrix = Matrix(
        Tensor(w, shape: isOutputMajor ? [n, k] : [k, n]), isOutputMajor: isOutputMajor)
      let found = Tensor(x, shape: [rows, k]).times(matrix, adding: Tensor(bias, shape: [n]))
      #expect(found.shape == [rows, n])
      for (place, (a, b)) in zip(found.numbers, exact).enumerated() {
        #expect(abs(Double(a) - (b + Double(bias[place % n]))) < 1e-4)
      }
    }
  }

  @Test func partsOfAMatrixAreViews() {
    let w = Tensor(Self.numbers(6 * 4, seed: 4), shape: [6, 4])
    let x = Tensor(Self.numbers(3 * 4, seed: 5), shape: [3, 4])
    let whole = x.times(Matrix(w))
    let part = x.times(Matrix(w, outputs: 2..<5))
    for row in 0..<3 {
      for column in 0..<3 { #expect(abs(part[row, column] - whole[row, column + 2]) < 1e-6) }
    }
    #expect(Matrix(w).row(3) == w.slice(3))
    let left = Tensor(
      x.rows(0..<3).numbers.enumerated().filter { $0.offset % 4 < 2 }.map(\.element), shape: [3, 2])
    let right = Tensor(
      x.numbers.enumerated().filter { $0.offset % 4 >= 2 }.map(\.element), shape: [3, 2])
    let sum = left.times(Matrix(w).inputs(0..<2)) + right.times(Matrix(w).inputs(2..<4))
    for (a, b) in zip(sum.numbers, whole.numbers) { #expect(abs(a - b) < 1e-5) }
  }

  @Test func headsShareKeysInGroups() {
    let q = Tensor(Self.numbers(4 * 3 * 5, seed: 6), shape: [4, 3, 5])
    let k = Tensor(Self.numbers(2 * 6 * 5, seed: 7), shape: [2, 6, 5])
    let scores = q.headwiseProducts(with: k, scale: 0.5)
    #expect(scores.shape == [4, 3, 6])
    for head in 0..<4 {
      for (i, j) in [(0, 0), (2, 5)] {
        let exact = (0..<5).reduce(Float(0)) { $0 + q[head, i, $1] * k[head / 2, j, $1] } / 2
        #expect(abs(scores[head, i, j] - exact) < 1e-5)
      }
    }
    let mixed = scores.headwiseMix(of: k)
    let exact = (0..<6).reduce(Float(0)) { $0 + scores[3, 1, $1] * k[1, $1, 2] }
    #expect(mixed.shape == [4, 3, 5])
    #expect(abs(mixed[3, 1, 2] - exact) < 1e-5)
  }

  @Test func headsSplitAndJoin() {
    let x = Tensor(Self.numbers(3 * 8, seed: 8), shape: [3, 8])
    let heads = x.splitIntoHeads(4)
    #expect(heads.shape == [4, 3, 2])
    #expect(heads[2, 1, 1] == x[1, 5])
    #expect(heads.joinedHeads() == x)
  }

  @Test func productsAreTheSameForEveryNumberOfThreads() {
    let x = Tensor(Self.numbers(20 * 96, seed: 9), shape: [20, 96])
    let w = Matrix(Tensor(Self.numbers(700 * 96, seed: 10), shape: [700, 96]))
    let all = x.times(w)
    Threads.use(1)
    defer { Threads.use(nil) }
    #expect(x.times(w) == all)
  }

  @Test func theLibraryComputesRightly() {
    #expect(BLAS.isTrusted)
  }
}
