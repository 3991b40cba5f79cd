import ArgumentParser
import Transformers

/// A layer, a head, or both, as people write them: `3`, `L3`, `H5`, `L3H5`, `3.5`.
struct HeadReference: ExpressibleByArgument, Equatable {
  var layer: Int?
  var head: Int?
  /// A number without a letter, whose meaning the option decides.
  var plain: Int?
  /// "mean": the mean of all heads.
  var isMean = false

  init?(argument: String) {
    var rest = Substring(argument.uppercased())
    if rest == "MEAN" {
      isMean = true
      return
    }
    if let number = Int(rest), number >= 0 {
      plain = number
      return
    }
    let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 2, let layer = Int(parts[0]), let head = Int(parts[1]), layer >= 0, head >= 0
    {
      (self.layer, self.head) = (layer, head)
      return
    }
    layer = Self.take("L", &rest)
    head = Self.take("H", &rest)
    guard rest.isEmpty, layer != nil || head != nil else { return nil }
  }

  private static func take(_ letter: Character, _ rest: inout Substring) -> Int? {
    guard rest.first == letter else { return nil }
    let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits) else { return nil }
    rest = rest.dropFirst(1 + digits.count)
    return number
  }
}

/// Which layer and head.
struct HeadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The layer, from 0: 3, L3, or L3H5 for both.", valueName: "layer"),
    completion: .layers)
  var layer: HeadReference?

  @Option(
    help: ArgumentHelp(
      "The head, from 0: 5, H5, or L3H5 for both; mean for the mean of heads.", valueName: "head"),
    completion: .heads)
  var head: HeadReference?

  /// Whether the mean of heads is asked for.
  var isMean: Bool { head?.isMean ?? false }

  /// The layer and head that were asked for, where they were.
  func resolved() throws -> (layer: Int?, head: Int?) {
    let layers = [layer?.layer, layer?.plain, head?.layer].compactMap(\.self)
    let heads = [head?.head, head?.plain, layer?.head].compactMap(\.self)
    if layer?.isMean ?? false { throw UsageError("--layer takes a layer; --head takes mean") }
    guard Set(layers).count <= 1, Set(heads).count <= 1 else {
      throw UsageError("--layer and --head name different places")
    }
    return (layers.first, heads.first)
  }
}
