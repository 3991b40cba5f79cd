import Tensors
import Testing

/// Products with packed parameters against sums in double precision.
@Suite struct PackedMatrixTests {
  /// Bytes that stand for finite numbers: halves and brain floats of moderate size.
  private final class Bytes: @unchecked Sendable {
    let format: PackedFormat
    let raw: UnsafeMutableRawBufferPointer

    init(_ format: PackedFormat, count: Int) {
      self.format = format
      raw = .allocate(byteCount: format.size(of: count), alignment: 1)
      var bits: UInt64 = 0x9E37_79B9_7F4A_7C15
      for place in raw.indices {
        bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let byte = UInt8(truncatingIfNeeded: bits >> 33)
        let isHigh = Self.highBytes(format).contains(place % format.blockSize)
        raw[place] = isHigh ? (format == .bfloat16 ? 0x3E : 0x24) + byte % 2 : byte
      }
    }

    deinit { raw.deallocate() }

    /// The bytes of a block that hold exponents.
    static func highBytes(_ format: PackedFormat) -> [Int] {
      switch format {
      case .float32: [3]
      case .float16, .bfloat16, .q40, .q50, .q80: [1]
      case .q41, .q51, .q4K, .q5K: [1, 3]
      case .q2K: [81, 83]
      case .q3K: [109]
      case .q6K: [209]
      }
    }

    func rows(_ count: Int, _ width: Int) -> PackedRows {
      PackedRows(
        UnsafeRawBufferPointer(raw), owner: self, format: format, count: count, width: width)
    }
  }

  /// The gradient of the left side: what the rows that are packed lead back to, all of their
  /// columns or some.
  @Test(arguments: PackedFormat.allCases)
  func gradientsGoBackThroughPackedRows(format: PackedFormat) {
    let (count, width) = Self.sizes(format)
    let matrix = Matrix(Bytes(format, count: count * width).rows(count, width))
    for part in [0..<width, 5..<width - 3] {
      let inner = matrix.inputs(part)
      let x = Tensor(sampleNumbers(2 * part.count), shape: [2, part.count]).tracked
      let seed = sampleNumbers(2 * count, 3)
      let found = x.times(inner).gradients(of: [x], from: Tensor(seed, shape: [2, count]))[0]
      let rows = (0..<count).map { matrix.row($0).numbers.map(Double.init) }
      for (row, column) in [(0, 0), (1, 1), (0, part.count - 1), (1, part.count / 2)] {
        let terms = (0..<count).map {
          Double(seed[row * count + $0]) * rows[$0][part.lowerBound + column]
        }
        let size = terms.reduce(0) { $0 + abs($1) }
        #expect(abs(Double(found[row, column]) - terms.reduce(0, +)) <= 1e-5 * size)
      }
    }
  }

  private static func sizes(_ format: PackedFormat) -> (rows: Int, width: Int) {
    switch format.blockCount {
    case 1: (7, 37)
    case 32: (70, 96)
    default: (5, 512)
    }
  }

  private func packed(_ format: PackedFormat) -> (matrix: Matrix, numbers: [Double]) {
    let (rows, width) = Self.sizes(format)
    let bytes = Bytes(format, count: rows * width)
    let matrix = Matrix(bytes.rows(rows, width))
    let numbers = Tensor(shape: [rows, width]) { out in
      let size = format.size(of: width)
      for row in 0..<rows {
        format.widen(
          UnsafeRawBufferPointer(rebasing: bytes.raw[row * size..<(row + 1) * size]),
          into: UnsafeMutableBufferPointer(rebasing: out[row * width..<(row + 1) * width]))
      }
    }
    return (matrix, numbers.numbers.map(Double.init))
  }

  /// Single rows and four at a time take kernels for packed rows, many rows take tiles.
  @Test(arguments: PackedFormat.allCases, [1, 2, 4, 7, 66])
  func productsAgreeWithDoublePrecision(format: PackedFormat, count: Int) {
    let (rows, width) = Self.sizes(format)
    let (matrix, numbers) = packed(format)
    let x = ProductsTests.numbers(count * width, seed: 3)
    let bias = ProductsTests.numbers(rows, seed: 4)
    let plain = Tensor(x, shape: [count, width]).times(matrix)
    let biased = Tensor(x, shape: [count, width]).times(matrix, adding: Tensor(bias, shape: [rows]))
    for place in 0..<count * rows {
      let (row, output) = (place / rows, place % rows)
      var sum = 0.0
      var size = 1.0
      for i in 0..<width {
        let term = Double(x[row * width + i]) * numbers[output * width + i]
        sum += term
        size += abs(term)
      }
      #expect(abs(Double(plain[row, output]) - sum) < 1e-6 * size)
      #expect(abs(Double(biased[row, output]) - sum - Double(bias[output])) < 1e-6 * size)
    }
  }

  /// Heads cut the columns where a block may not end.
  @Test(arguments: PackedFormat.allCases)
  func partsAreViews(format: PackedFormat) {
    let (rows, width) = Self.sizes(format)
    let (matrix, numbers) = packed(format)
    let row = matrix.row(rows - 1).numbers
    #expect(row.map(Double.init) == Array(numbers[((rows - 1) * width)...]))
    let part = matrix.inputs(8..<21)
    #expect(part.inputs == 13 && part.outputs == rows)
    #expect(part.row(2).numbers.map(Double.init) == Array(numbers[2 * width + 8..<2 * width + 21]))
    let x = Tensor(ProductsTests.numbers(3 * 13, seed: 5), shape: [3, 13])
    let product = x.times(part)
    for (place, found) in product.numbers.enumerated() {
      let sum = (0..<13).reduce(0.0) {
        $0 + Double(x[place / rows, $1]) * numbers[place % rows * width + 8 + $1]
      }
      #expect(abs(Double(found) - sum) < 1e-5 * (1 + abs(sum)))
    }
  }

  @Test(arguments: [1, 5, 70])
  func rowsCanBeReorderedAndTaken(count: Int) {
    let bytes = Bytes(.q41, count: 70 * 96)
    let rows = bytes.rows(70, 96)
    let x = Tensor(ProductsTests.numbers(count * 96, seed: 6), shape: [count, 96])
    let plain = x.times(Matrix(rows))
    let order = (0..<70).map { ($0 * 29 + 3) % 70 }
    let mixed = x.times(Matrix(rows.reordered(order)))
    let twice = x.times(Matrix(rows.reordered(order).rows(10..<30)))
    let part = x.times(Matrix(rows.rows(10..<30)))
    for row in 0..<count {
      for output in 0..<70 { #expect(abs(mixed[row, output] - plain[row, order[output]]) < 1e-4) }
      for output in 0..<20 {
        #expect(abs(twice[row, output] - plain[row, order[10 + output]]) < 1e-4)
        #expect(abs(part[row, output] - plain[row, 10 + output]) < 1e-4)
      }
    }
    let gathered = Matrix(rows).gatheringRows([69, 0, 69])
    #expect(gathered.slice(0) == Matrix(rows).row(69) && gathered.slice(2) == gathered.slice(0))
    #expect(gathered.slice(1) == Matrix(rows).row(0))
  }

  @Test(arguments: [1, 7, 70])
  func productsAreTheSameForEveryNumberOfThreads(count: Int) {
    let matrix = Matrix(Bytes(.q41, count: 2000 * 288).rows(2000, 288))
    let x = Tensor(ProductsTests.numbers(count * 288, seed: 7), shape: [count, 288])
    let all = x.times(matrix)
    Threads.use(1)
    defer { Threads.use(nil) }
    #expect(x.times(matrix) == all)
  }
}
