public import ArgumentParser
import Explanations
import Figures
import Files
import TensorFiles
import Tokenization
import Transformers

/// A second run that a heatmap is compared with.
struct AgainstOptions: ParsableArguments {
  /// How two maps are shown.
  enum Comparison: String, ExpressibleByArgument, CaseIterable {
    case difference, side
  }

  @Option(
    help: ArgumentHelp(
      "Compare a heatmap with another run: a recording (a file .safetensors, .npz or .json), a model on the same text (a stored name, a folder or a .gguf file), else a text under the same model.",
      valueName: "text|trace|model"), completion: .models)
  var against: String?

  @Option(
    help:
      "How both maps are shown: difference a − b, or side by side. The difference when not given and both have the same tokens."
  )
  var compare: Comparison?

  @Option(
    help: ArgumentHelp(
      "The layer and head of the second run, where they are others than the first's.",
      valueName: "L3H5"), completion: .layers)
  var againstLayer: HeadReference?

  /// The options that were given.
  var given: [(String, Bool)] {
    [
      ("--against", against != nil), ("--compare", compare != nil),
      ("--against-layer", againstLayer != nil),
    ]
  }

  func validate() throws {
    if against == nil, let (option, _) = given.first(where: \.1) {
      throw ValidationError("\(option) goes with --against.")
    }
    if let againstLayer, againstLayer.layer == nil || againstLayer.head == nil {
      throw ValidationError("--against-layer names a layer and a head, for instance L3H5.")
    }
  }
}

/// A second run: what it is, and what provenance says of it.
private struct SecondRun {
  var run: Run
  var model: Model?
  var details: [JSON.Member]
}

extension DrawCommand {
  /// The comparison of a run's map with that of a second run.
  func comparison(_ run: Run, _ model: Model?, _ words: String) throws -> DrawnFigure.Drawn {
    try checkComparison()
    let second = try secondRun(words, run, model)
    let other = second.run.part(stack?.stack ?? (run.stack == .sole ? .encoder : run.stack))
    guard (run.stack == .cross) == (other.stack == .cross) else {
      throw UsageError(
        "one of the runs looks at a source; add --stack encoder or --stack decoder")
    }
    let (a, own) = try comparedMap(run, model, try place.resolved())
    let isAlike =
      run.model == other.model && run.configuration.heads == other.configuration.heads
    var wanted = try place.resolved()
    if let own, isAlike { wanted = (own.layer, own.head) }
    if let reference = against.againstLayer { wanted = (reference.layer, reference.head) }
    let (b, its) = try comparedMap(other, second.model, wanted)
    let matched = ComparedMap.matched(a, b)
    let kind = against.compare ?? (matched == nil ? .side : .difference)
    let details: [JSON.Member] =
      try [
        JSON.Member("of", "weights"), JSON.Member("compare", .string(kind.rawValue)),
        JSON.Member("against", .object(second.details + places(its))),
      ] + places(own) + maps.details + run.stackDetail
    if kind == .side {
      guard maps.values == nil, maps.vmin == nil, maps.vmax == nil, maps.scale == nil else {
        throw UsageError(
          "maps side by side share one scale from 0 to 1; leave --values, --vmin, --vmax and --scale out"
        )
      }
      return (MapComparison(a, beside: b), details)
    }
    guard let matched else {
      throw UsageError(
        "there is no difference of maps whose tokens differ: \(ComparedMap.difference(a, b)); use "
          + "--compare side\(maps.words ? "" : ", or --words where only the pieces differ")")
    }
    var figure = Heatmap(matched.a, minus: matched.b)
    try maps.apply(to: &figure)
    return (figure, details + maps.colorDetails)
  }

  private func checkComparison() throws {
    guard content == .weights else {
      throw UsageError("--against compares weights; leave --of \(content.rawValue) out")
    }
    guard !maps.sinkAware else {
      throw UsageError("--sink-aware is for one map; leave it or --against out")
    }
    guard against.againstLayer == nil || !place.isMean else {
      throw UsageError("--head mean is the mean of both runs; leave --against-layer out")
    }
  }

  /// A map of one of the runs, and the head that it shows unless it is a mean.
  private func comparedMap(
    _ run: Run, _ model: Model?, _ place: (layer: Int?, head: Int?)
  ) throws -> (ComparedMap, HeadChoice?) {
    guard run.stack != .cross || !(self.place.isMean || maps.noSpecial || maps.words) else {
      throw UsageError(
        "--no-special, --words and --head mean are for a look at one's own text; add --stack encoder "
          + "or --stack decoder")
    }
    guard !self.place.isMean else {
      return (try ComparedMap(meanOfLayer: place.layer, of: run, edits: maps.edits), nil)
    }
    let choice = try HeadChoice(
      layer: place.layer, head: place.head, run, model?.transformer, isOutlined: false)
    return (try ComparedMap(choice, of: run, edits: maps.edits), choice)
  }

  private func places(_ choice: HeadChoice?) throws -> [JSON.Member] {
    guard let choice else {
      let layer = try place.resolved().layer
      return [JSON.Member("head", "mean")]
        + (layer.map { [JSON.Member("layer", .integer($0))] } ?? [])
    }
    return [
      JSON.Member("layer", .integer(choice.layer)), JSON.Member("head", .integer(choice.head)),
    ]
  }

  // MARK: the second run

  /// What is meant: a recording, a model, else a text.
  private func secondRun(_ words: String, _ first: Run, _ model: Model?) throws -> SecondRun {
    let recording = Recording([.query, .weights, .value])
    if ArchiveFile.isName(words), fileExists(words) {
      let run = try TraceOptions.run(words, recording, common)
      return SecondRun(run: run, model: nil, details: details(run))
    }
    let store = ModelStore()
    if store.named(words) != nil || folderExists(words) || words.hasSuffix(".gguf") {
      return try run(of: store.resolve(words), first, recording)
    }
    guard !ArchiveFile.isName(words) || words.contains(where: \.isWhitespace) else {
      throw FileError(.notFound, words.visible, "no such recording")
    }
    guard !["./", "../", "/", "~/"].contains(where: words.hasPrefix) else {
      throw FileError(.notFound, words.visible, "no such model")
    }
    guard let model else {
      throw UsageError("a text is compared under a model; name it with --model")
    }
    return try run(words, pair: nil, model, first.modelDigest, recording)
  }

  /// The first text under another model.
  private func run(
    of location: ModelLocation, _ first: Run, _ recording: Recording
  ) throws -> SecondRun {
    let text = first.origin == nil ? first.source?.text ?? first.text : first.origin?.text
    guard let text else {
      throw FileError(
        .badData, first.origin?.file ?? "", "holds no text that \(location.name) could read")
    }
    return try run(
      text, pair: first.pair, try Model(location), ModelStore().digest(of: location), recording)
  }

  private func run(
    _ text: String, pair: String?, _ model: Model, _ digest: String?, _ recording: Recording
  ) throws -> SecondRun {
    let run = try model.run(
      text, pair: pair, digest: digest, recording: recording,
      attentionTemperature: attention.temperature(model.configuration), common)
    return SecondRun(run: run, model: model, details: details(run))
  }

  /// What provenance says of the second run.
  private func details(_ run: Run) -> [JSON.Member] {
    let text = run.origin == nil ? run.text : run.origin?.text
    let json: JSON = [
      "model": .string(run.model), "model_sha256": run.modelDigest.map(JSON.string) ?? .null,
      "text": text.map(JSON.string) ?? .null,
      "tokens": .array(run.encoding.tokens.map(JSON.string)),
    ]
    return (json.members ?? [])
      + (run.origin?.digest.map { [JSON.Member("trace_sha256", .string($0))] } ?? [])
  }
}
