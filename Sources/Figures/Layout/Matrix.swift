/// A matrix of values, some of them masked.
package struct Matrix: Sendable {
  package let rows: Int
  package let columns: Int
  /// Row by row.
  package let values: [Float]
  /// Row by row, `true` where masked; `nil` when nothing is.
  package let mask: [Bool]?

  package init(rows: Int, columns: Int, values: [Float], mask: [Bool]? = nil) {
    self.rows = rows
    self.columns = columns
    self.values = values
    self.mask = mask
  }

  func isMasked(_ row: Int, _ column: Int) -> Bool { mask?[row * columns + column] ?? false }

  /// The value of a cell; `nil` where it is masked or not a finite number.
  package func value(_ row: Int, _ column: Int) -> Double? {
    let value = values[row * columns + column]
    return isMasked(row, column) || !value.isFinite ? nil : Double(value)
  }

  /// The cells that are not masked and hold no finite number.
  package var invalid: [(row: Int, column: Int)] {
    values.indices.filter { !values[$0].isFinite && mask?[$0] != true }
      .map { ($0 / columns, $0 % columns) }
  }

  /// The largest magnitude that is shown.
  package var largest: Double {
    var largest: Float = 0
    for index in values.indices where values[index].isFinite && mask?[index] != true {
      largest = max(largest, values[index].magnitude)
    }
    return Double(largest)
  }

  /// The matrix in blocks, each shown by its value of largest magnitude. A block is masked when all
  /// its cells are, and not a number when one of them is not.
  package func condensed(rows newRows: Int, columns newColumns: Int) -> Matrix {
    guard newRows < rows || newColumns < columns else { return self }
    var (newValues, newMask) = ([Float](), [Bool]())
    for row in 0..<newRows {
      let rowRange = row * rows / newRows..<(row + 1) * rows / newRows
      for column in 0..<newColumns {
        let columnRange = column * columns / newColumns..<(column + 1) * columns / newColumns
        let value = strongest(rowRange, columnRange)
        newValues.append(value ?? 0)
        newMask.append(value == nil)
      }
    }
    return Matrix(
      rows: newRows, columns: newColumns, values: newValues, mask: mask == nil ? nil : newMask)
  }

  /// The value of largest magnitude in a block; `nil` when all is masked.
  private func strongest(_ rowRange: Range<Int>, _ columnRange: Range<Int>) -> Float? {
    var strongest: Float?
    for row in rowRange {
      for column in columnRange where !isMasked(row, column) {
        let value = values[row * columns + column]
        guard value.isFinite else { return .nan }
        if value.magnitude > (strongest?.magnitude ?? -1) { strongest = value }
      }
    }
    return strongest
  }
}
