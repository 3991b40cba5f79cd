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
  /// Whether the two halves of every head's outputs alternate, so that those that are turned
  /// together are neighbours, as llama.cpp has them.
  var isInterleaved = false

  init(_ name: String, part: (index: Int, count: Int)? = nil) {
    self.name = name
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
    part: (index: Int, count: Int)? = nil, isInterleaved: Bool = false
  ) -> [(String, Place)] {
    var (weight, bias) = (Place(name + ".weight", part: part), Place(name + ".bias", part: part))
    weight.isTransposed = isTransposed
    weight.isInterleaved = isInterleaved
    bias.isInterleaved = isInterleaved
    return [(path + ".weight", weight), (path + ".bias", bias)]
  }

  init(prefixes: [String], _ places: [[(String, Place)]]) {
    self.prefixes = prefixes
    self.places = Dictionary(places.joined(), uniquingKeysWith: { first, _ in first })
  }
}

/// Takes a model's parameters out of a checkpoint, by path, and checks their shapes.
struct Parameters {
  let checkpoint: any ParameterFile
  let names: Names
  /// The width of a head.
  let headWidth: Int

  /// Whether the checkpoint has a parameter.
  func has(_ path: String, layer: Int? = nil) -> Bool {
    names.places[path].map { find($0, layer) != nil } ?? false
  }

  /// A vector of `count` numbers.
  func vector(_ path: String, layer: Int? = nil, count: Int) throws -> Tensor {
    let (place, name) = try locate(path, layer)
    let parts = place.part?.count ?? 1
    let tensor = try read(name, shape: [count * parts])
    if place.isInterleaved {
      let numbers = tensor.numbers
      return Tensor(halvesFirst(count).map { numbers[$0] }, shape: [count])
    }
    guard let part = place.part else { return tensor }
    return tensor.reshaped([part.count, count]).slice(part.index)
  }

  /// A table of `rows` vectors.
  func table(_ path: String, rows: Int, width: Int) throws -> Matrix {
    try matrix(path, inputs: width, outputs: rows)
  }

  /// A matrix that maps `inputs` numbers to `outputs`, its parameters as they are stored.
  func matrix(_ path: String, layer: Int? = nil, inputs: Int, outputs: Int) throws -> Matrix {
    let (place, name) = try locate(path, layer)
    let all = outputs * (place.part?.count ?? 1)
    let start = outputs * (place.part?.index ?? 0)
    if !place.isTransposed, let rows = try checkpoint.rows(name),
      rows.format != .float32 || place.isInterleaved
    {
      try check(name, [rows.count, rows.width], [all, inputs])
      let ordered = place.isInterleaved ? rows.reordered(halvesFirst(all)) : rows
      return Matrix(ordered.rows(start..<start + outputs))
    }
    let tensor = try read(name, shape: place.isTransposed ? [inputs, all] : [all, inputs])
    return Matrix(tensor, isOutputMajor: !place.isTransposed, outputs: start..<start + outputs)
  }

  /// Where the outputs of heads stand whose halves alternate: the first halves first.
  private func halvesFirst(_ count: Int) -> [Int] {
    (0..<count).map { output in
      let (head, place) = (output / headWidth, output % headWidth)
      let (half, pair) = (place / (headWidth / 2), place % (headWidth / 2))
      return head * headWidth + 2 * pair + half
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

  /// A norm.
  func norm(
    _ path: String, layer: Int? = nil, width: Int, kind: Configuration.NormKind, epsilon: Float
  ) throws -> Norm {
    Norm(
      scale: try vector(path + ".weight", layer: layer, count: width),
      shift: kind == .layer ? try vector(path + ".bias", layer: layer, count: width) : nil,
      epsilon: epsilon)
  }

  private func locate(_ path: String, _ layer: Int?) throws -> (Place, String) {
    guard let place = names.places[path] else { preconditionFailure("no place for \(path)") }
    guard let name = find(place, layer) else { throw missing(fill(place.name, layer)) }
    return (place, name)
  }

  private func read(_ name: String, shape: [Int]) throws -> Tensor {
    guard let tensor = try checkpoint.tensor(name) else { throw missing(name) }
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
