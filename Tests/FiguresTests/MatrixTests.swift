import Figures
import Testing

@Suite struct MatrixTests {
  @Test func blocksKeepTheStrongestValue() {
    let matrix = Matrix(
      rows: 4, columns: 4, values: [1, -5, 0, 0, 2, 3, 0, 0.5, 0, 0, 7, 1, 0, 0, 1, 1])
    let small = matrix.condensed(rows: 2, columns: 2)
    #expect(small.values == [-5, 0.5, 0, 7])
    #expect(small.mask == nil)
  }

  @Test func aBlockIsMaskedWhenAllOfItIs() {
    let mask = (0..<16).map { $0 % 4 > $0 / 4 }
    let matrix = Matrix(rows: 4, columns: 4, values: [Float](repeating: 9, count: 16), mask: mask)
    #expect(matrix.condensed(rows: 2, columns: 2).mask == [false, true, false, false])
  }

  @Test func notANumberIsNeverHidden() {
    var values = [Float](repeating: 0.5, count: 9)
    values[4] = .nan
    let matrix = Matrix(rows: 3, columns: 3, values: values)
    #expect(matrix.invalid.map { [$0.row, $0.column] } == [[1, 1]])
    #expect(matrix.value(1, 1) == nil)
    #expect(matrix.condensed(rows: 1, columns: 1).values[0].isNaN)
    #expect(matrix.largest == 0.5)
  }

  /// Uneven blocks: every value belongs to exactly one.
  @Test(arguments: [5, 7, 64, 100]) func everyValueIsSeen(_ count: Int) {
    for place in 0..<count {
      var values = [Float](repeating: 0, count: count)
      values[place] = 1
      let small = Matrix(rows: 1, columns: count, values: values).condensed(rows: 1, columns: 5)
      #expect(small.values.reduce(0, +) == 1)
    }
  }
}
