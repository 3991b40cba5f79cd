internal import Analysis
public import Figures
internal import Tensors

extension GibbsCurves {
  /// The thermodynamics of one distribution of a run.
  public init(_ subject: RunDistribution) {
    let distribution = subject.distribution
    let gibbs = Gibbs(distribution)
    let curve = gibbs.curve(over: gibbs.interestingTemperatures, count: 801)
    self.init(
      caption: subject.caption(
        "The thermodynamics of one \(subject.noun == "token" ? "next-token" : "head’s") distribution"
      ),
      stateName: subject.stateName, count: distribution.support,
      ground: distribution.ranking(min(distribution.ties, 8)).map(subject.label(of:)),
      ties: distribution.ties, samples: curve.map(Sample.init), own: Sample(gibbs.state(at: 1)),
      peaks: gibbs.peaks(of: curve).map(Sample.init), energyLimit: gibbs.meanOfAllEnergies,
      entropyLimit: gibbs.largestEntropy,
      disagreement: Self.disagreement(of: curve, distribution))
  }

  /// The largest |F − (⟨E⟩ − τS)| with S summed as −Σ p ln p.
  private static func disagreement(
    of curve: [Gibbs.State], _ distribution: Distribution
  ) -> Double {
    curve.concurrentMap { state in
      let entropy = distribution.entropy(at: state.temperature)
      return abs(state.freeEnergy - (state.meanEnergy - state.temperature * entropy))
    }.max() ?? 0
  }
}

extension GibbsCurves.Sample {
  fileprivate init(_ state: Gibbs.State) {
    self.init(
      temperature: state.temperature, specificHeat: state.heatCapacity,
      meanEnergy: state.meanEnergy, entropy: state.entropy, freeEnergy: state.freeEnergy)
  }
}
