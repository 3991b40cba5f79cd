public import ArgumentParser
import Explanations
import Transformers

/// A temperature inside attention and where it holds: `0.5`, `2@L3`, `2@L0-3`, `inf@L3H5`, `0@H2`,
/// `1@all`.
struct AttentionTemperatureArgument: ExpressibleByArgument {
  let temperature: Double
  /// The layers; every one when `nil`.
  let layers: ClosedRange<Int>?
  /// The head; every one when `nil`.
  let head: Int?

  init?(argument: String) {
    let parts = argument.split(
      separator: "@", maxSplits: 1, omittingEmptySubsequences: false
    ).map(String.init)
    guard let tau = TemperatureArgument(argument: parts[0]) else { return nil }
    temperature = tau.value
    guard parts.count == 2, parts[1].lowercased() != "all" else {
      (layers, head) = (nil, nil)
      return
    }
    // "L0-3H5" is the layers from 0 to 3 and their head 5: what follows the dash is a reference too.
    let ends = parts[1].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      .map { HeadReference(argument: String($0)) ?? HeadReference(argument: "L\($0)") }
    guard let first = ends[0], let last = ends.count == 1 ? first : ends[1] else { return nil }
    head = last.head
    guard let low = first.layer ?? first.plain, let high = last.layer ?? last.plain else {
      layers = nil
      if ends.count > 1 { return nil }
      return
    }
    guard low <= high, ends.count == 1 || first.head == nil else { return nil }
    layers = low...high
  }
}

/// The temperature of the softmax inside attention.
struct AttentionTemperatureOptions: ParsableArguments {
  @Option(
    name: .customLong("attention-tau"),
    help: ArgumentHelp(
      "The temperature τ of the softmax inside attention, where it is not the model's own 1: 0.5, inf@L3, 2@L0-3, 0@L3H5. Repeat it for more places; the last one that names a head holds.",
      valueName: "tau[@L3H5]"))
  var places: [AttentionTemperatureArgument] = []

  /// τ of every head of a model.
  ///
  /// - Throws: `ModelError` for a layer or head that the model does not have.
  func temperature(_ shape: Configuration) throws -> AttentionTemperature {
    var result = AttentionTemperature()
    for argument in places {
      var all = shape
      (all.layers, all.heads) = (shape.mostLayers, shape.mostHeads)
      try all.check(layer: argument.layers?.upperBound ?? 0, head: argument.head)
      guard argument.layers != nil || argument.head != nil else {
        result = AttentionTemperature(argument.temperature)
        continue
      }
      result.set(
        argument.temperature, layers: argument.layers.map { Range($0) } ?? 0..<shape.mostLayers,
        heads: argument.head.map { $0..<$0 + 1 } ?? 0..<shape.mostHeads)
    }
    return result
  }
}
