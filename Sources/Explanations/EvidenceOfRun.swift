internal import Analysis
public import Figures
public import Tokenization
public import Transformers

extension Evidence {
  /// What a run's prediction rests on, by six measures.
  ///
  /// - Parameters:
  ///   - run: A run that recorded the weights and values of every layer, and the logits.
  ///   - transformer: Its model.
  ///   - token: The row that predicts: of a decoder by itself the last, of an encoder the first mask.
  ///   - naming: Shows a vocabulary entry.
  ///   - progress: Learns how many of how many parts were taken away; is called from several threads.
  /// - Throws: `ModelError` when the model predicts nothing, the text has no such row, is too long or
  ///   has no mask, or a number is not finite.
  public init(
    of run: Run, by transformer: Transformer, token: Int? = nil,
    naming: @Sendable (Int) -> DisplayToken,
    progress: @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws {
    guard transformer.hasHead else {
      throw ModelError(
        .noSuchPlace,
        "\(run.model) predicts no token, so no prediction can be explained; name a decoder, or an "
          + "encoder with a head for masked words, with --model")
    }
    let row =
      try token
      ?? run.predictingRow.orThrow(
        ModelError(
          .badText,
          "the text has no [MASK] to predict; write one, or name the place to predict with --token")
      )
    let evidence = try TokenEvidence(
      of: PredictedToken(of: run, row: row), in: run, by: transformer, progress: progress)
    self.init(evidence, of: run, naming: naming)
  }

  /// The most heads that are shown.
  static let mostHeads = 8

  /// The figure of what was measured.
  init(_ evidence: TokenEvidence, of run: Run, naming: (Int) -> DisplayToken) {
    let labels = run.labels(focus: evidence.prediction.row)
    let words = EvidenceWords(evidence, run, naming(evidence.prediction.id))
    self.init(
      caption: words.caption, tokens: evidence.tokens.map { labels[$0] },
      rests: Set(evidence.tokens.indices.filter { evidence.rests.contains(evidence.tokens[$0]) }),
      measures: TokenEvidence.Measure.allCases.map { measure in
        let found = evidence.agreement(of: measure)
        return Measure(
          measure.name, values: evidence[measure], isSigned: measure.isSigned,
          agreement: measure == .removal
            ? nil
            : Agreement(
              correlation: found.correlation, ordinary: found.ordinary,
              hasSameTop: found.hasSameTop, sameSigns: found.sameSigns))
      },
      heads: evidence.heads.prefix(Self.mostHeads).map {
        Head("L\($0.layer)H\($0.head)", effect: $0.effect)
      },
      headsName: words.headsName)
  }
}

extension Run {
  /// The row that predicts where none is named: of a decoder the last, of an encoder the first mask.
  public var predictingRow: Int? {
    if configuration.kind == .decoder { return count - 1 }
    return tokens.firstIndex { ["[MASK]", "<mask>"].contains($0.raw) }
  }
}

extension Optional {
  fileprivate func orThrow(_ error: @autoclosure () -> any Error) throws -> Wrapped {
    guard let self else { throw error() }
    return self
  }
}

extension TokenEvidence.Measure {
  /// The heading of its column.
  var name: [Inline] {
    switch self {
    case .attention: ["raw attention"]
    case .lengths: [.formula(.linkLength)]
    case .rollout: ["rollout"]
    case .inputs: ["gradient × input"]
    case .gradients: ["attention × gradient"]
    case .removal: ["measured: removed"]
    }
  }
}

/// Whether attention and measurement agree, in words that follow ρ.
enum EvidenceVerdict {
  case agree, inPart, disagree

  /// Of fewer tokens ρ says too little for a verdict.
  static let fewestTokens = 6

  /// From ρ = .7 they agree, from .3 in part.
  init(_ correlation: Double) {
    self = correlation >= 0.7 ? .agree : correlation >= 0.3 ? .inPart : .disagree
  }

  var words: String {
    switch self {
    case .agree: "agree"
    case .inPart: "agree only in part"
    case .disagree: "disagree"
    }
  }
}

/// The words around a figure of evidence.
private struct EvidenceWords {
  private let evidence: TokenEvidence
  private let run: Run
  private let predicted: DisplayToken

  init(_ evidence: TokenEvidence, _ run: Run, _ predicted: DisplayToken) {
    (self.evidence, self.run, self.predicted) = (evidence, run, predicted)
  }

  var caption: Caption {
    Caption(
      title: title, subtitle: [.text(subtitle)],
      notes: [definitions, [.text(reading)]]
        + (run.normalisationNote.map { [$0] } ?? []),
      provenance: run.provenanceNote)
  }

  private var title: String {
    guard let rho = evidence.agreement(of: .attention).correlation else {
      return "What the prediction of \(predicted.text.isolated.quoted) rests on"
    }
    let (n, number) = (evidence.tokens.count, Evidence.correlation(rho))
    guard n >= EvidenceVerdict.fewestTokens else {
      return "Raw attention against removal: ρ = \(number), of \(plural(n, "token")) only"
    }
    return "Raw attention and removal \(EvidenceVerdict(rho).words): ρ = \(number) over "
      + plural(n, "token")
  }

  private var subtitle: String {
    let (row, isDecoder) = (evidence.prediction.row, run.configuration.kind == .decoder)
    let p = NumberFormat.weight(evidence.prediction.probability)
    return
      "\(run.model) · what each token counts for \(predicted.text.isolated.quoted), "
      + "\(isDecoder ? "the most probable token after" : "the most probable token in the place of") "
      + "\(run.name(of: row).isolated.quoted) (row \(row)) · y = ln p, p = \(p)"
  }

  private var definitions: [Inline] {
    let shape = run.configuration
    let leans =
      shape.kind == .decoder
      ? ", which in a decoder leans to early tokens whatever the text says" : ""
    return [
      .text(
        "Raw attention: the weight a in row \(evidence.prediction.row), the mean of "
          + "\(plural(shape.layers * shape.heads, "head")) (\(shape.sheet)). "),
      .formula(.linkLength),
      .text(
        ": the length of what a token brings to the row, as a part of what all heads of the layer "
          + "bring, the mean of the layers. Rollout: the row of the product of all layers’ "
          + "½ (mean weights + identity) (Abnar & Zuidema 2020)\(leans). Gradient × input: "
          + "Σ x ∂y/∂x of the vector that enters layer 0. Attention × gradient: Σ a ∂y/∂a over all "
          + "layers, heads and queries, with its sign: the measured effect to first order. Measured: "
          + "ln p less ln p without the token, its values set to 0 (not to a mean) in every layer and "
          + "head; it is looked at as before."),
    ]
  }

  private var reading: String {
    var sentences = [
      "ρ: Spearman’s rank correlation of a column with the last one, sizes without signs; with few "
        + "tokens it is often large by chance. The title says “agree” from ρ = .7, “only in part” from "
        + ".3."
    ]
    if !evidence.rests.isEmpty { sentences.append(resting) }
    if evidence.tokens.count < evidence.seen {
      sentences.append(
        "\(evidence.tokens.count) of \(evidence.seen) tokens: those that are largest in one of the "
          + "first five columns.")
    }
    let later = run.count - evidence.seen
    if later > 0 {
      sentences.append("\(plural(later, "later token")) cannot be seen from the row.")
    }
    return sentences.joined(separator: " ")
  }

  /// Which tokens are grey, and why.
  private var resting: String {
    let special = evidence.rests.filter { run.encoding.isSpecial[$0] }
    let sinks = evidence.rests.filter { !run.encoding.isSpecial[$0] }
    func names(_ places: [Int]) -> String {
      let more = places.count > 4 ? " and \(places.count - 4) more" : ""
      return places.prefix(4).map { run.name(of: $0).isolated.quoted }.joined(separator: ", ")
        + more
    }
    let parts = [
      special.isEmpty ? nil : "\(names(special)), added by the tokenizer",
      sinks.isEmpty
        ? nil : "\(names(sinks)), looked at from everywhere (a quarter or more of all attention)",
    ]
    return "Grey: \(parts.compactMap(\.self).joined(separator: "; "))."
  }

  var headsName: String {
    let shape = run.configuration
    let (shown, all) = (
      min(Evidence.mostHeads, evidence.heads.count), shape.layers * shape.heads
    )
    let among =
      evidence.heads.count < all
      ? "of the \(evidence.heads.count) (of \(all)) heads that do most to first order"
      : "of \(plural(all, "head"))"
    guard shown < all else {
      return "Every head switched off by itself (context 0): ln p less ln p without it, in nats"
    }
    return
      "Heads switched off one by one (context 0), ln p less ln p without the head: the \(shown) "
      + "largest \(among), in nats"
  }
}
