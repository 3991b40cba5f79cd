internal import Analysis
public import Figures
internal import Tensors
internal import Transformers
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension Tempering {
  /// One distribution of a run at several temperatures.
  ///
  /// - Parameter count: How many states are shown one by one.
  public init(_ subject: RunDistribution, at temperatures: [Double], showing count: Int = 8) {
    let report = TemperatureReport(subject, at: temperatures, showing: count)
    let ranking = report.ranking
    let support = subject.distribution.support
    self.init(
      caption: subject.caption(
        "Tempering: the same \(subject.logits) at "
          + (temperatures.count == 1
            ? "one temperature" : "\(Words.count(temperatures.count)) temperatures")),
      stateName: subject.stateName, states: report.states.map(subject.label(of:)),
      count: support, masked: subject.distribution.logits.count - support,
      ties: subject.distribution.ties,
      columns: report.lines.map { line in
        let probabilities = ranking.ranked(at: line.temperature).values
        return Column(
          temperature: line.temperature, probabilities: line.probabilities, rest: line.rest,
          entropy: line.entropy,
          ranks: Self.ranks(upTo: support).map {
            RankedProbability(rank: $0, probability: probabilities[$0 - 1])
          })
      })
  }

  /// About 260 ranks, evenly spaced on a logarithmic axis, always with the first three and the last.
  private static func ranks(upTo last: Int) -> [Int] {
    let spaced = (0..<260).map { Int(pow(Double(last), Double($0) / 259).rounded()) }
    return Set(spaced + [1, 2, 3, last].map { min($0, last) }).sorted()
  }
}

extension RunDistribution {
  /// What enters the softmax.
  var logits: String {
    switch place {
    case .output: "logits"
    case .head: "scores"
    }
  }

  /// What the states are called in figures.
  var stateName: StateName {
    var name =
      switch place {
      case .output: StateName.token
      case .head: StateName.key
      }
    if run.attentionNote != nil {
      let used = NumberFormat.temperature(usedTemperature)
      name.own = usedTemperature == 1 ? "this run’s own" : "undivided; used at τ = \(used)"
    }
    return name
  }

  /// The words around a figure of this distribution.
  func caption(_ title: String) -> Caption {
    let count = distribution.support
    let states = count == 1 ? "one \(noun)" : "all \(NumberFormat.count(count)) \(noun)s"
    let changed = run.attentionNote.map { " · \($0)" } ?? ""
    return Caption(
      title: title, subtitle: [.text("\(model) · \(subject) · softmax over \(states)\(changed)")],
      provenance: run.provenanceNote)
  }
}

/// Small numbers in words.
enum Words {
  static func count(_ number: Int) -> String {
    let words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    return words.indices.contains(number) ? words[number] : String(number)
  }
}
