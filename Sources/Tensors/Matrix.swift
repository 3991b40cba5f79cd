/// A matrix of parameters that maps `[n, inputs]` to `[n, outputs]`: a view of a tensor, or of rows
/// that are packed as their file has them. A part of it needs no copy, and derivatives go through a
/// view to the tensor.
public struct Matrix: Sendable {
  private let storage: any MatrixStorage

  /// How many numbers a row that is multiplied has.
  public var inputs: Int { storage.inputs }
  /// How many numbers a row of the product has.
  public var outputs: Int { storage.outputs }

  /// Views a part of the outputs of `tensor`.
  ///
  /// - Parameters:
  ///   - tensor: `[outputs, inputs]`, or `[inputs, outputs]` when `isOutputMajor` is false.
  ///   - isOutputMajor: Whether a row of the tensor is one output.
  ///   - outputs: Which outputs; all when `nil`.
  ///   - inputs: Which inputs; all when `nil`.
  public init(
    _ tensor: Tensor, isOutputMajor: Bool = true, outputs: Range<Int>? = nil,
    inputs: Range<Int>? = nil
  ) {
    storage = DenseMatrix(tensor, isOutputMajor, outputs, inputs)
  }

  /// Views packed rows, one for every output.
  public init(_ rows: PackedRows) {
    storage = PackedMatrix(rows: rows, columns: 0..<rows.width)
  }

  private init(storage: any MatrixStorage) { self.storage = storage }

  /// The part that maps some of the inputs: one head's share of an output projection.
  public func inputs(_ part: Range<Int>) -> Matrix {
    precondition(part.lowerBound >= 0 && part.upperBound <= inputs)
    return Matrix(storage: storage.inputs(part))
  }

  /// The parameters from every input to one output, `[inputs]`.
  public func row(_ output: Int) -> Tensor {
    gatheringRows([output]).reshaped([inputs])
  }

  /// The parameters from every input to some outputs, `[places, inputs]`: an embedding look-up.
  ///
  /// - Precondition: Every place is an output.
  public func gatheringRows(_ places: [Int]) -> Tensor {
    let rows = Tensor(shape: [places.count, inputs]) { out in
      guard let start = out.baseAddress else { return }
      for (row, place) in places.enumerated() {
        precondition(place >= 0 && place < outputs, "output \(place) of \(outputs)")
        storage.copyRow(place, to: start + row * inputs)
      }
    }
    guard isTracked else { return rows }
    return rows.derived(from: [node]) { [matrix = detached] gradient, inputs in
      guard let input = inputs[0] else { return }
      matrix.storage.add(gradient, toRows: places, of: input)
    }
  }

  /// How the tensor of the parameters was made, where somebody follows.
  var node: Node? { storage.node }

  /// Whether a derivative goes through the parameters.
  public var isTracked: Bool { node != nil }

  /// The same parameters with nothing behind them.
  var detached: Matrix { Matrix(storage: storage.detached) }

  /// The sums of every 16 numbers of the last rows of the left side of a product, of those that
  /// are multiplied one by one.
  func sums(of x: Tensor) -> [Float] { storage.sums(of: x) }

  /// Writes the product of `x` with some of the outputs, or adds it to what is there.
  func multiply(
    _ x: LeftSide, outputs part: Range<Int>, into out: UnsafeMutablePointer<Float>, stride: Int,
    adds: Bool
  ) {
    storage.multiply(x, outputs: part, into: out, stride: stride, adds: adds)
  }

  /// Writes y · Wᵀ, which leads from outputs back to some of the inputs, or adds it.
  func multiplyBack(
    _ y: LeftSide, inputs part: Range<Int>, into out: UnsafeMutablePointer<Float>, stride: Int,
    keep: Float
  ) {
    storage.multiplyBack(y, inputs: part, into: out, stride: stride, keep: keep)
  }

  /// Adds xᵀ · y to the gradient of the parameters.
  func add(_ x: LeftSide, _ y: LeftSide, to sink: GradientSink) { storage.add(x, y, to: sink) }
}

/// The left side of a product: rows of numbers, one behind the other.
struct LeftSide {
  var start: UnsafePointer<Float>
  var rows: Int
  var width: Int
  /// What `Matrix.sums(of:)` gave.
  var sums: [Float]
}

/// How the parameters of a matrix are kept.
protocol MatrixStorage: Sendable {
  var inputs: Int { get }
  var outputs: Int { get }
  var node: Node? { get }
  var detached: Self { get }
  func inputs(_ part: Range<Int>) -> Self
  func copyRow(_ output: Int, to out: UnsafeMutablePointer<Float>)
  func sums(of x: Tensor) -> [Float]
  func multiply(
    _ x: LeftSide, outputs part: Range<Int>, into out: UnsafeMutablePointer<Float>, stride: Int,
    adds: Bool)
  func multiplyBack(
    _ y: LeftSide, inputs part: Range<Int>, into out: UnsafeMutablePointer<Float>, stride: Int,
    keep: Float)
  func add(_ x: LeftSide, _ y: LeftSide, to sink: GradientSink)
  func add(_ gradient: Tensor, toRows places: [Int], of sink: GradientSink)
}

/// Most storage is read only: nobody follows its parameters.
extension MatrixStorage {
  var node: Node? { nil }
  var detached: Self { self }
  func add(_ x: LeftSide, _ y: LeftSide, to sink: GradientSink) {}
  func add(_ gradient: Tensor, toRows places: [Int], of sink: GradientSink) {}
}
