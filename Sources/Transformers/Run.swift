public import Files
public import Tensors
public import Tokenization

/// One run of a model on a text: what went in, and everything that was recorded.
public struct Run: Sendable {
  /// The model's name.
  public var model: String
  /// SHA-256 of the model's parameter file, when it is known.
  public var modelDigest: String?
  /// The model's shape.
  public var configuration: Configuration
  /// The text.
  public var text: String
  /// The second text of a pair.
  public var pair: String?
  /// The tokens that the model ran on.
  public var encoding: Encoding
  /// The tokens as people read them.
  public var tokens: [DisplayToken]
  /// The temperature inside attention.
  public var attentionTemperature: AttentionTemperature
  /// What was to be kept.
  public var recording: Recording
  /// What was recorded.
  public var trace: Trace
  /// What the decoder of an encoder–decoder wrote, where the text is its source.
  public var target: Side?
  /// What its encoder read, in a part of an encoder–decoder's run.
  public var source: Side?
  /// How the text was generated, where it was: the steps, what was asked, why it stopped.
  public var generation: JSON?
  /// The file that it was read from, when this program did not compute it now.
  public var origin: Origin?

  /// Number of tokens n.
  public var count: Int { encoding.ids.count }
  /// The numbers of the tokens.
  package var ids: [Int] { encoding.ids }
  /// The type (segment) of each token.
  package var types: [Int] { encoding.typeIDs }
  /// Whether the tokenizer added each token.
  package var isSpecial: [Bool] { encoding.isSpecial }

  /// Whether any recorded value is not finite, and where the first one is.
  public var notFinite: Site? {
    trace.tensors
      .filter { !$0.value.isFinite }
      .map(\.key).min { ($0.layer ?? -1, $0.description) < ($1.layer ?? -1, $1.description) }
  }
}

extension Tensor {
  /// Whether every number is finite; heads are looked at one by one.
  package var isFinite: Bool {
    guard shape.count < 3 else { return (0..<shape[0]).allSatisfy { slice($0).isFinite } }
    return withNumbers { $0.allSatisfy(\.isFinite) }
  }
}

extension Run {
  /// The tokens of one side of an encoder–decoder: the source, or the target, which is the start
  /// token and what was written but for the last token.
  public struct Side: Sendable {
    /// The tokens.
    public var encoding: Encoding
    /// The tokens as people read them.
    public var tokens: [DisplayToken]
    /// What they say.
    public var text: String

    /// Number of tokens.
    public var count: Int { encoding.ids.count }
  }
}

extension Model {
  /// Runs the model on a text and records; an encoder–decoder writes a target.
  ///
  /// - Parameters:
  ///   - text: The text, exactly as given.
  ///   - pair: A second text for models that take two.
  ///   - addSpecialTokens: Whether the special tokens that the model was trained with stand around
  ///     the text.
  ///   - digest: SHA-256 of the parameter file, for provenance.
  ///   - pass: What to keep and change.
  ///   - settings: How an encoder–decoder writes its target.
  ///   - announce: Learns the number of tokens before the work begins.
  /// - Throws: `ModelError` when the text yields no tokens or too many.
  public func run(
    _ text: String, pair: String? = nil, addSpecialTokens: Bool = true, digest: String? = nil,
    pass: Pass = Pass(),
    target settings: Generation.Settings = .greedy(count: Generation.Settings.targetCount),
    announce: (Int) -> Void = { _ in }
  ) throws -> Run {
    let encoding = try tokenizer.encode(text, pair: pair, addSpecialTokens: addSpecialTokens)
    announce(encoding.ids.count)
    return try run(encoding, of: text, pair: pair, digest: digest, pass: pass, target: settings)
  }

  /// Runs the model on the tokens of a text.
  package func run(
    _ encoding: Encoding, of text: String, pair: String?, digest: String?, pass: Pass,
    target settings: Generation.Settings
  ) throws -> Run {
    var pass = pass
    let bytes = pass.recording.bytesOfMaps(
      configuration, tokens: encoding.ids.count, target: settings.count)
    if bytes > Recording.mostInMemory { pass.scratch = Self.scratch() }
    if configuration.kind == .seq2seq {
      let generation = try target(of: encoding, settings, &pass)
      return run(of: generation, after: encoding, text: text, pair: pair, digest: digest, pass)
    }
    try transformer(encoding.ids, types: encoding.typeIDs, &pass)
    return Run(
      model: name, modelDigest: digest, configuration: configuration, text: text, pair: pair,
      encoding: encoding, tokens: tokenizer.display(encoding, text: text, pair: pair),
      attentionTemperature: pass.attentionTemperature, recording: pass.recording,
      trace: pass.trace)
  }

  /// A file in the folder for what can be made anew: a folder for temporary files may be memory.
  private static func scratch() -> ScratchFile? {
    guard let folder = try? UserFolders.cache(), (try? createFolder(folder)) != nil else {
      return nil
    }
    return ScratchFile(in: folder)
  }

  /// Writes a target, and then runs it at once with what the pass is to keep and change.
  package func target(
    of encoding: Encoding, _ settings: Generation.Settings, _ pass: inout Pass
  ) throws -> Generation {
    var steps = pass
    (steps.recording, steps.logits) = (.nothing, .last)
    let generation = try generate(after: encoding.ids, settings, &steps)
    try run(generation, again: &pass)
    return generation
  }
}
