public import Tokenization

extension Model {
  /// The run of a text that was generated: the trace of its steps is that of the whole text.
  ///
  /// - Parameters:
  ///   - generation: What `generate` returned.
  ///   - encoding: The prompt's tokens.
  ///   - text: The prompt.
  ///   - digest: SHA-256 of the parameter file, for provenance.
  ///   - pass: The pass that `generate` used.
  public func run(
    of generation: Generation, after encoding: Encoding, text: String, digest: String? = nil,
    _ pass: Pass
  ) -> Run {
    // The last token has no row when the context was full.
    let ran = generation.ids.prefix(max(0, pass.positions.upperBound - encoding.ids.count))
    let whole = tokenizer.continuing(encoding, of: text, with: Array(ran))
    var run = Run(
      model: name, modelDigest: digest, configuration: configuration, text: whole.text, pair: nil,
      encoding: whole.encoding, tokens: tokenizer.display(whole.encoding, text: whole.text),
      attentionTemperature: pass.attentionTemperature, recording: pass.recording,
      trace: pass.trace)
    run.generation = generation.json(tokenizer)
    return run
  }
}
