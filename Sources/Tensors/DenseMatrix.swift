/// A view of a part of a tensor.
struct DenseMatrix: MatrixStorage {
  let inputs: Int
  let outputs: Int
  private let tensor: Tensor
  private let offset: Int
  private let stride: Int
  /// Whether an output's parameters stand in one row, as in PyTorch's `nn.Linear`; otherwise an
  /// input's do, as in GPT-2's `Conv1D`.
  private let isOutputMajor: Bool

  init(_ tensor: Tensor, _ isOutputMajor: Bool, _ outputs: Range<Int>?, _ inputs: Range<Int>?) {
    precondition(tensor.shape.count == 2, "a matrix has two axes, not \(tensor.shape)")
    let (rows, columns) = (tensor.shape[0], tensor.shape[1])
    let outputs = outputs ?? 0..<(isOutputMajor ? rows : columns)
    let inputs = inputs ?? 0..<(isOutputMajor ? columns : rows)
    let (row, column) = isOutputMajor ? (outputs, inputs) : (inputs, outputs)
    precondition(
      row.lowerBound >= 0 && row.upperBound <= rows && column.lowerBound >= 0
        && column.upperBound <= columns, "\(row) × \(column) of \(tensor.shape)")
    self.tensor = tensor
    self.isOutputMajor = isOutputMajor
    self.outputs = outputs.count
    self.inputs = inputs.count
    stride = columns
    offset = row.lowerBound * columns + column.lowerBound
  }

  func inputs(_ part: Range<Int>) -> DenseMatrix { DenseMatrix(part: part, of: self) }

  var node: Node? { tensor.node }

  var detached: DenseMatrix { DenseMatrix(part: 0..<inputs, of: self, tensor.detached) }

  private init(part: Range<Int>, of whole: DenseMatrix, _ numbers: Tensor? = nil) {
    tensor = numbers ?? whole.tensor
    isOutputMajor = whole.isOutputMajor
    outputs = whole.outputs
    inputs = part.count
    stride = whole.stride
    offset = whole.offset + part.lowerBound * (isOutputMajor ? 1 : stride)
  }

  func copyRow(_ output: Int, to out: UnsafeMutablePointer<Float>) {
    tensor.withNumbers { numbers in
      guard let base = numbers.baseAddress else { return }
      if isOutputMajor {
        out.update(from: base + offset + output * stride, count: inputs)
      } else {
        for input in 0..<inputs { out[input] = base[offset + input * stride + output] }
      }
    }
  }

  func sums(of x: Tensor) -> [Float] { [] }

  func multiply(
    _ x: LeftSide, outputs part: Range<Int>, into out: UnsafeMutablePointer<Float>, stride: Int,
    adds: Bool
  ) {
    tensor.withNumbers { numbers in
      guard let base = numbers.baseAddress else { return }
      let first = offset + part.lowerBound * (isOutputMajor ? self.stride : 1)
      BLAS.multiply(
        .init(start: x.start, stride: x.width),
        .init(start: base + first, stride: self.stride, isTransposed: isOutputMajor),
        into: out, stride: stride, m: x.rows, n: part.count, k: x.width, keep: adds ? 1 : 0)
    }
  }

  // MARK: derivatives

  func multiplyBack(
    _ y: LeftSide, inputs part: Range<Int>, into out: UnsafeMutablePointer<Float>, stride: Int,
    keep: Float
  ) {
    tensor.withNumbers { numbers in
      guard let base = numbers.baseAddress else { return }
      let first = offset + part.lowerBound * (isOutputMajor ? 1 : self.stride)
      BLAS.multiply(
        .init(start: y.start, stride: y.width),
        .init(start: base + first, stride: self.stride, isTransposed: !isOutputMajor),
        into: out, stride: stride, m: y.rows, n: part.count, k: y.width, keep: keep)
    }
  }

  func add(_ x: LeftSide, _ y: LeftSide, to sink: GradientSink) {
    let (first, second) = isOutputMajor ? (y, x) : (x, y)
    func add(_ start: UnsafeMutablePointer<Float>, _ keep: Float) {
      BLAS.multiply(
        .init(start: first.start, stride: first.width, isTransposed: true),
        .init(start: second.start, stride: second.width), into: start + offset, stride: stride,
        m: first.width, n: second.width, k: first.rows, keep: keep)
    }
    if inputs * outputs == tensor.count {
      sink.accumulate(tensor.count, add)
    } else {
      sink.addToSome(tensor.count) { add($0, 1) }
    }
  }

  func add(_ gradient: Tensor, toRows places: [Int], of sink: GradientSink) {
    sink.addToSome(tensor.count) { start in
      guard !isOutputMajor else {
        return gradient.addRows(to: places.map { start + offset + $0 * stride })
      }
      gradient.withNumbers { numbers in
        for (row, place) in places.enumerated() {
          for input in 0..<inputs {
            start[offset + input * stride + place] += numbers[row * inputs + input]
          }
        }
      }
    }
  }
}
