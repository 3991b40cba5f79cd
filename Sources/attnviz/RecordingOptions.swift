import ArgumentParser
import Explanations
import Transformers

/// What a trace holds.
struct RecordingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Record these values only, by their names in the trace: weights,scores or q,k,v or output; all is everything.",
      valueName: "list"))
  var record: ValueList?

  @Option(help: ArgumentHelp("Record these layers only: 0-3, L0-3,7 or all.", valueName: "list"))
  var layers: LayerList?

  /// The recording that is asked for.
  ///
  /// - Throws: `ModelError` when the model has no such layer.
  func recording(_ shape: Configuration) throws -> Recording {
    if let last = layers?.ranges?.map(\.upperBound).max() {
      var all = shape
      all.layers = shape.mostLayers
      try all.check(layer: last)
    }
    return Recording(
      record?.values ?? Recording.everything.values,
      layers: layers?.ranges?.reduce(into: Set<Int>()) { $0.formUnion($1) })
  }
}

/// Values of a trace as people list them: `weights,scores`, `q,k,v`, `all`.
struct ValueList: ExpressibleByArgument {
  var values: Set<Site.Value> = []

  init?(argument: String) {
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      if word == "all" {
        values.formUnion(Recording.everything.values)
        continue
      }
      guard
        let value = Recording.everything.values.first(where: {
          $0.rawValue == word || $0.shortName == word
        })
      else { return nil }
      values.insert(value)
    }
  }

  static var allValueStrings: [String] {
    Site.Value.allCases.filter(Recording.everything.values.contains).map(\.shortName) + ["all"]
  }
}

/// Layers as people list them: `3`, `0-3`, `L0-3,7`, `all`.
struct LayerList: ExpressibleByArgument {
  /// The layers; `nil` for all.
  var ranges: [ClosedRange<Int>]?

  init?(argument: String) {
    if argument.lowercased() == "all" { return }
    var all: [ClosedRange<Int>] = []
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = word.split(separator: "-", omittingEmptySubsequences: false).map(Self.layer)
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
        first <= last
      else { return nil }
      all.append(first...last)
    }
    ranges = all
  }

  private static func layer(_ word: Substring) -> Int? {
    HeadReference(argument: String(word)).flatMap { $0.head == nil ? $0.layer ?? $0.plain : nil }
  }
}
