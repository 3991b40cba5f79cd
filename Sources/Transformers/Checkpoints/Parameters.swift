import Files
import TensorFiles
import Tensors

/// Where a checkpoint keeps a parameter.
struct Place: Sendable {
  /// Which rows of a stored matrix, or numbers of a stored vector, are the outputs.
  enum Rows: Sendable {
    /// All.
    case all
    /// One of several equal parts, one behind the other.
    case part(Int, of: Int)
    /// Those of query heads (0), of key heads (1) or of value heads (2), one behind the other.
    case heads(Int)
    /// One of several equal parts of every head's.
    case partOfHead(Int, of: Int)
    /// All, but the two halves of every head's alternate, so that those that are turned together
    /// are neighbours, as llama.cpp has them.
    case halvesAlternate
  }

  /// The tensor's name; `#` stands for the layer.
  var name: String
  /// Whether it is stored `[inputs, outputs]`, as GPT-2 does.
  var isTransposed = false
  /// Which rows of it.
  var rows = Rows.all
  /// The first layer that has it.
  var firstLayer = 0

  init(_ name: String, _ rows: Rows = .all, isTransposed: Bool = false, firstLayer: Int = 0) {
    self.name = name
    self.rows = rows
    self.isTransposed = isTransposed
    self.firstLayer = firstLayer
  }
}

/// Which parameter of the model stands where in a checkpoint.
struct Names: Sendable {
  /// What may stand before every name, besides nothing.
  var prefixes: [String]
  /// The place of every path of the model; `#` stands for the layer.
  var places: [String: Place]

  /// The places of a linear layer's weight and bias at every path.
  static func linear(
    _ path: String, _ name: String, _ rows: Place.Rows = .all, isTransposed: Bool = false,
    firstLayer: Int = 0
  ) -> [(String, Place)] {
    [
      (
        path + ".weight",
        Place(name + ".weight", rows, isTransposed: isTransposed, firstLayer: firstLayer)
      ),
      (path + ".bias", Place(name + ".bias", rows, firstLayer: firstLayer)),
    ]
  }

  /// The same places in both stacks of an encoder–decoder; `@` stands for the stack's name.
  static func inBothStacks(_ places: [[(String, Place)]]) -> [[(String, Place)]] {
    ["encoder", "decoder"].map { stack in
      places.joined().map { path, place in
        var place = place
        place.name = place.name.split(separator: "@", omittingEmptySubsequences: false)
          .joined(separator: stack)
        return ("\(stack).\(path)", place)
      }
    }
  }

  init(prefixes: [String], _ places: [[(String, Place)]]) {
    self.prefixes = prefixes
    self.places = Dictionary(places.joined(), uniquingKeysWith: { first, _ in first })
  }

  /// Whether the family has a parameter in a layer.
  func has(_ path: String, layer: Int? = nil) -> Bool {
    places[path].map { layer ?? 0 >= $0.firstLayer } ?? false
  }
}

/// Takes a model's parameters out of a checkpoint, by path, and checks their shapes.
struct Parameters {
  let checkpoint: any ParameterFile
  let names: Names
  /// The shape of the model.
  let shape: Configuration
  /// Counts what is read.
  let ledger = ParameterLedger()
  /// The stack whose places go before those of all.
  private var stack = Site.Stack.sole

  init(checkpoint: any ParameterFile, names: Names, shape: Configuration) {
    self.checkpoint = checkpoint
    self.names = names
    self.shape = shape
  }

  /// The parameters of one stack: its own `encoder.words` goes before the `words` of all.
  func part(_ stack: Site.Stack) -> Parameters {
    var part = self
    part.stack = stack
    return part
  }

  /// Whether the checkpoint has a parameter.
  func has(_ path: String, layer: Int? = nil) -> Bool {
    names.places[own(path)].map { find($0, layer) != nil } ?? false
  }

  /// Whether the family has a parameter in a layer.
  func expects(_ path: String, layer: Int? = nil) -> Bool {
    names.has(own(path), layer: layer)
  }

  private func own(_ path: String) -> String {
    let own = "\(stack.rawValue).\(path)"
    return names.places[own] == nil ? path : own
  }

  /// A vector of `count` numbers.
  func vector(_ path: String, layer: Int? = nil, count: Int) throws -> Tensor {
    let (place, name) = try locate(path, layer)
    let (selection, all) = select(place.rows, count)
    let tensor = try read(name, for: path, shape: [all], isRow: true)
    note(name, selection, width: 1, path, layer)
    if case .range(let range) = selection, range.count == all { return tensor }
    let places = selection.places
    return tensor.reshaped([all, 1]).gatheringRows(places).reshaped([places.count])
  }

  /// A table of `rows` vectors.
  func table(_ path: String, rows: Int, width: Int) throws -> Matrix {
    try matrix(path, inputs: width, outputs: rows)
  }

  /// A matrix that maps `inputs` numbers to `outputs`, its parameters as they are stored.
  func matrix(_ path: String, layer: Int? = nil, inputs: Int, outputs: Int) throws -> Matrix {
    let (place, name) = try locate(path, layer)
    let (selection, all) = select(place.rows, outputs)
    note(name, selection, width: inputs, path, layer)
    if !place.isTransposed, let rows = try checkpoint.rows(name),
      rows.format != .float32 || !selection.isRange
    {
      try check(name, [rows.count, rows.width], [all, inputs])
      switch selection {
      case .range(let range): return Matrix(rows.rows(range))
      case .places(let places): return Matrix(rows.reordered(places))
      }
    }
    let tensor = try read(
      name, for: path, shape: place.isTransposed ? [inputs, all] : [all, inputs])
    switch selection {
    case .range(let range):
      return Matrix(tensor, isOutputMajor: !place.isTransposed, outputs: range)
    case .places(let places):
      precondition(!place.isTransposed, "rows of \(name) are not in order")
      return Matrix(tensor.gatheringRows(places))
    }
  }

  /// Which rows of a stored matrix are meant.
  private enum Selection {
    case range(Range<Int>)
    case places([Int])

    var isRange: Bool {
      if case .range = self { true } else { false }
    }

    var places: [Int] {
      switch self {
      case .range(let range): Array(range)
      case .places(let places): places
      }
    }
  }

  /// Notes what is read of a stored tensor, row by row.
  private func note(
    _ name: String, _ selection: Selection, width: Int, _ path: String, _ layer: Int?
  ) {
    let (first, count) =
      switch selection {
      case .range(let range): (range.lowerBound, range.count)
      case .places(let places): (places.first ?? 0, places.count)
      }
    ledger.note(
      name, from: first, count: count * width, path: path, layer: layer, of: stack)
  }

  /// The rows that `count` outputs are, and how many the stored matrix has.
  private func select(_ rows: Place.Rows, _ count: Int) -> (Selection, all: Int) {
    let d = shape.headWidth
    switch rows {
    case .all: return (.range(0..<count), count)
    case .part(let index, let parts):
      return (.range(index * count..<(index + 1) * count), parts * count)
    case .heads(let index):
      let (queries, keys) = (shape.heads * d, shape.groups * d)
      let start = index == 0 ? 0 : queries + (index - 1) * keys
      return (.range(start..<start + count), queries + 2 * keys)
    case .partOfHead(let index, let parts):
      let places = (0..<count).map { $0 / d * parts * d + index * d + $0 % d }
      return (.places(places), parts * count)
    case .halvesAlternate:
      let places = (0..<count).map { output in
        let (half, pair) = (output % d / (d / 2), output % d % (d / 2))
        return output / d * d + 2 * pair + half
      }
      return (.places(places), count)
    }
  }

  /// A linear layer.
  func linear(
    _ path: String, layer: Int? = nil, inputs: Int, outputs: Int, hasBias: Bool = true
  ) throws -> Linear {
    Linear(
      weight: try matrix(path + ".weight", layer: layer, inputs: inputs, outputs: outputs),
      bias: hasBias ? try vector(path + ".bias", layer: layer, count: outputs) : nil)
  }

  /// A norm, as the family has them.
  func norm(_ path: String, layer: Int? = nil, width: Int) throws -> Norm {
    let scale = try vector(path + ".weight", layer: layer, count: width)
    return Norm(
      scale: shape.normKind == .rootMeanSquarePlusOne
        ? scale + Tensor(repeating: 1, shape: scale.shape) : scale,
      shift: try shift(path + ".bias", layer: layer, count: width), epsilon: shape.normEpsilon)
  }

  private func shift(_ path: String, layer: Int?, count: Int) throws -> Tensor? {
    guard shape.normKind == .layer else { return nil }
    return shape.hasNormShift
      ? try vector(path, layer: layer, count: count)
      : Tensor(Array(repeating: 0, count: count), shape: [count])
  }

  private func locate(_ path: String, _ layer: Int?) throws -> (Place, String) {
    guard let place = names.places[own(path)] else { preconditionFailure("no place for \(path)") }
    guard let name = find(place, layer) else { throw missing(fill(place.name, layer)) }
    return (place, name)
  }

  /// - Parameter isRow: Whether a vector may be stored as a matrix of one row.
  private func read(
    _ name: String, for path: String, shape: [Int], isRow: Bool = false
  ) throws -> Tensor {
    guard let tensor = try checkpoint.tensor(name, for: path, shape: shape) else {
      throw missing(name)
    }
    if isRow, tensor.shape == [1] + shape { return tensor.reshaped(shape) }
    try check(name, tensor.shape, shape)
    return tensor
  }

  /// The name under which the checkpoint has a place: with or without a prefix, with the norms'
  /// names of today or of 2018 (gamma, beta).
  private func find(_ place: Place, _ layer: Int?) -> String? {
    let name = fill(place.name, layer)
    for candidate in [name, legacy(name)] {
      for prefix in [""] + names.prefixes where checkpoint.contains(prefix + candidate) {
        return prefix + candidate
      }
    }
    return nil
  }

  private func fill(_ name: String, _ layer: Int?) -> String {
    guard let layer else { return name }
    return name.split(separator: "#", omittingEmptySubsequences: false)
      .joined(separator: String(layer))
  }

  private func legacy(_ name: String) -> String {
    guard name.contains("LayerNorm") else { return name }
    if name.hasSuffix(".weight") { return name.dropLast(6) + "gamma" }
    if name.hasSuffix(".bias") { return name.dropLast(4) + "beta" }
    return name
  }

  private func missing(_ name: String) -> FileError {
    FileError(.badData, checkpoint.path, "the tensor \(name) is missing")
  }

  private func check(_ name: String, _ found: [Int], _ expected: [Int]) throws {
    guard found != expected else { return }
    throw FileError(
      .badData, checkpoint.path,
      "\(name.visible) has the shape \(found), the configuration asks for \(expected)")
  }
}
