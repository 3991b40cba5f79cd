/// A matrix of parameters that maps `[n, inputs]` to `[n, outputs]`: a view into a tensor, so that
/// a part of a fused or a transposed matrix needs no copy.
public struct Matrix: Sendable {
  /// How many numbers a row that is multiplied has.
  public let inputs: Int
  /// How many numbers a row of the product has.
  public let outputs: Int
  private let tensor: Tensor
  private let offset: Int
  private let stride: Int
  /// Whether an output's parameters stand in one row, as in PyTorch's `nn.Linear`; otherwise an
  /// input's do, as in GPT-2's `Conv1D`.
  private let isOutputMajor: Bool

  /// Views a part of the outputs of `tensor`.
  ///
  /// - Parameters:
  ///   - tensor: `[outputs, inputs]`, or `[inputs, outputs]` when `isOutputMajor` is false.
  ///   - outputs: Which outputs; all when `nil`.
  ///   - inputs: Which inputs; all when `nil`.
  public init(
    _ tensor: Tensor, isOutputMajor: Bool = true, outputs: Range<Int>? = nil,
    inputs: Range<Int>? = nil
  ) {
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

  /// The part that maps some of the inputs: one head's share of an output projection.
  public func inputs(_ part: Range<Int>) -> Matrix {
    Matrix(part: part, of: self)
  }

  private init(part: Range<Int>, of whole: Matrix) {
    precondition(part.lowerBound >= 0 && part.upperBound <= whole.inputs)
    tensor = whole.tensor
    isOutputMajor = whole.isOutputMajor
    outputs = whole.outputs
    inputs = part.count
    stride = whole.stride
    offset = whole.offset + part.lowerBound * (isOutputMajor ? 1 : stride)
  }

  /// The parameters from every input to one output, `[inputs]`.
  public func row(_ output: Int) -> Tensor {
    precondition(output >= 0 && output < outputs, "output \(output) of \(outputs)")
    return Tensor(shape: [inputs]) { out in
      tensor.withNumbers { numbers in
        for input in 0..<inputs {
          let place = isOutputMajor ? output * stride + input : input * stride + output
          out[input] = numbers[offset + place]
        }
      }
    }
  }

  /// Calls `body` with the view of some outputs as the right side of a product.
  func withOperand(outputs part: Range<Int>, _ body: (BLAS.Operand) -> Void) {
    tensor.withNumbers { numbers in
      guard let base = numbers.baseAddress else { return }
      let first = offset + part.lowerBound * (isOutputMajor ? stride : 1)
      body(BLAS.Operand(start: base + first, stride: stride, isTransposed: isOutputMajor))
    }
  }
}
