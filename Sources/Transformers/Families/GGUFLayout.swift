import Files
import TensorFiles
import Tensors

/// How GGUF files of a family differ from the hub's folders: other keys, other names.
struct GGUFLayout: Sendable {
  /// The `general.architecture`, which stands before every key.
  let architecture: String
  /// The keys of the metadata, by those of the `config.json` that they stand for.
  let keys: [String: String]
  /// Keys of the metadata that must be there: defaults are the hub's.
  let needed: [String]
  /// Keys whose value is the width of a head.
  var headWidths: [String] = []
  /// Keys with the only value that the engine computes with.
  var required: [String: JSON] = [:]
  /// Keys that change no number.
  var harmless: Set<String> = []
  /// Keys of the `config.json` that say whether there is a tensor, or that there is none.
  var flags: [(key: String, tensor: String, isThere: Bool)] = []
  /// What else is otherwise than in the hub's folders.
  var adjust: @Sendable (inout Configuration) -> Void = { _ in }
  /// Where the parameters are.
  let names: Names

  /// The key with the architecture before it, as files have it.
  func full(_ key: String) -> String { "\(architecture).\(key)" }

  /// The metadata of a file as the `config.json` that it stands for; keys keep their names, so that
  /// messages speak of what is there.
  func config(_ file: GGUF) -> JSON {
    var members = file.metadata.filter { $0.key.hasPrefix(architecture + ".") }
      .map { JSON.Member($0.key, $0.value.config) }
    for flag in flags {
      members.append(JSON.Member(flag.key, .bool(file.contains(flag.tensor) == flag.isThere)))
    }
    let key = full("vocab_size")
    if file[key] == nil, let rows = names.places["words"].flatMap({ file.entry($0.name) })?.shape[0]
    {
      members.append(JSON.Member(key, .integer(rows)))
    }
    return .object(members)
  }
}

extension GGUF.Value {
  /// The value as one of a `config.json`. A number for every layer is one when all are equal.
  fileprivate var config: JSON {
    if let numbers = list?.integers(), let first = numbers.first,
      numbers.allSatisfy({ $0 == first })
    {
      return .integer(first)
    }
    return json
  }
}

extension GGUFLayout {
  /// Reads the shape of a model from the metadata of its file.
  ///
  /// - Throws: `FileError` for what is missing, wrong, or not understood.
  static func read(_ file: GGUF) throws -> (family: Family, layout: GGUFLayout, Configuration) {
    let (family, layout) = try find(file)
    if let parts = file["split.count"]?.integer, parts > 1 {
      throw FileError(
        .badData, file.path, "is one of \(parts) parts; merge them into one file first")
    }
    let config = layout.config(file)
    for key in layout.needed.map(layout.full) where config[key] == nil {
      throw FileError(.badData, file.path, "has no \"\(key)\"")
    }
    var reader = try ConfigurationReader(
      config, path: file.path, spelling: layout.keys.mapValues(layout.full))
    var shape = try family.configuration(&reader)
    for key in layout.headWidths {
      try reader.require(layout.full(key), .integer(shape.headWidth))
    }
    for (key, value) in layout.required { try reader.require(layout.full(key), value) }
    let factor = try layout.ropeFactor(&reader)
    try reader.finish(harmless: Set(layout.harmless.map(layout.full)))
    if !shape.rotary.isEmpty {
      let scaling = try scaling(file, pairs: shape.headWidth / 2, factor: factor)
      for layer in shape.rotary.indices { shape.rotary[layer]?.scaling = scaling }
    }
    layout.adjust(&shape)
    try layout.checkNames(file, layers: shape.layers)
    return (family, layout, shape)
  }

  private static func find(_ file: GGUF) throws -> (Family, GGUFLayout) {
    let known = Family.all.compactMap { $0.gguf?.architecture }.sorted().joined(separator: ", ")
    guard let name = file["general.architecture"]?.string else {
      throw FileError(
        .badData, file.path, "has no \"general.architecture\" that is a string; known: \(known)")
    }
    for family in Family.all {
      if let layout = family.gguf, layout.architecture == name { return (family, layout) }
    }
    throw FileError(
      .badData, file.path,
      "the architecture \"\(name.visible)\" is not supported; known: \(known)")
  }

  /// What all frequencies of the rotation are divided by.
  private func ropeFactor(_ reader: inout ConfigurationReader) throws -> Double {
    let isLinear = try reader.choice(
      full("rope.scaling.type"), default: true, among: [("linear", true), ("none", false)])
    let factor = try reader.positive(full("rope.scaling.factor"), default: 1)
    let old = try reader.positive(full("rope.scale_linear"), default: 1)
    return isLinear ? factor * old : 1
  }

  /// What becomes of the frequencies of the rotation.
  private static func scaling(
    _ file: GGUF, pairs: Int, factor: Double
  ) throws -> Rotary.Scaling {
    guard let tensor = try file.tensor(ropeFrequencies) else {
      return factor == 1 ? .none : .linear(factor)
    }
    guard tensor.shape == [pairs], tensor.numbers.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw FileError(
        .badData, file.path,
        "\(ropeFrequencies) has the shape \(tensor.shape) or a number that is not above 0; [\(pairs)] is expected"
      )
    }
    return .divided(tensor.numbers.map { Double($0) * factor })
  }

  private static let ropeFrequencies = "rope_freqs.weight"

  /// Refuses tensors that nobody knows: a file has none that change no number.
  private func checkNames(_ file: GGUF, layers: Int) throws {
    let known = Set(names.places.values.map(\.name))
    for entry in file.entries where entry.name != Self.ropeFrequencies {
      let parts = entry.name.split(separator: ".", omittingEmptySubsequences: false)
      let isLayer = parts.count > 2 && parts[0] == "blk" && Int(parts[1]) ?? layers < layers
      let name = isLayer ? "blk.#." + parts[2...].joined(separator: ".") : entry.name
      guard known.contains(name) else {
        throw FileError(
          .badData, file.path,
          "the tensor \(entry.name.visible) is not understood and may change the numbers")
      }
    }
  }
}
