internal import Analysis
public import Figures
internal import Files
internal import Tensors
internal import Tokenization
public import Transformers

extension Translation {
  /// The three attentions of an encoder–decoder's run, one head of each.
  ///
  /// - Parameters:
  ///   - run: A run that recorded the weights and values of every layer.
  ///   - transformer: The model that ran.
  ///   - layer: The layer of all three; where it is open each is chosen as `HeadChoice` says.
  ///   - head: The head of all three, likewise.
  /// - Throws: `ModelError` when the model has no second stack, or no such layer or head.
  public init(
    of run: Run, transformer: Transformer?, layer: Int? = nil, head: Int? = nil
  ) throws {
    guard run.target != nil else {
      throw ModelError(
        .noSuchPlace,
        "\(run.model) is no encoder–decoder; name one with --model, for instance phonemes")
    }
    func panel(_ stack: Site.Stack, _ name: String, _ shortName: String) throws -> (
      panel: Panel, fact: String
    ) {
      let part = run.part(stack)
      let choice = try HeadChoice(layer: layer, head: head, part, transformer)
      let place = "L\(choice.layer)H\(choice.head)"
      guard let weights = part.trace[.weights, layer: choice.layer, head: choice.head] else {
        throw part.missing(.weights, layer: choice.layer)
      }
      let panel = Panel(
        name: name, shortName: shortName, head: place, values: weights.numbers,
        mask: part.mask(layer: choice.layer),
        focus: choice.focus)
      return (panel, choice.fact)
    }
    let panels = try [
      panel(.encoder, "Encoder self-attention", "Encoder"),
      panel(.decoder, "Masked decoder self-attention", "Decoder"),
      panel(.cross, "Cross-attention", "Cross"),
    ]
    let part = run.part(.cross)
    self.init(
      caption: TranslationWords(run: part).caption(
        facts: panels.map { "\($0.panel.name): \($0.fact)." },
        wasAsked: layer != nil && head != nil,
        isByWeight: Contributions(part, of: transformer)?.isByWeight ?? true),
      source: part.keys.tokens.labels(), target: part.labels(), encoder: panels[0].panel,
      decoder: panels[1].panel, cross: panels[2].panel)
  }
}

/// The words around the sheet.
private struct TranslationWords {
  /// The part where the decoder looks at the source.
  let run: Run

  func caption(facts: [String], wasAsked: Bool, isByWeight: Bool) -> Caption {
    let (source, target) = (run.source?.text ?? "", run.text)
    let title = "From \(shown(source)) to \(shown(target))"
    return Caption(
      title: title,
      subtitle: [
        .text("\(run.model) · one head of each attention, nothing averaged · softmax weights "),
        .formula(run.configuration.weightsFormula),
        " · rows: looks from, columns: looks at",
      ],
      notes: [choice(facts, wasAsked, isByWeight)] + (run.normalisationNote.map { [$0] } ?? []),
      provenance: run.provenanceNote)
  }

  /// How the heads were chosen, once for all three, and the link of each.
  private func choice(
    _ facts: [String], _ wasAsked: Bool, _ isByWeight: Bool
  ) -> [Inline] {
    let all = Inline.text(facts.joined(separator: " "))
    guard !wasAsked else { return [all] }
    guard !isByWeight else {
      return [
        .text(
          "Each head was picked for the largest weight between two ordinary tokens, whose row is "
            + "outlined (special tokens, tokens looked at from everywhere, and a token’s look at itself "
            + "are left aside); what a weight moves needs the model’s parameters. "), all,
      ]
    }
    return [
      .text(
        "Each head was picked for its strongest link, whose row is outlined: the largest share of "
          + "what the heads of a layer bring to a token, by "),
      .formula(.linkLength),
      .text(
        " (special tokens, tokens looked at from everywhere, and a token’s look at itself are left "
          + "aside). "),
      all,
    ]
  }

  private func shown(_ text: String) -> String {
    text.isEmpty ? "the empty text" : text.visible.shortened(to: 28).isolated.quoted
  }
}
