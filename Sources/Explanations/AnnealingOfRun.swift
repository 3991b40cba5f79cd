public import Figures
internal import Transformers

extension Annealing {
  /// The temperature of every step of a generation, and what it did.
  public init(_ told: ToldGeneration) {
    let generation = told.generation
    self.init(
      caption: Caption(
        title: Self.title(generation.settings.schedule),
        subtitle: [.text("\(told.run.model) · \(told.method)")], provenance: told.provenance),
      steps: generation.steps.map { step in
        Step(
          temperature: step.temperature, entropy: step.choice.entropy, ownEntropy: step.entropy,
          token: told.label(of: step.id), probability: step.choice.probability, rank: step.rank)
      },
      vocabulary: told.run.configuration.vocabulary)
  }

  private static func title(_ schedule: Schedule) -> String {
    let (first, last) = (
      NumberFormat.temperature(schedule.first), NumberFormat.temperature(schedule.last)
    )
    guard let shape = schedule.shape else { return "Sampling at τ = \(first)" }
    return "Annealing: τ from \(first) to \(last), \(shape.rawValue)"
  }
}
