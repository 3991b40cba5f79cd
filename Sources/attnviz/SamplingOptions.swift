public import ArgumentParser
import Transformers

/// A schedule of temperatures: `linear:1.5..0.2`, `geometric:2..0.1`, `cosine:1.5..0.2`.
struct AnnealingArgument {
  let schedule: Schedule

  /// Reads a schedule.
  ///
  /// - Throws: `ValidationError` that says which part is wrong.
  init(_ words: String) throws {
    let parts = words.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      .map(String.init)
    guard let shape = Schedule.Shape(rawValue: parts[0]) else {
      let known = Schedule.Shape.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("\"\(parts[0])\" is no shape; known: \(known).")
    }
    guard parts.count == 2, let dots = parts[1].firstRange(of: "..") else {
      throw ValidationError("After the shape stand both ends: \(shape.rawValue):1.5..0.2.")
    }
    let ends = try [parts[1][..<dots.lowerBound], parts[1][dots.upperBound...]].map { end in
      guard let tau = TemperatureArgument(argument: String(end)) else {
        throw ValidationError(TemperatureArgument.reason(against: String(end)))
      }
      return tau.value
    }
    guard let schedule = Schedule(shape, from: ends[0], to: ends[1]) else {
      throw ValidationError(
        ends.contains(.infinity)
          ? "A schedule has two finite ends."
          : "A geometric schedule multiplies: both its ends are above 0.")
    }
    self.schedule = schedule
  }
}

/// How tokens are chosen.
struct SamplingOptions: ParsableArguments {
  @Flag(help: "Take the most probable token every time; the lowest id of equals.")
  var greedy = false

  @Option(
    help: ArgumentHelp(
      "Change τ from the first step to the last: linear:1.5..0.2, geometric:1.5..0.2 or cosine:1.5..0.2.",
      valueName: "shape:from..to"), transform: AnnealingArgument.init)
  var anneal: AnnealingArgument?

  @Option(help: ArgumentHelp("Draw from the K largest logits.", valueName: "K"))
  var topK: Int?

  @Option(
    help: ArgumentHelp("Draw from the smallest set that holds this probability.", valueName: "P"))
  var topP: Double?

  @Option(
    help: ArgumentHelp(
      "Draw from what has at least this share of the largest probability.", valueName: "share"))
  var minP: Double?

  @Option(
    help: ArgumentHelp(
      "Divide the logits of tokens that are there already by this (negative ones are multiplied).",
      valueName: "factor"))
  var repetitionPenalty: Double?

  @Option(
    help: ArgumentHelp("The seed of the random numbers: 0 when not given.", valueName: "N"))
  var seed: UInt64?

  func validate() throws {
    if let topK, topK < 1 { throw ValidationError("--top-k takes a number from 1.") }
    if let topP, !(topP > 0 && topP <= 1) {
      throw ValidationError("--top-p takes a number above 0, to 1.")
    }
    if let minP, !(0...1).contains(minP) {
      throw ValidationError("--min-p takes a number from 0 to 1.")
    }
    if let repetitionPenalty, !(0.01...100).contains(repetitionPenalty) {
      throw ValidationError("--repetition-penalty takes a number from 0.01 to 100.")
    }
  }

  /// Which of these options were given.
  var given: [(String, Bool)] {
    [
      ("--greedy", greedy), ("--anneal", anneal != nil), ("--top-k", topK != nil),
      ("--top-p", topP != nil), ("--min-p", minP != nil),
      ("--repetition-penalty", repetitionPenalty != nil), ("--seed", seed != nil),
    ]
  }

  /// What is asked of a generation.
  ///
  /// - Parameter tau: The temperature, when it does not change; 1 when nothing is said.
  func settings(tau: Double?, count: Int, ignoresEnd: Bool) throws -> Generation.Settings {
    let others = [
      ("--tau", tau != nil), ("--anneal", anneal != nil), ("--top-k", topK != nil),
      ("--top-p", topP != nil), ("--min-p", minP != nil), ("--seed", seed != nil),
    ].filter(\.1).map(\.0)
    if greedy, let other = others.first {
      throw UsageError("--greedy leaves nothing to draw; leave it or \(other) out")
    }
    if tau != nil, anneal != nil {
      throw UsageError("--tau is one temperature and --anneal several; give one of them")
    }
    let filters = TokenFilters(
      repetitionPenalty: repetitionPenalty ?? 1, topK: topK, topP: topP, minP: minP)
    let schedule = greedy ? Schedule(0) : anneal?.schedule ?? Schedule(tau ?? 1)
    return Generation.Settings(
      schedule: schedule, filters: filters, seed: seed ?? 0, count: count, ignoresEnd: ignoresEnd)
  }
}
