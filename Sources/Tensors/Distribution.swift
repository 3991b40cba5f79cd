#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The softmax of one row of logits at any temperature τ, over every state, in double precision:
/// pᵢ(τ) = exp(zᵢ/τ) / Σⱼ exp(zⱼ/τ).
///
/// The largest logit is subtracted first (log-sum-exp), so no τ overflows. The ends are true
/// limits: at τ = 0 the states with the largest logit share the mass and all others are exactly 0;
/// at τ = ∞ every state that is not masked has the same probability. τ = 1 is the softmax itself.
/// A logit of −∞ is a masked state: its probability is exactly 0 at every τ. The probabilities are
/// the same bits on every machine.
public struct Distribution: Sendable {
  /// The logits z, one a state.
  public let logits: [Double]
  /// The largest logit.
  public let largest: Double
  /// How many states share the largest logit; they tie at τ = 0.
  public let ties: Int
  /// How many states are not masked.
  public let support: Int

  /// Creates a distribution from its logits.
  ///
  /// - Returns: `nil` when a logit is NaN or +∞, or none is finite: there is no distribution then.
  public init?(logits: [Double]) {
    var (largest, ties, support) = (-Double.infinity, 0, 0)
    for z in logits where z != -.infinity {
      guard z.isFinite else { return nil }
      support += 1
      if z > largest { (largest, ties) = (z, 0) }
      if z == largest { ties += 1 }
    }
    guard support > 0 else { return nil }
    self.logits = logits
    self.largest = largest
    self.ties = ties
    self.support = support
  }

  /// Creates a distribution from a row of logits or scores.
  ///
  /// - Returns: `nil` when there is no distribution; see `init(logits:)`.
  public init?(_ row: Tensor) {
    self.init(logits: row.withNumbers { $0.map(Double.init) })
  }

  /// The states with the largest logit, the lowest first.
  public var groundStates: [Int] { logits.indices.filter { logits[$0] == largest } }

  /// The energy of a state, E = z_max − z: 0 for the ground states, ∞ for a masked one.
  public func energy(of state: Int) -> Double { largest - logits[state] }

  /// The probability of every state.
  ///
  /// - Precondition: `temperature` is not negative and not NaN.
  public func probabilities(at temperature: Double) -> [Double] {
    precondition(temperature >= 0, "a temperature of \(temperature)")
    let (factors, sum) = factors(at: temperature)
    return factors.map { $0 / sum }
  }

  /// ln pᵢ(τ) of every state: accurate where the probability itself is too small for a number.
  public func logProbabilities(at temperature: Double) -> [Double] {
    guard temperature > 0, temperature < .infinity else {
      return probabilities(at: temperature).map { log($0) }
    }
    let logPartition = logPartition(at: temperature)
    return logits.map { ($0 - largest) / temperature - logPartition }
  }

  /// ln Z = ln Σ exp(−E/τ), with energies counted from the ground state.
  public func logPartition(at temperature: Double) -> Double {
    precondition(temperature >= 0, "a temperature of \(temperature)")
    return log(factors(at: temperature).sum)
  }

  /// The entropy H = −Σ p ln p, in nats; exactly ln of the number of states at the ends.
  public func entropy(at temperature: Double) -> Double {
    if temperature == 0 { return log(Double(ties)) }
    if temperature == .infinity { return log(Double(support)) }
    return Self.entropy(of: probabilities(at: temperature))
  }

  /// The entropy of probabilities that are there already.
  public static func entropy(of probabilities: [Double]) -> Double {
    var sum = CompensatedSum()
    for p in probabilities where p > 0 { sum.add(p * log(p)) }
    // Written so that certainty is 0 and not −0.
    return 0 - sum.value
  }

  /// The states in the order of their logits, the largest first, the lowest state first among
  /// equals; the order never depends on τ.
  ///
  /// - Parameter count: How many; all when `nil`.
  public func ranking(_ count: Int? = nil) -> [Int] {
    func precedes(_ a: Int, _ b: Int) -> Bool {
      logits[a] != logits[b] ? logits[a] > logits[b] : a < b
    }
    guard let count, count < logits.count / 16 else {
      let all = sortedByBits() ?? logits.indices.sorted(by: precedes)
      return Array(all.prefix(count ?? logits.count))
    }
    // Few of many: one pass that keeps the best so far in order.
    var best: [Int] = []
    for state in logits.indices {
      if best.count == count, let last = best.last, !precedes(state, last) { continue }
      let place = best.firstIndex { precedes(state, $0) } ?? best.count
      best.insert(state, at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }

  /// All states in the order of `ranking`, sorted as numbers of 64 bits: the logit's bits above the
  /// state's. `nil` where a logit needs more bits than those of a `Float`.
  private func sortedByBits() -> [Int]? {
    guard logits.count <= Int(UInt32.max) else { return nil }
    var keys: [UInt64] = []
    keys.reserveCapacity(logits.count)
    for (state, z) in logits.enumerated() {
      // A zero of either sign is the same logit.
      let number = Float(z) + 0
      guard Double(number) == z else { return nil }
      let bits = number.bitPattern
      // Rising with the number, then turned round: the largest comes first.
      let rising = number.sign == .minus ? ~bits : bits | 0x8000_0000
      keys.append(UInt64(~rising) << 32 | UInt64(state))
    }
    keys.sort()
    return keys.map { Int($0 & 0xFFFF_FFFF) }
  }

  /// The rank of a state in `ranking`, from 1.
  public func rank(of state: Int) -> Int {
    let z = logits[state]
    return logits.indices.reduce(1) {
      logits[$1] > z || (logits[$1] == z && $1 < state) ? $0 + 1 : $0
    }
  }

  /// exp(−E/τ) of every state, with its limits, and the sum of all.
  private func factors(at temperature: Double) -> (values: [Double], sum: Double) {
    guard temperature > 0, temperature < .infinity else {
      let isCold = temperature == 0
      let values = logits.map { $0 == largest || (!isCold && $0 != -.infinity) ? 1.0 : 0 }
      return (values, Double(isCold ? ties : support))
    }
    var sum = CompensatedSum()
    let values = [Double](unsafeUninitializedCapacity: logits.count) { out, count in
      for start in stride(from: 0, to: logits.count, by: 8) {
        // Beyond the last state stand masked ones, whose factor is 0.
        var x = SIMD8(repeating: -Double.infinity)
        let end = min(start + 8, logits.count)
        for state in start..<end { x[state - start] = (logits[state] - largest) / temperature }
        let factors = reproducibleExponentials(x)
        sum.add(factors.sum())
        for state in start..<end { out.initializeElement(at: state, to: factors[state - start]) }
      }
      count = logits.count
    }
    return (values, sum.value)
  }
}
