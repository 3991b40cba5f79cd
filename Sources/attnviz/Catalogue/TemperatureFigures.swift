import Explanations
import Figures
import Files
import Tensors
import Transformers

extension DrawnFigure {
  static let tempering = distribution(
    Tempering.name, "one distribution at several τ, from argmax to uniform",
    takes: ["--top"]
  ) { command, subject in
    Tempering(
      subject, at: command.distribution.temperatures, showing: command.distribution.top ?? 8)
  }

  static let entropy = distribution(
    EntropyCurve.name, "entropy, perplexity, top-p set and shares by rank against τ",
    hasTemperatures: false
  ) { _, subject in
    EntropyCurve(subject)
  }

  static let gibbs = distribution(
    GibbsCurves.name, "heat capacity, mean energy, entropy and free energy against τ",
    hasTemperatures: false
  ) { _, subject in
    GibbsCurves(subject)
  }

  static let density = distribution(
    DensityCurves.name, "the density of states times e^(−E/τ): Gibbs against Maxwell–Boltzmann"
  ) { command, subject in
    DensityCurves(subject, at: command.distribution.temperatures)
  }

  static let maxwellBoltzmann = DrawnFigure(
    name: MaxwellBoltzmann.name,
    summary: "f(v) of a gas at several temperatures, from the formula",
    source: .formula { _ in (MaxwellBoltzmann(), []) })

  /// A figure of one softmax of a run.
  private static func distribution(
    _ name: String, _ summary: String, takes options: Set<String> = [],
    hasTemperatures: Bool = true,
    _ draw: @escaping @Sendable (DrawCommand, RunDistribution) -> any Figure
  ) -> DrawnFigure {
    DrawnFigure(
      name: name, summary: summary,
      options: options.union(["--at", "--row", "--stack"] + (hasTemperatures ? ["--tau"] : [])),
      stack: .decoder,
      source: .trace(
        recording: { $0.distribution.recording() },
        draw: { command, run, model in
          let subject = try command.distribution.subject(of: run, model)
          guard subject.distribution.support > 1 else {
            throw ModelError(
              .noSuchPlace,
              "row \(subject.row) looks at one key only, always with 1; choose another --row")
          }
          return (
            draw(command, subject),
            command.distribution.details(of: subject, hasTemperatures: hasTemperatures)
          )
        }))
  }
}

extension DistributionOptions {
  /// The temperatures that are asked for, else those from argmax to uniform.
  var temperatures: [Double] { (tau ?? .standard).values }

  /// What provenance must say to find the distribution again.
  func details(of subject: RunDistribution, hasTemperatures: Bool) -> [JSON.Member] {
    var all: [JSON.Member] = []
    if hasTemperatures {
      let taus = temperatures.map { $0 == .infinity ? "inf" : JSON.number($0) }
      all.append(JSON.Member("tau", .array(taus)))
    }
    switch subject.place {
    case .output(let row): all.append(JSON.Member("row", .integer(row)))
    case .head(let layer, let head, let row):
      all += [
        JSON.Member("layer", .integer(layer)), JSON.Member("head", .integer(head)),
        JSON.Member("row", .integer(row)),
      ]
    }
    if let top { all.append(JSON.Member("top", .integer(top))) }
    return all
  }
}
