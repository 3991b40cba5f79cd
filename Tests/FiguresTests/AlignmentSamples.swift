import Figures

/// Figures of alignment with invented numbers, for laws that do not depend on them.
enum AlignmentSamples {
  private static let caption = Caption(
    title: "The reward model learned “shorter”, not the length of the prompt",
    subtitle: ["tiny-gpt · 600 pairs, a tenth of them flipped · held out: 120"],
    notes: [["Pairs of continuations of prompts that no step saw."]],
    provenance: ["alignment.json; seed 1."], summary: "Preferences.")

  static func preference(pairs: Int, policies: Int = 4, links: Int = 4, seed: Int = 3) -> Preference
  {
    var random = Random(seed: seed)
    let all = (0..<pairs).map { _ -> Preference.Pair in
      let rejected = 4 * random.next() - 2
      return .init(preferred: rejected + 3.4 * random.next() - 0.7, rejected: rejected)
    }
    let bins = (0..<8).map { index -> Preference.Bin in
      let predicted = 0.06 + 0.125 * Double(index)
      let observed = min(max(predicted + 0.1 * (random.next() - 0.5), 0), 1)
      return .init(
        predicted: predicted, observed: observed,
        interval: max(observed - 0.12, 0)...min(observed + 0.1, 1), count: pairs / 5 + 1)
    }
    let names = ["the rule", "the length in tokens", "the rule, length held", "ends a sentence"]
    let who = ["before", "λ = 0, naïve 東京 🙂", "λ = 0.1", "a policy with quite a long name", "DPO"]
    let correlated = (0..<links).map { index -> Preference.Link in
      let value: Double? = index == 3 ? nil : 0.9 - 0.5 * Double(index)
      return Preference.Link(names[index % names.count], value, isWanted: index % 2 == 0)
    }
    let compared = (0..<policies).map { index -> Preference.Policy in
      let (error, elo): (Double?, Double?) = (
        index == 2 ? nil : 24, index == 1 ? nil : 1640 - 80 * Double(index)
      )
      return Preference.Policy(
        who[index % who.count], strength: 1650 - 90 * Double(index), error: error, elo: elo,
        comparisons: 120)
    }
    return Preference(
      caption: caption, pairs: all, bins: bins, links: correlated, policies: compared)
  }

  static func policyUpdate(
    samples: Int, steps: Int, penalty: Double = 0.1, seeds: Int = 1, clip: Double = 0.2
  ) -> PolicyUpdate {
    var random = Random(seed: 9)
    let edges = [nil] + (0...30).map { 1 - 3 * clip + Double($0) * clip / 5 } + [nil]
    var bins = zip(edges, edges.dropFirst()).map {
      PolicyUpdate.Bin(low: $0, high: $1, better: 0, worse: 0)
    }
    for _ in 0..<samples {
      let ratio = 1 + (random.next() + random.next() + random.next() - 1.5) * 0.5
      let place = bins.firstIndex {
        ($0.low ?? -.infinity) <= ratio && ratio < ($0.high ?? .infinity)
      }
      guard let place else { continue }
      if random.next() > 0.5 { bins[place].better += 1 } else { bins[place].worse += 1 }
    }
    let run = (1...steps).map { step -> PolicyUpdate.Step in
      let done = Double(step) / Double(steps)
      let (reward, distance) = (-0.5 + 2 * done + 0.2 * random.next(), 4 * done * done)
      return .init(
        step: step, reward: reward, distance: distance, total: reward - penalty * distance)
    }
    var runs: [PolicyUpdate.Run] = []
    for seed in 0..<seeds {
      for penalty in [0, 0.05, 0.1, 0.3] {
        runs.append(
          PolicyUpdate.Run(
            penalty: penalty, distance: 8 / (1 + 12 * penalty) + 0.3 * Double(seed),
            reward: 2.2 - 1.8 * penalty - 0.1 * Double(seed), isShown: penalty == 0.1 && seed == 0,
            name: seeds > 1 ? "seed \(seed)" : ""))
      }
    }
    return PolicyUpdate(
      caption: caption, bins: bins, updates: "all steps of iteration \(steps)", clip: clip,
      steps: run, penalty: penalty, runs: runs, start: -0.5)
  }

  static func feedbackLoop(isLong: Bool = false) -> FeedbackLoop {
    let written =
      isLong
      ? "“Once upon a time, naïve 東京 🙂 שלום Donaudampfschifffahrtsgesellschaftskapitänsmütze sat down and slept until the end of the long, long day.”"
      : "“the cat sat.”"
    func number(_ symbol: String, _ index: Formula, _ value: String) -> [Inline] {
      [.formula(.sub(.variable(symbol), index)), .text(" = \(value)")]
    }
    return FeedbackLoop(
      caption: caption,
      facts: [
        .supervised: ["tiny-gpt", "1,234,567 parameters", "loss 1.52 nats a token"],
        .comparisons: ["600 pairs", "rule: shorter", "a tenth flipped"],
        .rewardModel: ["held out: .93 right", "120 pairs"],
        .prompts: ["16 a step"], .policy: ["at first that of step 1", "value head V"],
        .samples: [written, "24 tokens at most"], .reference: ["the model of step 1"],
        .scorer: ["from step 2, frozen"], .reward: ["0.83 − 0.1 · 1.20 = 0.71"],
        .advantage: ["GAE, γ = 1, decay .95"], .update: ["ε = 0.2, 4 epochs", "3.1 % clipped"],
      ],
      numbers: [
        .loss: [
          .formula(.row([.word("−ln"), .word(" "), .variable("σ"), .word("(Δ)")])), " = .31",
        ],
        .written: ["384 tokens"], .score: number("r", .variable("θ"), "0.83"),
        .distance: number("r", .word("KL"), "1.20"),
        .total: [.formula(.variable("r")), " = 0.71"],
        .value: [.formula(.variable("V")), " = 0.55"],
        .advantage: [.formula(.variable("A"))],
        .ratio: [.formula(.variable("ρ")), " .93–1.08"],
      ])
  }
}
