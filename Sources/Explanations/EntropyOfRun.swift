internal import Analysis
public import Figures
internal import Tensors

extension EntropyCurve {
  /// How many states of one distribution of a run are in play, against the temperature.
  public init(_ subject: RunDistribution) {
    let distribution = subject.distribution
    let ranking = Ranking(distribution)
    let bands = Self.bands(of: distribution.support)
    let range = Gibbs(distribution).interestingTemperatures
    // One decade more than the entropy needs: the top-p set grows to the end.
    let temperatures = Gibbs.temperatures(
      over: range.lowerBound...range.upperBound * 10, count: 601)
    let sample: @Sendable (Double) -> Sample = { tau in
      let ranked = ranking.ranked(at: tau)
      let ends = ranked.cumulativeShares(upTo: bands.map(\.upperBound))
      return Sample(
        temperature: tau, entropy: ranked.entropy,
        setSize: ranked.sizeOfSet(holding: TemperatureReport.mass),
        shares: zip(ends, [0] + ends).map { $0 - $1 })
    }
    self.init(
      caption: subject.caption("How many \(subject.noun)s are in play at each temperature"),
      stateName: subject.stateName, count: distribution.support,
      leading: ranking.states.prefix(bands.count { $0.count == 1 }).map(subject.label(of:)),
      topShare: TemperatureReport.mass, bands: bands,
      samples: temperatures.concurrentMap(sample), own: sample(1))
  }
}
