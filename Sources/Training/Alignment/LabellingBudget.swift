internal import Analysis
public import Files
internal import Tensors

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Whether pairs or scores tell more about texts for the same work of labelling, with raters that
/// are stated: each sees the true quality of a text with noise; for a score every one has an offset
/// and a scale of his own, for a choice between two neither matters.
public struct LabellingBudget: Sendable, Equatable {
  /// Who labels. Numbers are deviations of the true quality.
  public struct Raters: Sendable, Equatable {
    /// How many there are.
    public var count = 10
    /// The deviation of their offsets.
    public var offset = 1.0
    /// The deviation of the logarithms of their scales.
    public var scale = 0.3
    /// The deviation of what one sees in a text from what is there, new at every look.
    public var noise = 1.0

    /// The standard raters.
    public init() {}
  }

  /// What is asked for, and how answers become a ranking.
  public enum Method: String, Sendable, CaseIterable {
    /// Which of two is better; strengths by Bradley and Terry.
    case pairs
    /// A score each; the mean of a text's scores.
    case scores
    /// The same, with every rater's scores less their mean and over their deviation.
    case standardised
  }

  /// A method at a budget, over all seeds.
  public struct Row: Sendable, Equatable {
    /// The method.
    public var method: Method
    /// Answers that were given: a choice between two and a score count alike.
    public var answers: Int
    /// Texts that were read: two for a choice.
    public var read: Int
    /// Kendall's τ of the ranking with the true one, the mean over seeds.
    public var correlation: Double
    /// Its standard deviation over seeds.
    public var deviation: Double
    /// The share of all pairs of unequal quality that are in the right order; a tie is half.
    public var accuracy: Double
  }

  /// The rows: of every budget all methods, then scores with as many texts read as for the pairs.
  public var rows: [Row] = []

  /// Simulates.
  ///
  /// - Parameters:
  ///   - quality: The true quality of each text.
  ///   - raters: Who labels.
  ///   - budgets: The numbers of answers.
  ///   - seeds: How often.
  public init(_ quality: [Double], raters: Raters = Raters(), budgets: [Int], seeds: Int) {
    let truth = Self.standard(quality)
    for budget in budgets {
      let runs: [(Method, answers: Int)] =
        Method.allCases.map { ($0, budget) } + [(.scores, 2 * budget), (.standardised, 2 * budget)]
      for (method, answers) in runs {
        let found = (0..<seeds).map { seed -> (tau: Double, accuracy: Double) in
          let estimate = Self.estimate(truth, method, answers, raters, seed: seed)
          return (RankCorrelation.kendall(estimate, truth) ?? 0, Self.accuracy(estimate, truth))
        }
        let taus = found.map(\.tau)
        let mean = taus.reduce(0, +) / Double(seeds)
        let spread = taus.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(seeds - 1, 1))
        rows.append(
          Row(
            method: method, answers: answers, read: method == .pairs ? 2 * answers : answers,
            correlation: mean, deviation: spread.squareRoot(),
            accuracy: found.reduce(0) { $0 + $1.accuracy } / Double(seeds)))
      }
    }
  }

  /// Numbers less their mean, over their deviation.
  private static func standard(_ values: [Double]) -> [Double] {
    let count = Double(max(values.count, 1))
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return values.map { variance > 0 ? ($0 - mean) / variance.squareRoot() : 0 }
  }

  private static func accuracy(_ estimate: [Double], _ truth: [Double]) -> Double {
    var (right, all) = (0.0, 0.0)
    for i in truth.indices {
      for j in 0..<i where truth[i] != truth[j] {
        all += 1
        let isRight = (estimate[i] > estimate[j]) == (truth[i] > truth[j])
        right += estimate[i] == estimate[j] ? 0.5 : isRight ? 1 : 0
      }
    }
    return all > 0 ? right / all : 0
  }
}

extension LabellingBudget {
  private static func estimate(
    _ truth: [Double], _ method: Method, _ answers: Int, _ raters: Raters, seed: Int
  ) -> [Double] {
    var crowd = Crowd(raters, seed: seed)
    switch method {
    case .pairs:
      var matches = Matches()
      var (names, order) = ([Int](), [Int]())
      for _ in 0..<answers {
        if order.count < 2 { order = crowd.shuffled(truth.count) }
        let (a, b) = (order.removeLast(), order.removeLast())
        names += [a, b].filter { !names.contains($0) }
        let isFirst = crowd.sees(truth[a]) > crowd.sees(truth[b])
        matches.add("\(a)", "\(b)", result: isFirst ? 1 : 0)
      }
      let fit = BradleyTerry(matches)
      var strengths = truth.map { _ in 0.0 }
      for (place, name) in names.enumerated() { strengths[name] = fit.strengths[place] }
      return strengths
    case .scores, .standardised:
      var given: [(text: Int, rater: Int, score: Double)] = []
      var order: [Int] = []
      for _ in 0..<answers {
        if order.isEmpty { order = crowd.shuffled(truth.count) }
        let text = order.removeLast()
        let rater = crowd.rater()
        given.append((text, rater, crowd.score(truth[text], by: rater)))
      }
      if method == .standardised {
        for rater in 0..<raters.count {
          let places = given.indices.filter { given[$0].rater == rater }
          let standard = standard(places.map { given[$0].score })
          for (place, score) in zip(places, standard) { given[place].score = score }
        }
      }
      var (sums, counts) = (truth.map { _ in 0.0 }, truth.map { _ in 0.0 })
      for answer in given {
        sums[answer.text] += answer.score
        counts[answer.text] += 1
      }
      return zip(sums, counts).map { $0 / max($1, 1) }
    }
  }

  /// Raters with offsets and scales of their own.
  private struct Crowd {
    let raters: Raters
    var random: RandomNumbers
    var offsets: [Double] = []
    var scales: [Double] = []

    init(_ raters: Raters, seed: Int) {
      self.raters = raters
      random = RandomNumbers(seed: Learner.mix([0x7261_7465, UInt64(bitPattern: Int64(seed))]))
      for _ in 0..<raters.count {
        offsets.append(raters.offset * normal())
        scales.append(exp(raters.scale * normal()))
      }
    }

    /// A normal deviate (Box & Muller 1958).
    mutating func normal() -> Double {
      let radius = (-2 * log(1 - random.uniform())).squareRoot()
      return radius * cos(2 * .pi * random.uniform())
    }

    mutating func sees(_ quality: Double) -> Double { quality + raters.noise * normal() }

    mutating func rater() -> Int { Int(random.uniform() * Double(raters.count)) }

    mutating func score(_ quality: Double, by rater: Int) -> Double {
      offsets[rater] + scales[rater] * sees(quality)
    }

    mutating func shuffled(_ count: Int) -> [Int] {
      var order = Array(0..<count)
      for place in stride(from: count - 1, to: 0, by: -1) {
        order.swapAt(place, Int(random.uniform() * Double(place + 1)))
      }
      return order
    }
  }
}

extension LabellingBudget {
  /// The rows as JSON.
  public var json: JSON {
    .array(
      rows.map {
        [
          "method": .string($0.method.rawValue), "answers": .integer($0.answers),
          "texts_read": .integer($0.read), "kendall_tau": .number($0.correlation),
          "kendall_tau_deviation": .number($0.deviation), "pair_accuracy": .number($0.accuracy),
        ]
      })
  }
}

extension LabellingBudget {
  /// What a rule says of texts that a model writes, one after each prompt.
  ///
  /// - Throws: `ModelError` for logits that are not finite.
  public static func qualities(
    of start: StartingModel, by rule: PreferenceRule, after prompts: [AlignmentPrompt],
    count: Int, length: Int, seed: Int
  ) throws -> [Double] {
    let writer = ContinuationWriter(
      try start.transformer(), ends: start.ends, most: length,
      seed: Learner.mix([UInt64(bitPattern: Int64(seed)), 0x4255_4447]))
    let chosen = (0..<count).map { prompts[$0 % prompts.count].ids }
    return try writer(chosen).map {
      rule.score(of: start.words(of: $0), isFinished: $0.isFinished)
    }
  }
}
