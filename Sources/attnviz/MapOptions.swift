public import ArgumentParser
public import Explanations
public import Figures
import Files
import Transformers

/// What figures of attention maps can be asked for.
struct MapOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The token that looks, from 0.", valueName: "N"))
  var token: Int?

  @Option(help: ArgumentHelp("The token that is looked at, from 0.", valueName: "N"))
  var key: Int?

  @Option(
    help: ArgumentHelp("Several heads: L3H1,L5H11. At most \(Arcs.mostHeads).", valueName: "list"),
    completion: .headList)
  var heads: HeadList?

  @Option(help: "How arcs are laid out: arcs over the sentence, or rails.")
  var layout: Arcs.Layout?

  @Option(help: ArgumentHelp("Lines for weights from this one on, 0 to 1.", valueName: "weight"))
  var threshold: Double?

  @Option(help: ArgumentHelp("How many keys back a sliding window reaches.", valueName: "N"))
  var window: Int?

  @Option(help: "Position encodings: the model's own, or the sinusoidal ones of the formula.")
  var encoding: PositionScheme?

  @Flag(help: "Take special tokens out and renormalise the rows; for worked, run without them.")
  var noSpecial = false

  @Flag(help: "Merge the pieces of a word: sum over keys, mean over queries.")
  var words = false

  @Flag(inversion: .prefixedNo, help: "Print the numbers in the cells, or leave them out.")
  var values: Bool?

  @Option(help: ArgumentHelp("The value of the palest colour.", valueName: "value"))
  var vmin: Double?

  @Option(help: ArgumentHelp("The value of the darkest colour.", valueName: "value"))
  var vmax: Double?

  @Option(help: "How values become colours: linear, sqrt or log.")
  var scale: ScaleName?

  @Flag(help: "End the colours at the largest weight outside special tokens and sinks.")
  var sinkAware = false

  /// The options that were given.
  var given: [(String, Bool)] {
    [
      ("--token", token != nil), ("--key", key != nil), ("--heads", heads != nil),
      ("--layout", layout != nil), ("--threshold", threshold != nil), ("--window", window != nil),
      ("--encoding", encoding != nil),
      ("--no-special", noSpecial), ("--words", words),
      (values == false ? "--no-values" : "--values", values != nil), ("--vmin", vmin != nil),
      ("--vmax", vmax != nil), ("--scale", scale != nil), ("--sink-aware", sinkAware),
    ]
  }

  /// What is done to maps.
  var edits: MapEdits {
    MapEdits(removesSpecial: noSpecial, mergesWords: words, isSinkAware: sinkAware)
  }

  /// The edits as provenance keeps them.
  var details: [JSON.Member] {
    (noSpecial ? [JSON.Member("no_special", true)] : [])
      + (words ? [JSON.Member("words", true)] : [])
  }

  func validate() throws {
    for (name, number) in [("--vmin", vmin), ("--vmax", vmax)] {
      if let number, !number.isFinite { throw ValidationError("\(name) takes a finite number.") }
    }
    if sinkAware, vmin != nil || vmax != nil {
      throw ValidationError("Give --sink-aware or --vmin and --vmax, not both.")
    }
    if let window, window < 1 { throw ValidationError("--window takes a number from 1.") }
    if let threshold, !(threshold >= 0 && threshold <= 1) {
      throw ValidationError("--threshold takes a number from 0 to 1.")
    }
    for (name, number) in [("--token", token), ("--key", key)] {
      if let number, number < 0 { throw ValidationError("\(name) takes a number from 0.") }
    }
  }
}

enum ScaleName: String, ExpressibleByArgument, CaseIterable {
  case linear, sqrt, log

  var transform: ScaleTransform {
    switch self {
    case .linear: .linear
    case .sqrt: .squareRoot
    case .log: .logarithm(from: 0.001)
    }
  }
}

extension MapOptions {
  /// Applies what concerns colours and numbers.
  func apply(to heatmap: inout Heatmap) throws {
    if let values { heatmap.numbers = values ? .always : .never }
    if let scale {
      guard scale == .linear || heatmap.quantity == .weights || scale == .sqrt else {
        throw UsageError("signed values have no logarithm; use --scale linear or sqrt")
      }
      heatmap.transform = scale.transform
    }
    let isWeights = heatmap.quantity == .weights
    guard vmin != nil || vmax != nil else { return }
    let (low, high) = (
      vmin ?? (isWeights ? 0 : -(vmax ?? 1)), vmax ?? (isWeights ? 1 : -(vmin ?? -1))
    )
    guard low < high, isWeights ? low >= 0 : low == -high else {
      throw UsageError(
        isWeights
          ? "--vmin and --vmax of weights run from 0 up, the first below the second"
          : "signed values have 0 in the middle: give --vmax alone")
    }
    heatmap.limits = low...high
  }

  /// What concerns colours and numbers, as provenance keeps it.
  var colorDetails: [JSON.Member] {
    var all: [JSON.Member] = []
    if let values { all.append(JSON.Member("values", .bool(values))) }
    if let vmin { all.append(JSON.Member("vmin", .number(vmin))) }
    if let vmax { all.append(JSON.Member("vmax", .number(vmax))) }
    if let scale { all.append(JSON.Member("scale", .string(scale.rawValue))) }
    if sinkAware { all.append(JSON.Member("sink_aware", true)) }
    return all
  }
}

/// Several heads: `L3H1,L5H11`.
struct HeadList: ExpressibleByArgument {
  let places: [ArcsChoice.Place]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
      .map { HeadReference(argument: String($0)) }
    places = parts.compactMap { reference in
      guard let layer = reference?.layer, let head = reference?.head else { return nil }
      return ArcsChoice.Place(layer: layer, head: head)
    }
    guard places.count == parts.count, (1...Arcs.mostHeads).contains(places.count) else {
      return nil
    }
  }
}

extension Arcs.Layout: ExpressibleByArgument {}
extension PositionScheme: ExpressibleByArgument {}
