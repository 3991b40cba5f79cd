internal import CKernels

/// A view of packed rows, one for every output, and of some of their columns.
///
/// The rows of a sentence are multiplied with the packed ones as they are; for many more it pays to
/// widen the packed rows first, a tile at a time, and let BLAS multiply.
struct PackedMatrix: MatrixStorage {
  let rows: PackedRows
  let columns: Range<Int>

  /// So many rows of numbers, at most, are multiplied without widening.
  private static let fewRows = 64
  /// Numbers in a tile: they stay in a core's own cache.
  private static let tileCount = 65_536

  var inputs: Int { columns.count }
  var outputs: Int { rows.count }

  func inputs(_ part: Range<Int>) -> PackedMatrix {
    let first = columns.lowerBound + part.lowerBound
    return PackedMatrix(rows: rows, columns: first..<first + part.count)
  }

  /// The columns with those before and behind them that are in the same blocks.
  private var blocks: Range<Int> {
    let size = rows.blockCount
    let end = (columns.upperBound + size - 1) / size * size
    return columns.lowerBound / size * size..<min(end, rows.width)
  }

  func copyRow(_ output: Int, to out: UnsafeMutablePointer<Float>) {
    let blocks = blocks
    guard blocks != columns else { return rows.widen(output, columns: columns, to: out) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: blocks.count) { buffer in
      guard let start = buffer.baseAddress else { return }
      rows.widen(output, columns: blocks, to: start)
      out.update(from: start + columns.lowerBound - blocks.lowerBound, count: columns.count)
    }
  }

  // MARK: products

  /// Whether this many rows of numbers are multiplied without widening.
  private func isDirect(_ count: Int) -> Bool {
    count <= Self.fewRows && columns == 0..<rows.width
  }

  func sums(of x: Tensor) -> [Float] {
    guard isDirect(x.rows) else { return [] }
    let size = (x.width + 15) / 16
    let rows = x.rows % 4
    return [Float](unsafeUninitializedCapacity: rows * size) { sums, count in
      x.withNumbers { numbers in
        guard let from = numbers.baseAddress, let to = sums.baseAddress else { return }
        for row in 0..<rows {
          ckernels().pointee.sums(from + (x.rows - rows + row) * x.width, to + row * size, x.width)
        }
      }
      count = rows * size
    }
  }

  func multiply(
    _ x: LeftSide, outputs part: Range<Int>, into out: UnsafeMutablePointer<Float>, stride: Int,
    adds: Bool
  ) {
    if isDirect(x.rows) {
      multiplyPacked(x, part, out, stride, adds)
    } else {
      multiplyWidened(x, part, out, stride, adds)
    }
  }

  private func multiplyPacked(
    _ x: LeftSide, _ part: Range<Int>, _ out: UnsafeMutablePointer<Float>, _ stride: Int,
    _ adds: Bool
  ) {
    if !adds {
      for row in 0..<x.rows { (out + row * stride).update(repeating: 0, count: part.count) }
    }
    rows.addProducts(of: part, with: x, to: out, stride: stride)
  }

  private func multiplyWidened(
    _ x: LeftSide, _ part: Range<Int>, _ out: UnsafeMutablePointer<Float>, _ stride: Int,
    _ adds: Bool
  ) {
    let blocks = blocks
    let height = min(max(1, Self.tileCount / max(1, blocks.count)), part.count)
    let tile = Storage(count: height * blocks.count)
    for first in Swift.stride(from: part.lowerBound, to: part.upperBound, by: height) {
      let count = min(height, part.upperBound - first)
      for row in 0..<count {
        rows.widen(first + row, columns: blocks, to: tile.start + row * blocks.count)
      }
      BLAS.multiply(
        .init(start: x.start, stride: x.width),
        .init(
          start: tile.start + columns.lowerBound - blocks.lowerBound, stride: blocks.count,
          isTransposed: true),
        into: out + first - part.lowerBound, stride: stride, m: x.rows, n: count, k: x.width,
        keep: adds ? 1 : 0)
    }
  }

  /// Widens a tile of rows at a time and adds what each leads back to.
  func multiplyBack(
    _ y: LeftSide, inputs part: Range<Int>, into out: UnsafeMutablePointer<Float>, stride: Int,
    keep: Float
  ) {
    let columns = columns.lowerBound + part.lowerBound..<columns.lowerBound + part.upperBound
    let blocks = PackedMatrix(rows: rows, columns: columns).blocks
    let height = min(max(1, Self.tileCount / max(1, blocks.count)), rows.count)
    let tile = Storage(count: height * blocks.count)
    for first in Swift.stride(from: 0, to: rows.count, by: height) {
      let count = min(height, rows.count - first)
      for row in 0..<count {
        rows.widen(first + row, columns: blocks, to: tile.start + row * blocks.count)
      }
      BLAS.multiply(
        .init(start: y.start + first, stride: y.width),
        .init(start: tile.start + columns.lowerBound - blocks.lowerBound, stride: blocks.count),
        into: out, stride: stride, m: y.rows, n: part.count, k: count,
        keep: first == 0 ? keep : 1)
    }
  }
}
