import Files
import TensorFiles
import Tensors

/// Where a checkpoint keeps a parameter.
struct Place: Sendable {
  /// The tensor's name; `#` stands for the layer.
  var name: String
  /// Whether it is stored `[inputs, outputs]`, as GPT-2 does.
  var isTransposed = false
  /// Which of how many equal parts of the outputs it is, in a fused matrix.
  var part: (index: Int, count: Int)?

  init(_ name: String, isTransposed: Bool = false, part: (index: Int, count: Int)? = nil) {
    self.name = name
    self.isTransposed = isTransposed
    self.part = part
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
    _ path: String, _ name: String, isTransposed: Bool = false,
    part: (index: Int, count: Int)? = nil
  ) -> [(String, Place)] {
    [
      (path + ".weight", Place(name + ".weight", isTransposed: isTransposed, part: part)),
      (path + ".bias", Place(name + ".bias", part: part)),
    ]
  }

  init(prefixes: [String], _ places: [[(String, Place)]]) {
    self.prefixes = prefixes
    self.places = Dictionary(places.joined(), uniquingKeysWith: { first, _ in first })
  }
}

/// Takes a model's parameters out of a checkpoint, by path, and checks their shapes.
struct Parameters {
  let checkpoint: SafeTensors
  let names: Names

  /// Whether the checkpoint has a parameter.
  func has(_ path: String, layer: Int? = nil) -> Bool {
    names.places[path].map { find($0, layer) != nil } ?? false
  }

  /// A vector of `count` numbers.
  func vector(_ path: String, layer: Int? = nil, count: Int) throws -> Tensor {
    let (tensor, place, name) = try read(path, layer)
    let parts = place.part?.count ?? 1
    guard tensor.shape == [count * parts] else {
      throw wrongShape(name, tensor.shape, [count * parts])
    }
    guard let part = place.part else { return tensor }
    return tensor.reshaped([part.count, count]).slice(part.index)
  }

  /// A table of `rows` vectors.
  func table(_ path: String, rows: Int, width: Int) throws -> Tensor {
    let (tensor, _, name) = try read(path, nil)
    guard tensor.shape == [rows, width] else {
      throw wrongShape(name, tensor.shape, [rows, width])
    }
    return tensor
  }

  /// A matrix that maps `inputs` numbers to `outputs`.
  func matrix(_ path: String, layer: Int? = nil, inputs: Int, outputs: Int) throws -> Matrix {
    let (tensor, place, name) = try read(path, layer)
    let all = outputs * (place.part?.count ?? 1)
    let shape = place.isTransposed ? [inputs, all] : [all, inputs]
    guard tensor.shape == shape else { throw wrongShape(name, tensor.shape, shape) }
    let start = outputs * (place.part?.index ?? 0)
    return Matrix(tensor, isOutputMajor: !place.isTransposed, outputs: start..<start + outputs)
  }

  /// A linear layer.
  func linear(
    _ path: String, layer: Int? = nil, inputs: Int, outputs: Int, hasBias: Bool = true
  ) throws -> Linear {
    Linear(
      weight: try matrix(path + ".weight", layer: layer, inputs: inputs, outputs: outputs),
      bias: hasBias ? try vector(path + ".bias", layer: layer, count: outputs) : nil)
  }

  /// A norm.
  func norm(
    _ path: String, layer: Int? = nil, width: Int, kind: Configuration.NormKind, epsilon: Float
  ) throws -> Norm {
    Norm(
      scale: try vector(path + ".weight", layer: layer, count: width),
      shift: kind == .layer ? try vector(path + ".bias", layer: layer, count: width) : nil,
      epsilon: epsilon)
  }

  private func read(_ path: String, _ layer: Int?) throws -> (Tensor, Place, String) {
    guard let place = names.places[path] else { preconditionFailure("no place for \(path)") }
    guard let name = find(place, layer), let tensor = try checkpoint.tensor(name) else {
      throw FileError(
        .badData, checkpoint.path, "the tensor \(fill(place.name, layer)) is missing")
    }
    return (tensor, place, name)
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

  private func wrongShape(_ name: String, _ found: [Int], _ expected: [Int]) -> FileError {
    FileError(
      .badData, checkpoint.path,
      "\(name.visible) has the shape \(found), config.json asks for \(expected)")
  }
}
