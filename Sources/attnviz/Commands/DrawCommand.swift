public import ArgumentParser
import Drawing
public import Explanations
import Figures
import Files
import Tokenization
import Transformers

/// `attnviz draw`: one figure to a file.
struct DrawCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draw",
    abstract: "Draw one figure of the catalogue to a file.",
    discussion: """
      EXAMPLES
        attnviz draw heatmap --layer 3 --head 1 -o map.svg "The cat sat on the mat."
        attnviz draw heatmap --of scores --layer L3H1 -o scores.pdf "The cat sat on the mat."
        attnviz draw gallery -o heads.png "The cat sat on the mat."
        attnviz draw arcs --token 3 -o arcs.svg "The cat sat on the mat."
        attnviz draw masks --layer L3H1 --window 3 -o masks.pdf "The cat sat on the mat."
        attnviz draw heatmap --head mean --no-special --words -o mean.svg "The cat sat on the mat."
        attnviz draw worked --no-special -o worked.svg "it was tired"
        attnviz draw neighbours --layer 3 -o near.svg "He sat on the river bank."
        attnviz draw neighbours --vectors glove.txt -o near.svg "king queen"
        attnviz draw flow --token 3 -o flow.svg "The cat sat on the mat."
        attnviz draw architecture --model smollm2 -o model.svg
        attnviz draw evidence --model smollm2 -o evidence.svg "The capital of France is"
        attnviz draw learning --model ./tales -o learning.svg
        attnviz draw ppo --log aligned -o ppo.svg
        attnviz draw heatmap --trace trace.safetensors --layer 3 --head 1 -o map.svg
        attnviz draw heatmap --layer L3H1 --against "The dog sat on the rug." -o both.svg "The cat sat."
        attnviz draw --list

      Without --layer and --head a heatmap shows the head whose strongest link carries most.
      """)

  @Argument(help: "The figure; --list shows them all.", completion: .figures)
  var figure: String?

  @Flag(help: "List the figures.")
  var list = false

  @Option(help: "What a heatmap shows: q, k, v, scores, masked, weights or context.")
  var of: HeatmapContent?

  @Option(
    help: ArgumentHelp(
      "Of an encoder–decoder: encoder, decoder (its look at itself) or cross (its look at the source). A heatmap and a gallery show cross when not given, other figures decoder.",
      valueName: "stack"))
  var stack: StackChoice?

  @Flag(help: "Print the description of the figure for people who cannot see it.")
  var alt = false

  @OptionGroup var text: TextOptions
  @OptionGroup var source: TraceOptions
  @OptionGroup var place: HeadOptions
  @OptionGroup var maps: MapOptions
  @OptionGroup var against: AgainstOptions
  @OptionGroup var distribution: DistributionOptions
  @OptionGroup var generation: GenerationOptions
  @OptionGroup var vectors: VectorOptions
  @OptionGroup var log: LogOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var attention: AttentionTemperatureOptions
  @OptionGroup var options: FigureOptions
  @Option(help: "Colour of a figure as text: auto, always or never.")
  var color: ColorChoice = .auto
  @OptionGroup var common: CommonOptions

  /// What a heatmap shows.
  var content: HeatmapContent { of ?? .weights }

  /// The options that were given and that only some figures have.
  var givenOptions: [String] {
    let all =
      maps.given + against.given + generation.given + log.given + [
        ("--of", of != nil), ("--stack", stack != nil), ("--layer", place.layer != nil),
        ("--head", place.head != nil),
        ("--tau", distribution.tau != nil), ("--at", distribution.at != nil),
        ("--row", distribution.row != nil), ("--top", distribution.top != nil),
        ("--vectors", vectors.vectors != nil), ("--unit", vectors.unit != nil),
      ]
    return all.filter(\.1).map(\.0)
  }

  func validate() throws {
    guard !list else { return }
    guard figure != nil else {
      throw ValidationError("Name a figure; attnviz draw --list shows them.")
    }
    if options.output == "-", alt {
      throw ValidationError("Standard output takes the figure or its description, not both.")
    }
    if options.output == nil, !alt { throw ValidationError("Name the file to write with -o FILE.") }
  }

  func run() throws {
    if list {
      let width = DrawnFigure.all.reduce(0) { max($0, $1.name.count) } + 2
      try Output.data(
        DrawnFigure.all.map { figure in
          figure.name + String(repeating: " ", count: width - figure.name.count) + figure.summary
            + "\n"
        }.joined())
      return
    }
    guard let figure = try self.figure.map(DrawnFigure.named) else { return }
    if let output = options.output { _ = try options.fileFormat(output) }
    let drawn = try drawn(figure)
    try show(drawn.figure, figure.name, drawn.provenance)
  }

  /// The figure, and what it was made from.
  ///
  /// - Parameter shared: What it may share with other figures.
  func drawn(
    _ figure: DrawnFigure, sharing shared: SharedRuns = SharedRuns()
  ) throws -> (figure: any Figure, provenance: Provenance) {
    var drawn = try made(figure, shared)
    drawn.provenance.given = try GivenOptions.members(of: self)
    if source.trace != nil, let name = model.model {
      drawn.provenance.companion = try ModelStore().resolve(name).name
    }
    return drawn
  }

  private func made(
    _ figure: DrawnFigure, _ shared: SharedRuns
  ) throws -> (figure: any Figure, provenance: Provenance) {
    try figure.check(self)
    try log.check(figure, self)
    if source.trace != nil { try checkTrace() } else if figure.needsText { try text.check() }
    if let path = vectors.vectors, let draw = figure.words {
      try checkWords()
      let words = try text.read().text
      let drawn = try draw(self, words, path)
      return (drawn.figure, Provenance(options: drawn.details + options.look.json, text: words))
    }
    switch figure.source {
    case .formula(let draw):
      let drawn = try draw(self)
      return (drawn.figure, Provenance(options: drawn.details + options.look.json))
    case .model(let draw):
      let (model, digest) = try shared.model(model)
      let drawn = try draw(self, model, digest)
      return (
        drawn.figure,
        Provenance(options: drawn.details + options.look.json, model: (model.name, digest))
      )
    case .log(let draw):
      let (runs, digests) = try log.read(figure)
      let drawn = try draw(self, runs)
      return (
        drawn.figure, Provenance(options: drawn.details + digests + options.look.json)
      )
    case .generation(let draw):
      let (told, message) = try generated(shared)
      let drawn = try draw(self, told)
      return (
        drawn.figure,
        Provenance(
          options: drawn.details + options.look.json, run: told.run, told: told, message: message)
      )
    case .run(let recording, let draw):
      return try drawn(figure, recording(self), shared) { run, model in
        guard let model else {
          throw UsageError("\(figure.name) needs the model’s parameters; name it with --model")
        }
        return try draw(self, run, model)
      }
    case .trace(let recording, let draw):
      return try drawn(figure, recording(self), shared) { try draw(self, $0, $1) }
    }
  }

  /// A figure of a run, or of a recording.
  private func drawn(
    _ figure: DrawnFigure, _ recording: Recording, _ shared: SharedRuns,
    _ draw: (Run, Model?) throws -> DrawnFigure.Drawn
  ) throws -> (figure: any Figure, provenance: Provenance) {
    let (run, model): (Run, Model?)
    if let path = source.trace {
      (run, model) = try source.read(path, recording, self.model, common, sharing: shared)
      try check(figure, run.model, run.configuration)
      let layer = try place.resolved().layer
      let part = run.part(stack?.stack ?? figure.stack ?? .sole)
      if let layer { try part.check(layer: layer, head: place.resolved().head) }
    } else {
      (run, model) = try recorded(recording, figure, shared)
    }
    let drawn = try draw(run.part(stack?.stack ?? figure.stack ?? .sole), model)
    return (drawn.figure, Provenance(options: drawn.details + options.look.json, run: run))
  }

  /// Refuses a part that a model does not have.
  private func check(
    _ figure: DrawnFigure, _ name: String, _ configuration: Configuration
  ) throws {
    if place.isMean, self.figure != "heatmap" {
      throw UsageError("only a heatmap shows the mean of heads")
    }
    let hasStacks = configuration.encoder != nil
    guard stack == nil || hasStacks else {
      throw UsageError("\(name) has one stack; leave --stack out")
    }
    guard !hasStacks || figure.stack != nil else {
      throw UsageError(
        "\(figure.name) is not drawn of an encoder–decoder; draw translation, heatmap or gallery")
    }
    if let stack, !figure.parts.contains(stack.stack) {
      let known = StackChoice.allCases.filter { figure.parts.contains($0.stack) }
      throw UsageError(
        "\(figure.name) does not show --stack \(stack.rawValue); use "
          + known.map(\.rawValue).joined(separator: " or "))
    }
  }

  /// Refuses options of a model where word vectors of a file are drawn.
  private func checkWords() throws {
    let refused = [
      ("--model", model.model != nil), ("--layer", place.layer != nil),
      ("--pair", text.pair != nil || text.pairFile != nil),
      ("--attention-tau", !attention.places.isEmpty),
    ]
    if let (option, _) = refused.first(where: \.1) {
      throw UsageError("--vectors is drawn without a model and does not take \(option)")
    }
  }

  /// Runs the model and records.
  private func recorded(
    _ recording: Recording, _ figure: DrawnFigure, _ shared: SharedRuns
  ) throws -> (Run, Model) {
    let (text, pair) = try text.read()
    let (model, digest) = try shared.model(model)
    try check(figure, model.name, model.configuration)
    let (layer, head) = try place.resolved()
    let shape = model.configuration.shape(of: stack?.stack ?? figure.stack ?? .sole)
    if let layer { try shape.check(layer: layer, head: head) }
    let addsSpecialTokens = addsSpecialTokens(figure)
    if let refuses = figure.refuses, model.configuration.encoder == nil {
      try refuses(model.tokenizer.encode(text, pair: pair, addSpecialTokens: addsSpecialTokens))
    }
    let run = try shared.run(runKey(figure, text, pair), recording) {
      try model.run(
        text, pair: pair, addSpecialTokens: addsSpecialTokens, digest: digest, recording: $0,
        attentionTemperature: attention.temperature(model.configuration), common)
    }
    return (run, model)
  }

  /// What makes the run of another call the same.
  func runKey(
    _ figure: DrawnFigure, _ text: String, _ pair: String?
  ) throws -> SharedRuns.Key {
    let places = JSON.object(try GivenOptions.members(of: attention)).text()
    return SharedRuns.Key(
      model: model.model, text: text, pair: pair, addsSpecialTokens: addsSpecialTokens(figure),
      attention: places)
  }

  private func addsSpecialTokens(_ figure: DrawnFigure) -> Bool {
    !(maps.noSpecial && figure.runsWithoutSpecial)
  }

  /// Continues the text, and gives it back where it is the message of a conversation.
  private func generated(_ shared: SharedRuns) throws -> (ToldGeneration, message: String?) {
    if let path = source.trace {
      let (layer, head) = try place.resolved()
      let keeps = Recording([.query, .weights, .value])
      let (run, model) = try source.read(path, keeps, self.model, common, sharing: shared)
      guard run.target != nil || (layer == nil && head == nil) else {
        throw UsageError("\(run.model) has no source to look at; leave --layer and --head out")
      }
      return (try run.told(layer: layer, head: head, model), nil)
    }
    let taus = distribution.tau?.values ?? []
    guard taus.count <= 1 else {
      throw UsageError("a text is continued at one temperature; give --tau one, or use --anneal")
    }
    let words = try text.read().text
    let (model, digest) = try shared.model(model)
    let start = try generation.start(words, tau: taus.first, model, common)
    let (layer, head) = try place.resolved()
    let hasSource = model.configuration.kind == .seq2seq
    guard hasSource || (layer == nil && head == nil) else {
      throw UsageError("\(model.name) has no source to look at; leave --layer and --head out")
    }
    if let layer { try model.configuration.check(layer: layer, head: head) }
    let told = try model.told(
      start,
      Pass(
        recording: hasSource ? Recording([.query, .weights, .value]) : .nothing,
        attentionTemperature: try attention.temperature(model.configuration), logits: .last),
      digest: digest, layer: layer, head: head)
    return (told, start.chat?.message)
  }

  /// Writes the figure or its description, or both.
  private func show(_ figure: any Figure, _ name: String, _ provenance: Provenance) throws {
    let scene = figure.scene(in: options.look.figureStyle)
    if alt { try Output.data(scene.summary + "\n") }
    guard let path = options.output else { return }
    guard let format = try options.fileFormat(path).file else {
      let text = FigureText(look: options.look, color: color).text(of: figure, to: path)
      try Output.write(Array(text.utf8), to: path)
      if path != "-" { common.say("wrote \(path)") }
      return
    }
    for missing in Fonts.missing(in: scene) { common.say("warning: \(missing)") }
    let file = options.look.export(format, provenance.json(figure: name).text())
    try Output.write(try scene.data(file), to: path)
    if path != "-" { common.say("wrote \(path)") }
  }
}

extension HeatmapContent: ExpressibleByArgument {}

/// Which stack of an encoder–decoder a figure shows.
enum StackChoice: String, ExpressibleByArgument, CaseIterable {
  case encoder, decoder, cross

  var stack: Site.Stack {
    switch self {
    case .encoder: .encoder
    case .decoder: .decoder
    case .cross: .cross
    }
  }
}
