import Analysis
import Tensors
import Testing

@Suite struct NeighboursTests {
  private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
    var random = RandomNumbers(seed: seed)
    return (0..<count).map { _ in Float(random.uniform() - 0.3) }
  }

  /// Against cosines in double precision, over more entries than are in memory at a time.
  @Test func findsTheNearest() {
    let (count, d) = (9000, 5)
    let table = Tensor(Self.numbers(count * d, seed: 1), shape: [count, d])
    let ids = (0..<count).filter { $0 % 3 != 0 }
    let queries = Tensor(Self.numbers(2 * d, seed: 2), shape: [2, d])
    let space = VectorSpace(ids) { table.gatheringRows($0) }
    let found = space.nearest(7, to: queries)

    let rows = ids.map { id in (0..<d).map { Double(table[id, $0]) } }
    let mean = (0..<d).map { axis in rows.reduce(0) { $0 + $1[axis] } / Double(rows.count) }
    func cosine(_ a: [Double], _ b: [Double]) -> Double {
      let (x, y) = (zip(a, mean).map(-), zip(b, mean).map(-))
      func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      return dot(x, y) / (dot(x, x) * dot(y, y)).squareRoot()
    }
    for query in 0..<2 {
      let own = (0..<d).map { Double(queries[query, $0]) }
      let expected = zip(ids, rows).map { ($0, cosine(own, $1)) }
        .sorted { $0.1 > $1.1 }.prefix(7)
      #expect(found[query].map(\.id) == expected.map(\.0))
      for (a, b) in zip(found[query], expected) { #expect(abs(a.cosine - b.1) < 1e-5) }
    }
  }

  @Test func equalsStandInTheOrderOfTheirIds() {
    let table = Tensor([1, 0, 0, 1, 1, 0, -2, -1], shape: [4, 2])
    let space = VectorSpace([0, 1, 2, 3]) { table.gatheringRows($0) }
    #expect(space.nearest(2, to: table.rows(0..<1))[0].map(\.id) == [0, 2])
    #expect(space.nearest(9, to: table.rows(0..<1))[0].count == 4)
  }

  /// With the identity: softmax(x·xᵀ/√d) x, in double precision.
  @Test func theUnitIsAttention() {
    let (n, d) = (4, 6)
    let x = Tensor(Self.numbers(n * d, seed: 3), shape: [n, d])
    let (weights, sums) = AttentionUnit(.identity)(x)
    for i in 0..<n {
      let scores = (0..<n).map { j in
        (0..<d).reduce(0.0) { $0 + Double(x[i, $1]) * Double(x[j, $1]) } / 6.0.squareRoot()
      }
      let all = scores.reduce(0) { $0 + exponential($1) }
      let a = scores.map { exponential($0) / all }
      for j in 0..<n { #expect(abs(Double(weights[i, j]) - a[j]) < 1e-6) }
      for axis in 0..<d {
        let z = (0..<n).reduce(0.0) { $0 + a[$1] * Double(x[$1, axis]) }
        #expect(abs(Double(sums[i, axis]) - z) < 1e-6)
      }
    }
  }

  /// Random projections depend on their seed and on nothing else; weights stay weights.
  @Test func randomProjectionsHaveASeed() {
    let x = Tensor(Self.numbers(24, seed: 4), shape: [4, 6])
    let one = AttentionUnit(.random(seed: 1))(x)
    #expect(one.weights == AttentionUnit(.random(seed: 1))(x).weights)
    #expect(one.weights != AttentionUnit(.random(seed: 2))(x).weights)
    for row in 0..<4 { #expect(abs(one.weights.slice(row).numbers.reduce(0, +) - 1) < 1e-6) }
  }

  /// eˣ by its series.
  private func exponential(_ x: Double) -> Double {
    var (term, sum) = (1.0, 1.0)
    for k in 1..<60 {
      term *= x / Double(k)
      sum += term
    }
    return sum
  }
}
