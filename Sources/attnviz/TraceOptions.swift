public import ArgumentParser
import Explanations
import Files
import TensorFiles
import Tokenization
import Transformers

/// A recording in place of a text and a model.
struct TraceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Draw a recording of any origin, .safetensors, .npz or .json, in place of a text; no model is needed. With --model its parameters and tokenizer are used too.",
      valueName: "file"), completion: .recordings)
  var trace: String?

  /// Reads the recording, with the model when one is named beside it.
  func read(
    _ path: String, _ recording: Recording, _ options: ModelOptions, _ common: CommonOptions,
    sharing shared: SharedRuns
  ) throws -> (run: Run, model: Model?) {
    var run = try Self.run(path, recording, common)
    guard options.model != nil else { return (run, nil) }
    let (model, digest) = try shared.model(options)
    try run.adopt(model, digest: digest)
    return (run, model)
  }

  /// Reads a recording alone, and warns when its rows are not those of a softmax.
  static func run(_ path: String, _ recording: Recording, _ common: CommonOptions) throws -> Run {
    let file = try ArchiveFile(path)
    let run = try Run(
      reading: file, digest: ModelStore().digest(of: path), recording: recording)
    if let deviation = run.origin?.deviation {
      common.say(
        "warning: rows of weights do not sum to 1; the largest deviation is \(deviation.size), in "
          + deviation.place)
    }
    return run
  }
}

extension DrawCommand {
  /// Refuses what means nothing for a recording.
  func checkTrace() throws {
    let refused = [
      ("TEXT", text.isGiven), ("--pair", text.pair != nil || text.pairFile != nil),
      ("--attention-tau", !attention.places.isEmpty), ("--vectors", vectors.vectors != nil),
    ]
    let named = try figure.map(DrawnFigure.named)
    if let named, !named.needsText {
      throw UsageError("\(named.name) is not drawn from a run; leave --trace out")
    }
    let drawing = generation.given + [("--tau", distribution.tau != nil)]
    if let (option, _) = refused.first(where: \.1) {
      throw UsageError("a recording has its text and its numbers; leave \(option) out")
    }
    if case .generation = named?.source,
      let (option, _) = drawing.first(where: \.1)
    {
      throw UsageError("a recording has its generation; leave \(option) out")
    }
  }
}

extension Run {
  /// Takes what only the model knows: the shape with its scales and norms, the tokens as its tokenizer
  /// shows them.
  ///
  /// - Throws: `FileError` when it cannot be the model that was recorded.
  mutating func adopt(_ model: Model, digest: String?) throws {
    func mismatch(_ fact: String) -> FileError {
      FileError(.badData, origin?.file ?? "", "\(fact); it was recorded with another model")
    }
    if let modelDigest, let digest, modelDigest != digest {
      throw mismatch(
        "was recorded with \(self.model) (sha256 \(modelDigest.prefix(8).description.visible)…), not with \(model.name) "
          + "(sha256 \(digest.prefix(8))…)")
    }
    guard model.configuration.kind == configuration.kind else {
      throw mismatch(
        "is of a model of the kind \(configuration.kind.rawValue), \(model.name) is \(model.configuration.kind.rawValue)"
      )
    }
    for (stack, layers) in origin?.layers ?? [:] {
      let (own, recorded) = (model.configuration.shape(of: stack), configuration.shape(of: stack))
      guard layers.last ?? 0 < own.layers, own.heads == recorded.heads,
        recorded.headWidth == 0 || recorded.headWidth == own.headWidth
      else {
        throw mismatch(
          "has \(layers.ranges) of \(recorded.heads) heads, \(model.name) has \(own.layers) layers of \(own.heads)"
        )
      }
    }
    let isKnown = zip(encoding.ids, encoding.tokens).allSatisfy { model.tokenizer.token($0) == $1 }
    configuration = model.configuration
    if isKnown { tokens = model.tokenizer.display(encoding, text: text, pair: pair) }
  }

  /// Shows entries of the vocabulary: by the model's tokenizer, else by the tokens that the recording
  /// names; others by their number, which the run then says.
  func namingEntries(
    by model: Model?, isNeeded: Bool = true
  ) -> (Run, @Sendable (Int) -> DisplayToken) {
    if let model { return (self, { [names = model.targetTokenizer] in names.display(id: $0) }) }
    var names: [Int: DisplayToken] = [:]
    for (id, token) in zip(
      encoding.ids + (target?.encoding.ids ?? []), tokens + (target?.tokens ?? []))
    {
      names[id] = token
    }
    for named in generation.map(Generation.names) ?? [] where names[named.id] == nil {
      names[named.id] = RecordedText([named.token]).tokens[0]
    }
    var run = self
    if isNeeded {
      run.origin?.notes.append(
        "Entries of the vocabulary that the recording does not name are shown by their number.")
    }
    return (run, { [names] in names[$0] ?? .numbered($0) })
  }

  /// The generation that was recorded with its run.
  func told(layer: Int?, head: Int?, _ model: Model?) throws -> ToldGeneration {
    let written = part(.decoder)
    guard let json = generation else {
      throw FileError(
        .badData, origin?.file ?? "",
        "holds no generation: record one with attnviz generate --trace FILE")
    }
    guard let generation = Generation(json, tokens: written.count) else {
      throw FileError(.badData, origin?.file ?? "", "its generation does not belong to its tokens")
    }
    let end = encoding.offsets.prefix(generation.prompt.count).map(\.upperBound).max() ?? 0
    let prompt =
      target == nil ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(end))) : text
    let choice =
      target == nil
      ? nil : try HeadChoice(layer: layer, head: head, part(.cross), model?.transformer)
    let (run, naming) = namingEntries(by: model, isNeeded: false)
    return ToldGeneration(
      generation, run: run, prompt: prompt, written: json["text"]?.string ?? "", head: choice,
      naming: naming)
  }
}
