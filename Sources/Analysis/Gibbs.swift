#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif
public import Tensors

/// The Gibbs quantities of a distribution: a softmax is the Gibbs distribution of the energies
/// E = z_max − z with k = 1 (Gibbs 1902, ch. IV; Boltzmann's factor e^(−E/τ)).
///
/// Logits are defined up to a constant, so energies need a zero: the ground state. Probabilities,
/// S and C do not depend on it; ln Z, F and ⟨E⟩ do.
public struct Gibbs: Sendable {
  /// The quantities at one temperature.
  public struct State: Sendable, Equatable {
    /// τ.
    public var temperature: Double
    /// ln Z = ln Σ e^(−E/τ).
    public var logPartition: Double
    /// ⟨E⟩ = Σ p E, in units of logits.
    public var meanEnergy: Double
    /// F = −τ ln Z, in units of logits; −∞ at τ = ∞.
    public var freeEnergy: Double
    /// S = ln Z + ⟨E⟩/τ, in nats: the Shannon entropy of the distribution.
    public var entropy: Double
    /// C = d⟨E⟩/dτ = Var(E)/τ², in nats.
    public var heatCapacity: Double
  }

  /// The energies of the states that are not masked, the ground states first.
  public let energies: [Double]

  /// Prepares the quantities of a distribution.
  public init(_ distribution: Distribution) {
    energies = distribution.logits.compactMap { z in
      z == -.infinity ? nil : distribution.largest - z
    }.sorted()
  }

  /// Prepares the quantities of a distribution whose states are sorted already.
  package init(_ ranking: Ranking) { energies = ranking.energies }

  /// The mean energy at τ = ∞, where all states are equally probable.
  public var meanOfAllEnergies: Double { energies.reduce(0, +) / Double(energies.count) }

  /// The largest entropy there is: ln N.
  public var largestEntropy: Double { log(Double(energies.count)) }

  /// The quantities at a temperature, with their limits at 0 and ∞.
  ///
  /// - Precondition: `temperature` is not negative and not NaN.
  public func state(at temperature: Double) -> State {
    precondition(temperature >= 0, "a temperature of \(temperature)")
    if temperature == 0 { return ground }
    if temperature == .infinity { return hottest }
    // x = E/τ, so that neither small nor large temperatures lose digits.
    var (partition, first, second) = (CompensatedSum(), CompensatedSum(), CompensatedSum())
    for start in stride(from: 0, to: energies.count, by: 8) {
      guard energies[start] / temperature < 746 else { break }
      // Beyond the last state stand masked ones, whose factor is 0.
      var x = SIMD8(repeating: 1e6)
      for index in start..<min(start + 8, energies.count) {
        x[index - start] = energies[index] / temperature
      }
      let factors = reproducibleExponentials(-x)
      partition.add(factors.sum())
      first.add((factors * x).sum())
      second.add((factors * x * x).sum())
    }
    let mean = first.value / partition.value
    let logPartition = log(partition.value)
    return State(
      temperature: temperature, logPartition: logPartition, meanEnergy: temperature * mean,
      freeEnergy: 0 - temperature * logPartition, entropy: logPartition + mean,
      heatCapacity: max(0, second.value / partition.value - mean * mean))
  }

  /// The quantities at `count` temperatures, evenly spaced on a logarithmic axis.
  public func curve(over range: ClosedRange<Double>, count: Int) -> [State] {
    Self.temperatures(over: range, count: count).concurrentMap(state(at:))
  }

  /// Temperatures evenly spaced on a logarithmic axis; both ends are exact.
  public static func temperatures(over range: ClosedRange<Double>, count: Int) -> [Double] {
    let (low, high) = (range.lowerBound, range.upperBound)
    let steps = Double(max(1, count - 1))
    return (0..<count).map { index in
      index == count - 1 ? high : low * pow(high / low, Double(index) / steps)
    }
  }

  private var ground: State {
    let ties = Double(energies.prefix { $0 == 0 }.count)
    return State(
      temperature: 0, logPartition: log(ties), meanEnergy: 0, freeEnergy: 0, entropy: log(ties),
      heatCapacity: 0)
  }

  private var hottest: State {
    State(
      temperature: .infinity, logPartition: largestEntropy, meanEnergy: meanOfAllEnergies,
      freeEnergy: energies.count > 1 ? -.infinity : 0, entropy: largestEntropy, heatCapacity: 0)
  }
}

// MARK: where the distribution melts

extension Gibbs {
  /// The temperatures between which almost everything happens: the entropy goes from 1 % to 99 % of
  /// its way, rounded outwards to powers of ten; always around τ = 1.
  public var interestingTemperatures: ClosedRange<Double> {
    let (low, high) = (ground.entropy, largestEntropy)
    guard high > low else { return 0.1...10 }
    func power(_ share: Double, _ rounding: FloatingPointRoundingRule) -> Double {
      let tau = temperature(where: low + share * (high - low))
      return pow(10, min(9, max(-9, log10(tau).rounded(rounding))))
    }
    return min(0.1, power(0.01, .down))...max(10, power(0.99, .up))
  }

  /// The temperature at which the entropy has a value, by bisection: it never falls with τ.
  private func temperature(where entropy: Double) -> Double {
    var (low, high) = (-12.0, 12.0)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if state(at: pow(10, middle)).entropy < entropy { low = middle } else { high = middle }
    }
    return pow(10, (low + high) / 2)
  }

  /// The local maxima of C between the interesting temperatures, the coolest first: there the
  /// distribution melts. They are Schottky peaks of finitely many states, not phase transitions.
  public func peaks(of curve: [State]) -> [State] {
    guard curve.count > 2 else { return [] }
    return (1..<curve.count - 1).compactMap { index in
      let (before, here, after) = (curve[index - 1], curve[index], curve[index + 1])
      guard here.heatCapacity > before.heatCapacity, here.heatCapacity >= after.heatCapacity,
        here.heatCapacity > 1e-9
      else { return nil }
      return peak(between: before.temperature, and: after.temperature)
    }
  }

  /// The local maxima of C, the coolest first.
  public var peaks: [State] { peaks(of: curve(over: interestingTemperatures, count: 401)) }

  /// The largest C, where the distribution melts; `nil` when C has no maximum.
  public var highestPeak: State? { peaks.max { $0.heatCapacity < $1.heatCapacity } }

  /// The largest C between two temperatures, by golden sections of ln τ.
  private func peak(between low: Double, and high: Double) -> State {
    let ratio = (5.0.squareRoot() - 1) / 2
    func height(_ x: Double) -> Double { state(at: exp(x)).heatCapacity }
    var (a, b) = (log(low), log(high))
    var (left, right) = (b - ratio * (b - a), a + ratio * (b - a))
    var (atLeft, atRight) = (height(left), height(right))
    while b - a > 1e-7 {
      if atLeft < atRight {
        (a, left, atLeft) = (left, right, atRight)
        right = a + ratio * (b - a)
        atRight = height(right)
      } else {
        (b, right, atRight) = (right, left, atLeft)
        left = b - ratio * (b - a)
        atLeft = height(left)
      }
    }
    return state(at: exp((a + b) / 2))
  }
}
