import Figures
import Testing

@Suite struct CellOutlineTests {
  /// Twice the area inside an outline (the shoelace formula), in cells; holes count against it.
  private func area(_ outline: CellOutline) -> Int {
    outline.loops.reduce(0) { sum, loop in
      zip(loop, loop.dropFirst() + loop.prefix(1)).reduce(sum) { sum, edge in
        sum + edge.0.column * edge.1.row - edge.1.column * edge.0.row
      }
    } / 2
  }

  @Test func oneCell() {
    let outline = CellOutline(rows: 1, columns: 1) { _, _ in true }
    #expect(
      outline.loops.map { $0.map { [$0.row, $0.column] } } == [
        [[0, 0], [0, 1], [1, 1], [1, 0]]
      ])
  }

  @Test func theCausalTriangleIsOneStaircase() {
    let outline = CellOutline(rows: 8, columns: 8) { $1 > $0 }
    #expect(outline.loops.count == 1)
    #expect(area(outline) == 28)
    #expect(outline.loops[0].count == 16)
  }

  @Test func nothing() {
    #expect(CellOutline(rows: 3, columns: 4) { _, _ in false }.loops.isEmpty)
  }

  @Test func aHoleIsASecondLoop() {
    let outline = CellOutline(rows: 3, columns: 3) { ($0, $1) != (1, 1) }
    #expect(outline.loops.count == 2)
    #expect(area(outline) == 8)
  }

  /// Any set: the outline encloses as many cells as the set has.
  @Test(arguments: 1...40) func areaIsTheNumberOfCells(_ seed: Int) {
    var random = Random(seed: seed)
    let cells = (0..<77).map { _ in random.next() < 0.5 }
    let outline = CellOutline(rows: 7, columns: 11) { cells[$0 * 11 + $1] }
    #expect(area(outline) == cells.count { $0 })
  }
}
