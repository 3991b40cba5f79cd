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
    help: ArgumentHelp("Several heads: L3H1,L5H11. At most \(Arcs.mostHeads).", valueName: "list"))
  var heads: HeadList?

  @Option(help: "How arcs are laid out: arcs over the sentence, or rails.")
  var layout: Arcs.Layout?

  @Option(help: ArgumentHelp("Lines for weights from this one on, 0 to 1.", valueName: "weight"))
  var threshold: Double?

  @Option(help: ArgumentHelp("How many keys back a sliding window reaches.", valueName: "N"))
  var window: Int?

  @Option(help: "Position encodings: the model's own, or the sinusoidal ones of the formula.")
  var encoding: PositionScheme?

  @Flag(help: "Take special tokens out and renormalise the rows.")
  var noSpecial = false

  @Flag(help: "Merge the pieces of a word: sum over keys, mean over queries.")
  var words = false

  /// The options that were given.
  var given: [(String, Bool)] {
    [
      ("--token", token != nil), ("--key", key != nil), ("--heads", heads != nil),
      ("--layout", layout != nil), ("--threshold", threshold != nil), ("--window", window != nil),
      ("--encoding", encoding != nil),
      ("--no-special", noSpecial), ("--words", words),
    ]
  }

  /// What is done to maps.
  var edits: MapEdits { MapEdits(removesSpecial: noSpecial, mergesWords: words) }

  /// The edits as provenance keeps them.
  var details: [JSON.Member] {
    (noSpecial ? [JSON.Member("no_special", true)] : [])
      + (words ? [JSON.Member("words", true)] : [])
  }

  func validate() throws {
    if let window, window < 1 { throw ValidationError("--window takes a number from 1.") }
    if let threshold, !(threshold >= 0 && threshold <= 1) {
      throw ValidationError("--threshold takes a number from 0 to 1.")
    }
    for (name, number) in [("--token", token), ("--key", key)] {
      if let number, number < 0 { throw ValidationError("\(name) takes a number from 0.") }
    }
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
