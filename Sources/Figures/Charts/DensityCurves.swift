/// The occupied states by their energy at several temperatures: the ground state as an exact bar,
/// all others as smoothed densities. Bar + area = 1.
public struct DensityCurves: Figure {
  /// The distribution at one temperature.
  public struct Level: Equatable, Sendable {
    /// τ, from 0 to ∞.
    public var temperature: Double
    /// The probability of the ground states together.
    public var ground: Double
    /// The probability of all other states together, the area under the curve.
    public var area: Double
    /// Σ p K(E − Eᵢ) over the other states, one value an energy; empty where the area is 0.
    public var values: [Double]

    /// Creates a level.
    public init(temperature: Double, ground: Double, area: Double, values: [Double]) {
      self.temperature = temperature
      self.ground = ground
      self.area = area
      self.values = values
    }
  }

  /// States that make one bump of a curve.
  public struct Bump: Equatable, Sendable {
    /// What they are.
    public var states: [TokenLabel]
    /// The lowest and the highest of their energies.
    public var energies: ClosedRange<Double>

    /// Creates a bump.
    public init(states: [TokenLabel], energies: ClosedRange<Double>) {
      self.states = states
      self.energies = energies
    }
  }

  /// Its name in the catalogue.
  public static let name = "density"

  /// The words around the picture.
  public var caption: Caption
  /// What the states are called.
  public var stateName: StateName
  /// How many states there are, without the masked ones.
  public let count: Int
  /// The states with the largest logit; a few of them when there are many.
  public let ground: [TokenLabel]
  /// How many states share the largest logit.
  public let ties: Int
  /// The energies of the curves' points, ascending from 0.
  public let energies: [Double]
  /// The temperatures, ascending.
  public let levels: [Level]
  /// The width of the Gaussian kernel K.
  public let kernelWidth: Double
  /// The first bumps and the states that make them.
  public var bumps: [Bump]
  /// The temperature where the heat capacity peaks; `nil` when it has no peak.
  public var peak: Double?

  /// Creates a figure.
  public init(
    caption: Caption, stateName: StateName = .token, count: Int, ground: [TokenLabel],
    ties: Int = 1, energies: [Double], levels: [Level], kernelWidth: Double, bumps: [Bump] = [],
    peak: Double? = nil
  ) {
    precondition(!levels.isEmpty, "no temperature")
    precondition(
      levels.allSatisfy { $0.values.isEmpty || $0.values.count == energies.count },
      "a curve is not of \(energies.count) energies")
    self.caption = caption
    self.stateName = stateName
    self.count = count
    self.ground = ground
    self.ties = ties
    self.energies = energies
    self.levels = levels.sorted { $0.temperature < $1.temperature }
    self.kernelWidth = kernelWidth
    self.bumps = bumps
    self.peak = peak
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene {
    DensityLayout(self, in: style).scene()
  }

  /// With fewer states than this there is no density to speak of, only bumps.
  static let leastForACurve = 100

  /// How many states are not ground states.
  var others: Int { count - ties }

  /// Whether a 0 or 1 at a temperature is one and not rounded to it.
  func isExact(_ temperature: Double) -> Bool {
    temperature == 0 || temperature == .infinity || others == 0
  }

  /// Eᵢ = z_max − zᵢ and pᵢ = e^(−Eᵢ/τ)/Z.
  var formula: Formula {
    .row([
      .energy(of: stateName.symbol), .wideSpace, .sub(.variable("p"), .variable("i")), .sign("="),
      .fraction(.boltzmannFactor, .variable("Z")),
    ])
  }

  /// What the figure shows, from its numbers.
  var summary: String {
    let shares = levels.map { level -> String in
      "at τ = \(NumberFormat.temperature(level.temperature)) the ground state holds "
        + NumberFormat.share(level.ground, isExact: isExact(level.temperature))
    }
    return "Occupied states by energy above the ground state "
      + (ground.first.map { "(\($0.text)) " } ?? "") + "of \(stateName.counted(count)): "
      + shares.joined(separator: ", ") + "; the curves of the other states hold the rest."
  }
}

/// The words of the figure.
extension DensityCurves {
  /// Who the ground states are: "␣Paris, E = 0: a single state".
  var groundWords: [Inline] {
    let first = ground.first.map { "\($0.text), " } ?? ""
    let zero: [Inline] = [.formula(.row([.variable("E"), .sign("="), .word("0")]))]
    if ties == 1 { return [.text(first)] + zero + [.text(": a single state")] }
    let names = ground.prefix(2).map(\.text).joined(separator: ", ")
    let more = ties > min(ground.count, 2) ? " …" : ""
    return [.text("\(names)\(more), ")] + zero
      + [
        .text(
          ": \(NumberFormat.count(ties)) states tie, 1/\(NumberFormat.count(ties)) of the bar each")
      ]
  }

  /// Which is Gibbs and which is Maxwell–Boltzmann, in two sentences, and what the peak means.
  var explanation: [Inline] {
    var words: [Inline] = [
      .text("Gibbs: softmax itself. State by state, the occupation only falls with energy. ")
    ]
    guard others >= Self.leastForACurve else {
      return words + [
        .text(
          "Maxwell–Boltzmann’s rise and fall needs many states at higher energies; here each of the "
            + "\(NumberFormat.count(others)) is a bump of its own, as large as its probability.")
      ]
    }
    words += [
      .text(
        "Maxwell–Boltzmann’s rise and fall comes from the density of states: there are more "
          + "states at higher "),
      .formula(.variable("E")), .text(", each emptier."),
    ]
    if levels.contains(where: { $0.temperature == .infinity }) {
      words += [
        .text(" At τ = ∞ the curve is that density, "),
        .formula(.row([.variable("g"), .word("("), .variable("E"), .word(")/"), .variable("N")])),
        .text("."),
      ]
    }
    if let peak {
      words.append(
        .text(
          " Where the heat capacity peaks, τ = \(NumberFormat.temperature(peak)), the mass leaves "
            + "\(ties == 1 ? "one state" : "\(NumberFormat.count(ties)) states") for the others "
            + "(not a phase transition: N is finite)."))
    }
    return words
  }

  /// How it was drawn.
  var technicalNote: [Inline] {
    var words: [Inline] = [.text("Bar + area = 1 at every τ. ")]
    if !bumps.isEmpty {
      let names = bumps.map { bump -> String in
        let low = NumberFormat.temperature(bump.energies.lowerBound)
        let high = NumberFormat.temperature(bump.energies.upperBound)
        let place = low == high ? "E = \(low)" : "\(low)–\(high)"
        return bump.states.map(\.text).joined(separator: ", ") + " at " + place
      }
      words.append(.text("Bumps: " + names.joined(separator: "; ") + ". "))
    }
    guard others > 0 else { return words }
    let width = NumberFormat.fixed(kernelWidth, decimals: 2)
    words.append(
      .text("K: Gaussian, h = \(width), reflected at E = 0: no area below the ground state."))
    return words
  }
}
