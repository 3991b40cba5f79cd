internal import Analysis
public import Figures
internal import Tensors

extension DensityCurves {
  /// The states of one distribution of a run by their energy, at several temperatures.
  ///
  /// The temperature where C peaks joins those that are asked for.
  public init(_ subject: RunDistribution, at temperatures: [Double]) {
    let distribution = subject.distribution
    let density = DensityOfStates(distribution)
    let gibbs = Gibbs(distribution)
    let peak = gibbs.highestPeak?.temperature
    let all = Set(temperatures + [peak].compactMap(\.self)).sorted()
    self.init(
      caption: subject.caption("Occupied states: where the probability is, by energy"),
      stateName: subject.stateName, count: distribution.support,
      ground: distribution.ranking(min(distribution.ties, 8)).map(subject.label(of:)),
      ties: distribution.ties, energies: density.grid,
      levels: all.map { tau in
        let curve = density.curve(at: tau)
        let area = tau == 0 ? 0 : 1 - curve.groundProbability
        return Level(
          temperature: tau, ground: curve.groundProbability, area: area,
          values: area == 0 ? [] : curve.values)
      },
      kernelWidth: density.width, bumps: Self.bumps(of: subject, within: density.width), peak: peak)
  }

  /// The states of the first two bumps: those nearest above the ground state, each bump ending where
  /// the next state is more than two widths of the kernel away.
  private static func bumps(of subject: RunDistribution, within width: Double) -> [Bump] {
    let distribution = subject.distribution
    let states = distribution.ranking(min(distribution.support, distribution.ties + 40))
      .dropFirst(distribution.ties)
    var bumps: [(states: [Int], last: Double)] = []
    for state in states {
      let energy = distribution.energy(of: state)
      if let last = bumps.last, energy - last.last <= 2 * width {
        bumps[bumps.count - 1] = (last.states + [state], energy)
      } else {
        bumps.append(([state], energy))
      }
    }
    // A bump of many states has no name.
    return bumps.prefix { $0.states.count <= 6 }.prefix(2).map { bump in
      Bump(
        states: bump.states.map(subject.label(of:)),
        energies: distribution.energy(of: bump.states[0])...bump.last)
    }
  }
}
