#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif
public import Tensors

/// The density of a distribution's states over energy, and the curves that Boltzmann's factor makes
/// of it: the model's own counterpart of the Maxwell–Boltzmann curves.
///
/// The ground state is a discrete state with an exact probability p₀(τ). All others are smoothed:
/// Σ_{i≠0} pᵢ(τ) [K(E − Eᵢ) + K(E + Eᵢ)] with a Gaussian K; the second term reflects at E = 0 what
/// would fall below the ground state, so that the area is 1 − p₀ at every τ.
public struct DensityOfStates: Sendable {
  /// The curve at one temperature.
  public struct Curve: Sendable {
    /// τ.
    public var temperature: Double
    /// The probability of the ground states together.
    public var groundProbability: Double
    /// The density at every energy of `DensityOfStates.grid`, per unit of energy.
    public var values: [Double]
  }

  /// The width h of the Gaussian, in units of energy.
  public let width: Double
  /// The energies at which curves have values.
  public let grid: [Double]
  /// How many ground states there are.
  public let groundStates: Int
  /// How many others there are.
  public let others: Int
  private let distribution: Distribution
  private let energies: [Double]

  /// Prepares the density of a distribution.
  ///
  /// - Parameters:
  ///   - distribution: The distribution whose energies are smoothed.
  ///   - width: h; a 93rd of the largest energy when `nil`.
  ///   - count: How many energies the grid has.
  public init(_ distribution: Distribution, width: Double? = nil, count: Int = 761) {
    self.distribution = distribution
    energies = distribution.logits.indices.map(distribution.energy(of:))
    groundStates = distribution.ties
    others = distribution.support - distribution.ties
    let highest = energies.filter(\.isFinite).max() ?? 0
    self.width = width ?? max(highest / 93, 1e-6)
    let end = highest + 4 * self.width
    grid = (0..<count).map { end * Double($0) / Double(count - 1) }
  }

  /// The largest energy of a state.
  public var largestEnergy: Double { energies.filter(\.isFinite).max() ?? 0 }

  /// The curve at a temperature.
  public func curve(at temperature: Double) -> Curve {
    let probabilities = distribution.probabilities(at: temperature)
    let step = width / 80
    // Weights of narrow bins of energy, each at its states' mean energy.
    var bins = [(mass: Double, moment: Double)](
      repeating: (0, 0), count: Int(largestEnergy / step) + 1)
    var ground = 0.0
    for (energy, probability) in zip(energies, probabilities) where probability > 0 {
      if energy == 0 {
        ground += probability
      } else {
        bins[Int(energy / step)].mass += probability
        bins[Int(energy / step)].moment += probability * energy
      }
    }
    let spikes = bins.filter { $0.mass > 0 }.map { (energy: $0.moment / $0.mass, mass: $0.mass) }
    return Curve(
      temperature: temperature,
      groundProbability: distribution.ties == distribution.support
        ? 1 : ground, values: grid.concurrentMap { density(at: $0, of: spikes) })
  }

  /// Σ m [K(E − e) + K(E + e)].
  private func density(at energy: Double, of spikes: [(energy: Double, mass: Double)]) -> Double {
    let scale = 1 / (width * (2 * Double.pi).squareRoot())
    func kernel(_ distance: Double) -> Double {
      let x = distance / width
      return abs(x) < 9 ? exp(-x * x / 2) * scale : 0
    }
    return spikes.reduce(0) {
      $0 + $1.mass * (kernel(energy - $1.energy) + kernel(energy + $1.energy))
    }
  }

  /// The area under a curve, by trapezia.
  public func area(under curve: Curve) -> Double {
    guard grid.count > 1 else { return 0 }
    let step = grid[1] - grid[0]
    let ends = (curve.values[0] + curve.values[curve.values.count - 1]) / 2
    return step * (curve.values.reduce(0, +) - ends)
  }
}
