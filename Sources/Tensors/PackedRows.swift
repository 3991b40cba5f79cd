internal import CKernels

/// Rows of parameters as a file packs them: they stay so in memory, and are widened a few at a time
/// where they are multiplied.
public struct PackedRows: @unchecked Sendable {
  /// How the numbers are packed.
  public let format: PackedFormat
  /// How many rows there are.
  public let count: Int
  /// How many numbers a row has.
  public let width: Int
  private let kernels: CBlockKernels
  private let start: UnsafePointer<UInt8>
  private let owner: any AnyObject & Sendable
  /// Where row i stands; nothing when it stands in place i.
  private let order: [UInt32]?

  /// Refers to rows of whole blocks that `owner` keeps alive and that are never written.
  ///
  /// - Precondition: `bytes` are as many as the rows take.
  package init(
    _ bytes: UnsafeRawBufferPointer, owner: any AnyObject & Sendable, format: PackedFormat,
    count: Int, width: Int
  ) {
    precondition(width % format.blockCount == 0 && bytes.count == count * format.size(of: width))
    self.format = format
    kernels = format.kernels
    self.count = count
    self.width = width
    start =
      bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      ?? UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
    self.owner = owner
    order = nil
  }

  /// The same rows in another order: row i is what was row `order[i]`.
  public func reordered(_ order: [Int]) -> PackedRows {
    precondition(order.allSatisfy { $0 >= 0 && $0 < count })
    return PackedRows(self, order: order.map { UInt32(place($0)) })
  }

  /// Some of the rows.
  public func rows(_ part: Range<Int>) -> PackedRows {
    guard order == nil else { return reordered(Array(part)) }
    precondition(part.lowerBound >= 0 && part.upperBound <= count)
    let bytes = UnsafeRawBufferPointer(
      start: start + part.lowerBound * stride, count: part.count * stride)
    return PackedRows(bytes, owner: owner, format: format, count: part.count, width: width)
  }

  private init(_ rows: PackedRows, order: [UInt32]) {
    format = rows.format
    kernels = rows.kernels
    count = order.count
    width = rows.width
    start = rows.start
    owner = rows.owner
    self.order = order
  }

  private func place(_ row: Int) -> Int { order.map { Int($0[row]) } ?? row }

  private var stride: Int { size(of: width) }

  /// Numbers in a block.
  var blockCount: Int { kernels.numbers }

  private func size(of count: Int) -> Int { count / kernels.numbers * kernels.bytes }

  // MARK: numbers

  /// Writes the numbers of a row in some columns, which begin and end with a block.
  func widen(_ row: Int, columns: Range<Int>, to out: UnsafeMutablePointer<Float>) {
    precondition(row >= 0 && row < count && columns.upperBound <= width)
    let from = start + place(row) * stride + size(of: columns.lowerBound)
    kernels.widen?(from, out, columns.count)
  }

  /// Adds the products of rows of numbers with `part` of these, without widening them in memory
  /// first.
  ///
  /// - Parameters:
  ///   - x: Rows as wide as these.
  ///   - out: Where the products of the first row go; those of the others `stride` further.
  func addProducts(
    of part: Range<Int>, with x: LeftSide, to out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    precondition(part.lowerBound >= 0 && part.upperBound <= count && x.width == width)
    guard let order else {
      let first = start + part.lowerBound * self.stride
      return addProducts(first, nil, part.count, x, out, stride)
    }
    order.withUnsafeBufferPointer { order in
      guard let order = order.baseAddress else { return }
      addProducts(start, order + part.lowerBound, part.count, x, out, stride)
    }
  }

  /// Four rows of numbers at a time, then the others.
  private func addProducts(
    _ first: UnsafePointer<UInt8>, _ order: UnsafePointer<UInt32>?, _ count: Int, _ x: LeftSide,
    _ out: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    let fours = x.rows / 4 * 4
    for row in Swift.stride(from: 0, to: fours, by: 4) {
      kernels.multiply_four?(
        first, self.stride, order, count, width, x.start + row * width, out + row * stride, stride)
    }
    x.sums.withUnsafeBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      for row in fours..<x.rows {
        kernels.multiply?(
          first, self.stride, order, count, width, x.start + row * width,
          sums + (row - fours) * ((width + 15) / 16), out + row * stride)
      }
    }
  }
}
