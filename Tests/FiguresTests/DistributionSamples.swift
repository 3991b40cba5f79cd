import Figures

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A distribution in plain steps, and the figures of it.
struct DistributionSample {
  let name: String
  let labels: [TokenLabel]
  let energies: [Double]
  var temperatures: [Double]
  var stateName = StateName.token

  /// The states, the largest logit first.
  init(_ name: String, logits: [Double], labels: [String]? = nil, temperatures: [Double]) {
    self.name = name
    let order = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }
    energies = order.map { logits[order[0]] - logits[$0] }
    let shown = order.prefix(8)
    self.labels = shown.map { TokenLabel(labels?[$0] ?? "␣word\($0)") }
    self.temperatures = temperatures
  }

  var count: Int { energies.count }
  var ties: Int { energies.count { $0 == 0 } }

  func probabilities(_ temperature: Double) -> [Double] {
    let factors = energies.map { energy in
      temperature == 0 ? (energy == 0 ? 1 : 0) : exp(-energy / temperature)
    }
    let sum = factors.reduce(0, +)
    return factors.map { $0 / sum }
  }

  func entropy(_ temperature: Double) -> Double {
    0 - probabilities(temperature).filter { $0 > 0 }.map { $0 * log($0) }.reduce(0, +)
  }

  private func grid(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    (0..<count).map { low * pow(high / low, Double($0) / Double(count - 1)) }
  }

  static let caption = Caption(
    title: "The same logits at several temperatures",
    subtitle: [
      "SmolLM2-135M-Instruct (Q4_1) · next token after “naïve 東京 🙂 שלום” · softmax over all"
    ],
    provenance: ["SmolLM2-135M-Instruct (sha256 b179c952…)"])

  // MARK: Figures

  var all: [any Figure] { [tempering, entropyCurve, gibbs, density] }

  var tempering: Tempering {
    let ranks = Set(grid(1, Double(max(count, 2)), 60).map { min(Int($0.rounded()), count) })
    return Tempering(
      caption: Self.caption, stateName: stateName, states: labels, count: count, ties: ties,
      columns: temperatures.map { temperature in
        let p = probabilities(temperature)
        return .init(
          temperature: temperature, probabilities: Array(p.prefix(labels.count)),
          rest: p.dropFirst(labels.count).reduce(0, +), entropy: entropy(temperature),
          ranks: ranks.sorted().map { .init(rank: $0, probability: p[$0 - 1]) })
      })
  }

  var entropyCurve: EntropyCurve {
    let bands = EntropyCurve.bands(of: count)
    let sample = { (temperature: Double) -> EntropyCurve.Sample in
      let p = probabilities(temperature)
      var (sum, size) = (0.0, 0)
      while sum < 0.9 - 1e-12, size < p.count { (sum, size) = (sum + p[size], size + 1) }
      return .init(
        temperature: temperature, entropy: entropy(temperature), setSize: size,
        shares: bands.map { band in band.map { p[$0 - 1] }.reduce(0, +) })
    }
    return EntropyCurve(
      caption: Self.caption, stateName: stateName, count: count, leading: labels, bands: bands,
      samples: grid(0.1, 100, 41).map(sample), own: sample(1))
  }

  var gibbs: GibbsCurves {
    let sample = { (temperature: Double) -> GibbsCurves.Sample in
      let p = probabilities(temperature)
      let mean = zip(p, energies).map { $0 * $1 }.reduce(0, +)
      let variance = zip(p, energies).map { $0 * ($1 - mean) * ($1 - mean) }.reduce(0, +)
      let partition = energies.map { exp(-$0 / temperature) }.reduce(0, +)
      return .init(
        temperature: temperature, specificHeat: variance / temperature / temperature,
        meanEnergy: mean, entropy: entropy(temperature),
        freeEnergy: 0 - temperature * log(partition))
    }
    let samples = grid(0.1, 10, 61).map(sample)
    let peaks = samples.indices.dropFirst().dropLast().filter {
      samples[$0].specificHeat > samples[$0 - 1].specificHeat
        && samples[$0].specificHeat > samples[$0 + 1].specificHeat
    }
    return GibbsCurves(
      caption: Self.caption, stateName: stateName, count: count,
      ground: labels.prefix(ties).map { $0 }, ties: ties, samples: samples, own: sample(1),
      peaks: peaks.map { samples[$0] },
      energyLimit: energies.reduce(0, +) / Double(count), entropyLimit: log(Double(count)),
      disagreement: 3.1e-14)
  }

  var density: DensityCurves {
    let width = 0.4
    let xs = (0..<81).map { Double($0) / 80 * ((energies.last ?? 0) + 4 * width) }
    let kernel = { (distance: Double) in
      exp(-distance * distance / 2 / width / width) / width / (2 * Double.pi).squareRoot()
    }
    let levels = temperatures.map { temperature -> DensityCurves.Level in
      let p = probabilities(temperature)
      let others = Array(zip(p, energies).filter { $0.1 > 0 })
      let values = xs.map { x in
        others.map { $0.0 * (kernel(x - $0.1) + kernel(x + $0.1)) }.reduce(0, +)
      }
      return .init(
        temperature: temperature, ground: p.prefix(ties).reduce(0, +),
        area: others.map(\.0).reduce(0, +), values: values)
    }
    return DensityCurves(
      caption: Self.caption, stateName: stateName, count: count,
      ground: labels.prefix(ties).map { $0 }, ties: ties, energies: xs, levels: levels,
      kernelWidth: width,
      bumps: count > 20
        ? [.init(states: labels.dropFirst().prefix(3).map { $0 }, energies: 2.4...2.9)] : [],
      peak: gibbs.peaks.first?.temperature)
  }
}

extension DistributionSample {
  static let five = [0, 0.5, 1, 2, Double.infinity]
  static let nine = [0, 0.1, 0.5, 0.8, 1, 1.35, 2, 5, Double.infinity]

  /// A steep top and a broad mass, like a language model's logits.
  static func like(_ count: Int, gap: Double = 4) -> [Double] {
    var random = Random(seed: count)
    return (0..<count).map { index in
      let normal = (0..<12).map { _ in random.next() }.reduce(-6, +)
      return index == 0 ? 9 + gap : index < 8 ? 9 - Double(index) : 2 * normal - 2
    }
  }

  static let words = [
    "naïve", "東京", "🙂", "שלום", "Donaudampfschifffahrtsgesellschaft", "␣", "⏎", ",",
  ]

  static let all: [DistributionSample] = [
    .init(
      "many", logits: like(400), labels: words + Array(repeating: "x", count: 392),
      temperatures: five),
    .init("nine temperatures", logits: like(300), temperatures: nine),
    .init("one temperature", logits: like(300), temperatures: [1]),
    .init("only zero", logits: like(40), temperatures: [0]),
    .init("only infinity", logits: like(40), temperatures: [.infinity]),
    .init(
      "three keys", logits: [0.2, -0.4, 1.1], labels: ["The", "␣capital", "␣of"], temperatures: five
    ),
    .init("two tied", logits: [0.3, 0.3], labels: ["yes", "no"], temperatures: five),
    .init("a tie of many", logits: [2, 2, 1, 0.5, -3], labels: words, temperatures: five),
    .init("one state", logits: [4], temperatures: five),
    .init("a gap", logits: [60] + Array(repeating: 0, count: 200), temperatures: nine),
    .init("nearly flat", logits: (0..<60).map { Double($0) * 1e-4 }, temperatures: five),
  ]
}
