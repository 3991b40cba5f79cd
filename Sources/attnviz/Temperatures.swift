import ArgumentParser

/// A temperature τ as people write it: `0`, `0.7`, `1e-3`, `inf`, `∞`.
struct TemperatureArgument: ExpressibleByArgument {
  let value: Double

  init?(argument: String) {
    let word = argument.lowercased()
    let isInfinite = ["inf", "infinity", "∞"].contains(word)
    guard let number = isInfinite ? .infinity : Double(word), number >= 0,
      isInfinite || number.isFinite
    else { return nil }
    value = number
  }

  /// Why a word is no temperature.
  static func reason(against word: String) -> String {
    if word.isEmpty { return "Between commas stands a number from 0 to inf." }
    return "\"\(word)\" is \(Double(word).map { $0 < 0 } ?? false ? "negative" : "no number"); "
      + "a temperature is a number from 0 to inf."
  }
}

/// Several temperatures: `0,0.5,1,2,inf`.
struct TemperatureList {
  let values: [Double]

  /// Reads a list.
  ///
  /// - Throws: `ValidationError` that says which part is no temperature, or there twice.
  init(_ words: String) throws {
    values = try words.split(separator: ",", omittingEmptySubsequences: false).map { word in
      let word = String(word.trimmingSpaces)
      guard let tau = TemperatureArgument(argument: word) else {
        throw ValidationError(TemperatureArgument.reason(against: word))
      }
      return tau.value
    }
    let twice = values.enumerated().first { values[..<$0.offset].contains($0.element) }
    if let twice { throw ValidationError("τ = \(twice.element) is there twice.") }
  }

  private init(values: [Double]) { self.values = values }

  /// From argmax over the model's own to uniform.
  static let standard = TemperatureList(values: [0, 0.5, 1, 2, .infinity])
}

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    drop { $0 == " " }
  }
}

/// Which distribution of a run, and at which temperatures.
struct DistributionOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The temperatures τ, from 0 to inf, each once: 0,0.5,1,2,inf when not given.",
      valueName: "list"),
    transform: TemperatureList.init)
  var tau: TemperatureList?

  @Option(
    help: ArgumentHelp(
      "Temper a head's row, from its recorded scores, instead of the next token.", valueName: "L3H5"
    ), completion: .layers)
  var at: HeadReference?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Which row, from 0: what follows this token, or where it looks; the last when not given.",
      valueName: "row"))
  var row: Int?

  @Option(help: ArgumentHelp("How many of the most probable to name.", valueName: "N"))
  var top: Int?

  func validate() throws {
    if let at, at.layer == nil || at.head == nil {
      throw ValidationError("--at names a layer and a head, for instance L3H5.")
    }
    if let row, row < 0 { throw ValidationError("--row takes a number from 0.") }
    if let top, !(1...1000).contains(top) {
      throw ValidationError("--top takes a number from 1 to 1000.")
    }
    if let tau, tau.values.count > 20 {
      throw ValidationError("--tau takes at most 20 temperatures.")
    }
  }
}
