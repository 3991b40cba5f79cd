public import Tokenization

extension Model {
  /// The run of a text that was generated: the trace of its steps is that of the whole text. Of an
  /// encoder–decoder the prompt is the source, and what was generated the target.
  ///
  /// - Parameters:
  ///   - generation: What `generate` returned.
  ///   - encoding: The prompt's tokens.
  ///   - text: The prompt.
  ///   - pair: The second text, where there was one.
  ///   - digest: SHA-256 of the parameter file, for provenance.
  ///   - pass: The pass that `generate` used.
  public func run(
    of generation: Generation, after encoding: Encoding, text: String, pair: String? = nil,
    digest: String? = nil, _ pass: Pass
  ) -> Run {
    let hasSource = configuration.kind == .seq2seq
    // The last token has no row when the context was full, or when it belongs to a target.
    let all = generation.prompt + generation.ids
    let ran = Array(all.prefix(pass.positions.upperBound))
    let whole =
      hasSource
      ? (encoding: encoding, text: text)
      : tokenizer.continuing(encoding, of: text, with: Array(ran.dropFirst(encoding.ids.count)))
    var run = Run(
      model: name, modelDigest: digest, configuration: configuration, text: whole.text, pair: pair,
      encoding: whole.encoding,
      tokens: tokenizer.display(whole.encoding, text: whole.text, pair: pair),
      attentionTemperature: pass.attentionTemperature, recording: pass.recording,
      trace: pass.trace)
    run.generation = generation.json(of: self)
    run.target = hasSource ? target(ran) : nil
    return run
  }

  /// What a decoder wrote.
  private func target(_ ids: [Int]) -> Run.Side {
    let (encoding, text) = targetTokenizer.continuing(Encoding(), of: "", with: ids)
    return Run.Side(
      encoding: encoding, tokens: targetTokenizer.display(encoding, text: text), text: text)
  }
}
