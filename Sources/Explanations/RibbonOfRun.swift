public import Figures
internal import Files
internal import Tensors
public import Tokenization
public import Transformers

/// A generation with what figures need to tell it: the run of its text, and the names of tokens.
public struct ToldGeneration: Sendable {
  /// The generation.
  public let generation: Generation
  /// The run of its text.
  public let run: Run
  /// The text that was continued, or the source.
  public let prompt: String
  /// The text of the new tokens.
  public let written: String
  /// A head of an encoder–decoder's attention over its source, which the run recorded; its rows
  /// stand beside the steps.
  public let head: HeadChoice?
  let naming: @Sendable (Int) -> DisplayToken

  /// Joins a generation and its run.
  ///
  /// - Parameters:
  ///   - generation: The generation.
  ///   - run: What `Model.run(of:)` made of the generation.
  ///   - prompt: The text that was continued, or that was the source.
  ///   - written: The text of the new tokens.
  ///   - head: A head of an encoder–decoder's attention over its source, when the run recorded it.
  ///   - naming: Shows a vocabulary entry.
  public init(
    _ generation: Generation, run: Run, prompt: String, written: String, head: HeadChoice? = nil,
    naming: @escaping @Sendable (Int) -> DisplayToken
  ) {
    self.prompt = prompt
    self.written = written
    self.generation = generation
    self.run = run
    self.head = head
    self.naming = naming
  }

  /// The labels of the prompt's tokens.
  var promptLabels: [TokenLabel] { Array(target.labels().prefix(generation.prompt.count)) }

  /// The run of the tokens that were written: of an encoder–decoder the decoder's part.
  var target: Run { run.part(.decoder) }

  /// The label of a token that was written.
  func label(of id: Int) -> TokenLabel { naming(id).label }

  /// How tokens were chosen, in a few words: "greedy (τ = 0)", "τ = 0.7, top-p 0.9, seed 3".
  var method: String {
    let settings = generation.settings
    if settings.isGreedy { return "greedy (τ = 0)" }
    let filters = settings.filters
    let schedule = settings.schedule
    let tau =
      schedule.shape.map {
        "τ from \(NumberFormat.temperature(schedule.first)) to "
          + "\(NumberFormat.temperature(schedule.last)), \($0.rawValue)"
      } ?? "τ = \(NumberFormat.temperature(schedule.first))"
    let parts = [
      "drawn at \(tau)",
      filters.repetitionPenalty == 1
        ? nil : "repetition penalty \(NumberFormat.temperature(filters.repetitionPenalty))",
      filters.topK.map { "top-k \($0)" },
      filters.topP.map { "top-p \(NumberFormat.temperature($0))" },
      filters.minP.map { "min-p \(NumberFormat.temperature($0))" },
      "seed \(settings.seed)",
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }

  /// Model and prompt: the last paragraph of a figure.
  var provenance: [Inline] {
    guard run.target == nil else { return target.provenanceNote }
    let digest = run.modelDigest.map { " (sha256 \($0.prefix(8))…)" } ?? ""
    let attention = run.attentionNote.map { "; \($0)" } ?? ""
    let (read, written) = (
      prompt.visible.shortened(to: 120).isolated.quoted,
      written.visible.shortened(to: 200).isolated.quoted
    )
    return [
      .text(
        "\(run.model)\(digest) read \(read), \(generation.prompt.count) tokens, and wrote \(written)"
          + "\(attention).")
    ]
  }
}

extension Ribbon {
  /// A generation, one line a step.
  public init(_ told: ToldGeneration, title: String = "Each row predicts the token after it") {
    let (generation, run, head) = (told.generation, told.run, told.head)
    let labels = told.target.labels()
    let isOwn =
      generation.settings.schedule == Schedule(1) && generation.settings.filters == TokenFilters()
    self.init(
      caption: Caption(
        title: title,
        subtitle: [
          .text("\(run.model) · \(told.method)\(isOwn ? "" : " · probabilities at τ = 1")")
        ],
        notes: head.map { [[.text("Cross-attention, L\($0.layer)H\($0.head): \($0.fact).")]] }
          ?? [],
        provenance: told.provenance),
      prompt: told.promptLabels,
      steps: generation.steps.map { step in
        Step(
          row: step.row, read: labels[step.row], written: told.label(of: step.id),
          probability: step.probability, rank: step.rank, entropy: step.entropy,
          runnersUp: step.others.map { TokenProbability(told.label(of: $0.id), $0.probability) },
          othersCount: step.restCount, othersMass: step.restProbability,
          temperature: generation.settings.schedule.shape == nil ? nil : step.temperature,
          sampledProbability: isOwn || generation.settings.isGreedy ? nil : step.choice.probability,
          isEnd: step.endsText)
      },
      ending: generation.stopped.ending, source: head.flatMap(told.source))
  }
}

extension ToldGeneration {
  /// What every step looked at through a head.
  fileprivate func source(_ choice: HeadChoice) -> Ribbon.Source? {
    let part = run.part(.cross)
    guard part.stack == .cross,
      let weights = part.trace[.weights, layer: choice.layer, head: choice.head]
    else { return nil }
    return Ribbon.Source(
      name: "cross-attention L\(choice.layer)H\(choice.head)", tokens: part.keys.tokens.labels(),
      weights: generation.steps.flatMap { weights.slice($0.row).numbers })
  }
}

extension Generation.Stop {
  fileprivate var ending: Ribbon.Ending {
    switch self {
    case .endToken: .endToken
    case .length: .limit
    case .contextFull: .context
    }
  }
}
