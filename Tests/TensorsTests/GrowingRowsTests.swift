import Tensors
import Testing

@Suite struct GrowingRowsTests {
  /// `[heads, n, 2]`: each number says head and row.
  static func rows(_ heads: Int, _ range: Range<Int>) -> Tensor {
    let numbers = (0..<heads).flatMap { head in
      range.flatMap { row in [Float(head * 1000 + row), Float(-row)] }
    }
    return Tensor(numbers, shape: [heads, range.count, 2])
  }

  @Test func growsLikeOneTensor() {
    var grown = GrowingRows(Self.rows(3, 0..<4))
    var next = 4
    for count in [1, 1, 3, 1, 20, 1, 1] {
      grown.append(Self.rows(3, next..<next + count))
      next += count
      #expect(grown.tensor == Self.rows(3, 0..<next))
    }
    #expect(grown.count == next && grown.heads == 3 && grown.width == 2)
  }

  /// A copy and what it was copied from grow apart, with and without room to spare.
  @Test func copiesGrowApart() {
    let first = Self.rows(2, 0..<3)
    var one = GrowingRows(first)
    for _ in 0..<6 {
      var other = one
      other.append(Self.rows(2, 900..<901))
      let before = one.tensor
      one.append(Self.rows(2, one.count..<one.count + 1))
      #expect(one.tensor == Self.rows(2, 0..<one.count))
      let expected = (0..<2).flatMap {
        before.slice($0).numbers + Self.rows(2, 900..<901).slice($0).numbers
      }
      #expect(other.tensor.numbers == expected)
    }
    #expect(first == Self.rows(2, 0..<3))
  }

  @Test(arguments: [1, 2])
  func productsSeeEveryRow(queries: Int) {
    var keys = GrowingRows(Self.rows(2, 0..<3))
    keys.append(Self.rows(2, 3..<4))
    keys.append(Self.rows(2, 4..<5))
    let whole = Self.rows(2, 0..<5)
    let q = Tensor((0..<4 * queries * 2).map { Float($0 % 5) - 2 }, shape: [4, queries, 2])
    let scores = q.headwiseProducts(with: keys, scale: 0.5)
    #expect(scores == q.headwiseProducts(with: whole, scale: 0.5))
    #expect(scores[3, 0, 4] == 0.5 * (q[3, 0, 0] * 1004 + q[3, 0, 1] * -4))
    #expect(scores.headwiseMix(of: keys) == scores.headwiseMix(of: whole))
  }
}
