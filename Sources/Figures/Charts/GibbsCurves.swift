/// The thermodynamics of one distribution: heat capacity, mean energy, entropy and free energy
/// against the temperature.
public struct GibbsCurves: Figure {
  /// The quantities at one temperature.
  public struct Sample: Equatable, Sendable {
    /// τ, positive and finite.
    public var temperature: Double
    /// C = Var(E)/τ².
    public var specificHeat: Double
    /// ⟨E⟩, from the ground state up.
    public var meanEnergy: Double
    /// S = −Σ p ln p, in nats.
    public var entropy: Double
    /// F = −τ ln Z.
    public var freeEnergy: Double

    /// Creates a sample.
    public init(
      temperature: Double, specificHeat: Double, meanEnergy: Double, entropy: Double,
      freeEnergy: Double
    ) {
      self.temperature = temperature
      self.specificHeat = specificHeat
      self.meanEnergy = meanEnergy
      self.entropy = entropy
      self.freeEnergy = freeEnergy
    }
  }

  /// Its name in the catalogue.
  public static let name = "gibbs"

  /// The words around the picture.
  public var caption: Caption
  /// What the states are called.
  public var stateName: StateName
  /// How many states there are, without the masked ones.
  public let count: Int
  /// The states with E = 0; a few of them when there are many.
  public let ground: [TokenLabel]
  /// How many states have E = 0.
  public let ties: Int
  /// The samples, by temperature.
  public let samples: [Sample]
  /// The sample at τ = 1; `nil` leaves its marks out.
  public let own: Sample?
  /// The local maxima of C inside the range, the highest first.
  public let peaks: [Sample]
  /// The mean of all energies, the limit of ⟨E⟩ at τ → ∞.
  public let energyLimit: Double
  /// ln N, the limit of S at τ → ∞.
  public let entropyLimit: Double
  /// The largest |F − (⟨E⟩ − τS)| over all samples, with S summed on its own way.
  public let disagreement: Double

  /// Creates a figure.
  ///
  /// - Parameters:
  ///   - caption: The words around the picture.
  ///   - stateName: What the states are called.
  ///   - count: How many states there are, without the masked ones.
  ///   - ground: The states with E = 0; a few of them when there are many.
  ///   - ties: How many states have E = 0.
  ///   - samples: The samples, by temperature.
  ///   - own: The sample at τ = 1; `nil` leaves its marks out.
  ///   - peaks: The local maxima of C inside the range of the samples, in any order.
  ///   - energyLimit: The mean of all energies, the limit of ⟨E⟩ at τ → ∞.
  ///   - entropyLimit: ln of the number of states.
  ///   - disagreement: The largest |F − (⟨E⟩ − τS)| over all samples, with S summed on its own way.
  public init(
    caption: Caption, stateName: StateName = .token, count: Int, ground: [TokenLabel],
    ties: Int = 1, samples: [Sample], own: Sample?, peaks: [Sample], energyLimit: Double,
    entropyLimit: Double, disagreement: Double
  ) {
    precondition(samples.count > 1, "\(samples.count) temperatures")
    self.caption = caption
    self.stateName = stateName
    self.count = count
    self.ground = ground
    self.ties = ties
    self.samples = samples.sorted { $0.temperature < $1.temperature }
    self.own = own
    self.peaks = peaks.sorted { $0.specificHeat > $1.specificHeat }
    self.energyLimit = energyLimit
    self.entropyLimit = entropyLimit
    self.disagreement = disagreement
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene {
    GibbsLayout(self, in: style).scene()
  }

  /// Eᵢ = z_max − zᵢ and Z = Σ e^(−Eᵢ/τ).
  var formula: Formula {
    .row([
      .energy(of: stateName.symbol), .wideSpace, .variable("Z"), .sign("="), .sum("i"), .thinSpace,
      .boltzmannFactor,
    ])
  }

  /// What the figure shows, from its numbers.
  var summary: String {
    let own = own.map {
      " At τ = 1: C \(Self.written($0.specificHeat)), mean energy \(Self.written($0.meanEnergy)), "
        + "entropy \(Self.written($0.entropy)), free energy \(Self.written($0.freeEnergy))."
    }
    return "Heat capacity, mean energy, entropy and free energy of a distribution over "
      + "\(stateName.counted(count)), for τ from \(range). \(peakWords)" + (own ?? "")
  }

  private var range: String {
    "\(NumberFormat.temperature(samples[0].temperature)) to "
      + NumberFormat.temperature(samples[samples.count - 1].temperature)
  }

  /// Where C has its peaks, in words.
  private var peakWords: String {
    guard let highest = peaks.first else {
      return
        "The heat capacity has no maximum between τ = \(range.replacing(" to ", with: " and τ = "))."
    }
    let place = "τ = \(NumberFormat.temperature(highest.temperature))"
    let main = "The heat capacity peaks at \(place) with C = \(Self.written(highest.specificHeat))"
    let others = peaks.dropFirst().map { "τ = \(NumberFormat.temperature($0.temperature))" }
    return main
      + (others.isEmpty ? "." : ", with lower peaks at \(others.joined(separator: ", ")).")
  }

  /// A quantity with two decimals and its sign.
  static func written(_ value: Double) -> String {
    let text = NumberFormat.amount(value.magnitude, decimals: 2)
    return value < 0 ? "−" + text : text
  }
}

/// The words under the figure.
extension GibbsCurves {
  var notes: [[Inline]] {
    var colors: [Inline] = own == nil ? [] : ["Blue: \(stateName.own) τ = 1. "]
    switch peaks.count {
    case 0: colors.append(.text(peakWords + " "))
    case 1:
      colors.append(
        "Red: the peak of C, a Schottky peak of a finite set of states, not a phase transition. ")
    default:
      let places = peaks.map { NumberFormat.temperature($0.temperature) }
      colors.append(
        .text(
          "Red: the \(peaks.count) peaks of C, at τ = \(places.joined(separator: ", ")), the "
            + "highest is τ*; Schottky peaks of a finite set of states, not phase transitions. "))
    }
    let names = ground.prefix(3).map(\.text).joined(separator: ", ")
    let more =
      ties > min(ground.count, 3)
      ? " and \(NumberFormat.count(ties - min(ground.count, 3))) more" : ""
    let zero: [Inline] = [
      .formula(.variable("p")), ", ", .formula(.variable("S")), " and ", .formula(.variable("C")),
      " do not depend on the zero of energy; ", .formula(.variable("F")), ", ",
      .formula(.row([.word("⟨"), .variable("E"), .word("⟩")])), " and ",
      .formula(.row([.word("ln\u{2009}"), .variable("Z")])), " do: here ",
      .formula(.row([.variable("E"), .sign("="), .word("0")])),
      .text(names.isEmpty ? " is the largest logit." : " is \(names)\(more)."),
    ]
    let difference: Formula = .row([
      .word("|"), .variable("F"), .sign("−"), .word("(⟨"), .variable("E"), .word("⟩"), .sign("−"),
      .variable("τ"), .variable("S"), .word(")|"),
    ])
    let check: [Inline] = [
      .text("Checked at \(NumberFormat.count(samples.count)) temperatures, "),
      .formula(.variable("S")), " summed on its own way: ", .formula(difference),
      .text(
        disagreement == 0
          ? " is 0 everywhere." : " is at most \(NumberFormat.scientific(disagreement))."),
    ]
    return [colors + zero, check]
  }
}
