public import ArgumentParser
import Explanations
import Transformers

/// A temperature inside attention and where it holds: `0.5`, `2@L3`, `inf@L3H5`, `0@H2`, `1@all`.
struct AttentionTemperatureArgument: ExpressibleByArgument {
  let temperature: Double
  /// Which layer and head; every one where nothing is said.
  let place: (layer: Int?, head: Int?)

  init?(argument: String) {
    let parts = argument.split(
      separator: "@", maxSplits: 1, omittingEmptySubsequences: false
    ).map(String.init)
    guard let tau = TemperatureArgument(argument: parts[0]) else { return nil }
    temperature = tau.value
    guard parts.count == 2, parts[1].lowercased() != "all" else {
      place = (nil, nil)
      return
    }
    guard let reference = HeadReference(argument: parts[1]) else { return nil }
    place = (reference.layer ?? reference.plain, reference.head)
  }
}

/// The temperature of the softmax inside attention.
struct AttentionTemperatureOptions: ParsableArguments {
  @Option(
    name: .customLong("attention-tau"),
    help: ArgumentHelp(
      "The temperature τ of the softmax inside attention, where it is not the model's own 1: 0.5, inf@L3, 0@L3H5. Repeat it for more places; the last one that names a head holds.",
      valueName: "tau[@L3H5]"))
  var places: [AttentionTemperatureArgument] = []

  /// τ of every head of a model.
  ///
  /// - Throws: `ModelError` for a layer or head that the model does not have.
  func temperature(_ shape: Configuration) throws -> AttentionTemperature {
    var result = AttentionTemperature()
    for argument in places {
      let (layer, head) = argument.place
      var all = shape
      (all.layers, all.heads) = (shape.mostLayers, shape.mostHeads)
      try all.check(layer: layer ?? 0, head: head)
      guard layer != nil || head != nil else {
        result = AttentionTemperature(argument.temperature)
        continue
      }
      result.set(
        argument.temperature, layers: layer.map { $0..<$0 + 1 } ?? 0..<shape.mostLayers,
        heads: head.map { $0..<$0 + 1 } ?? 0..<shape.mostHeads)
    }
    return result
  }
}
