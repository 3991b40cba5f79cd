import Figures

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Generations and texts to test with: plausible numbers, difficult words.
enum GenerationSamples {
  static let pool = [
    "␣the", "naïve", "␣東京", "🙂", "שלום", "\n", "<|im_start|>", ",", "␣Paris", "<E6>", "",
    "␣Donaudampfschifffahrtsgesellschaftskapitänsmütze", "\t", "a", "␣of",
  ]

  static func token(_ index: Int) -> TokenLabel {
    let text = pool[index % pool.count]
    let kind: TokenLabel.Kind =
      text.hasPrefix("<|") ? .special : text == "<E6>" ? .partial : .word
    return TokenLabel(
      text, secondary: index % 13 == 5 ? "[UNK]" : nil, kind: kind, isFocused: index % 17 == 3)
  }

  static let caption = Caption(
    title: "From the question to the end",
    subtitle: ["SmolLM2 · greedy (τ = 0), probabilities at τ = 1 · top-k 50 · chat template"],
    provenance: ["SmolLM2 (sha256 b179c952…) on “naïve 東京 🙂 שלום”"])

  /// A distribution of eight parts; every fourth step is nearly certain.
  static func shares(_ random: inout Random, isCertain: Bool) -> [Double] {
    let weights = (0..<8).map { index in
      isCertain ? (index == 0 ? 1 : random.next() * 1e-5) : random.next() * random.next() + 1e-4
    }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }.sorted(by: >)
  }

  static func ribbon(
    prompt: Int = 5, steps: Int, isTempered: Bool = false, ending: Ribbon.Ending = .limit
  ) -> Ribbon {
    var random = Random(seed: steps + 7)
    let all = (0..<steps).map { index -> Ribbon.Step in
      let parts = shares(&random, isCertain: index % 4 == 1)
      // The token written is one of the first three.
      let chosen = index % 3
      let others = parts.prefix(7).enumerated().filter { $0.offset != chosen }
        .map { TokenProbability(token(index + $0.offset), $0.element) }
      return Ribbon.Step(
        row: prompt + index - 1, read: token(index), written: token(index + 1),
        probability: parts[chosen], rank: chosen == 2 ? 1403 : chosen + 1,
        entropy: -parts.reduce(0) { $0 + $1 * log($1) }, runnersUp: others,
        othersCount: 49_145, othersMass: parts[7],
        temperature: isTempered ? 1.5 - Double(index) / Double(steps) : nil,
        sampledProbability: isTempered ? parts[chosen] / 2 : nil,
        isEnd: ending == .endToken && index == steps - 1)
    }
    return Ribbon(
      caption: caption, prompt: (0..<prompt).map(token), steps: all, ending: ending)
  }

  static func annealing(steps: Int) -> Annealing {
    var random = Random(seed: steps + 3)
    let all = (0..<steps).map { index -> Annealing.Step in
      let share = Double(index) / Double(max(steps - 1, 1))
      return Annealing.Step(
        temperature: 1.5 - 1.3 * share, entropy: (8 - 7 * share) * random.next(),
        ownEntropy: 4 * random.next(), token: token(index),
        probability: index % 5 == 2 ? 5.7e-5 : random.next(),
        rank: index % 3 == 1 ? 1 + index * 31 : 1)
    }
    return Annealing(caption: caption, steps: all, vocabulary: 49_152)
  }

  static func surprise(_ count: Int) -> Surprise {
    var random = Random(seed: count + 1)
    let all = (0..<count).map { index -> Surprise.Position in
      guard index > 0 else { return Surprise.Position(token(0)) }
      let value = 15 * random.next() * random.next()
      let prediction = Surprise.Prediction(
        surprise: value, rank: value < 1 ? 1 : Int(value * 300) + 2,
        expected: TokenProbability(token(index + 4), random.next()))
      return Surprise.Position(token(index), prediction)
    }
    return Surprise(caption: caption, positions: all, vocabulary: 49_152)
  }

  static func figures(_ count: Int) -> [any Figure] {
    [
      ribbon(steps: count), ribbon(prompt: 37, steps: count, ending: .endToken),
      ribbon(steps: count, isTempered: true, ending: .context), annealing(steps: count),
      surprise(count),
    ]
  }
}
