public import ArgumentParser
import Drawing
public import Explanations
import Figures
import Files
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
        attnviz draw neighbours --layer 3 -o near.svg "He sat on the river bank."
        attnviz draw neighbours --vectors glove.txt -o near.svg "king queen"
        attnviz draw --list

      Without --layer and --head a heatmap shows the head whose strongest link carries most.
      """)

  @Argument(help: "The figure; --list shows them all.")
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
  @OptionGroup var place: HeadOptions
  @OptionGroup var maps: MapOptions
  @OptionGroup var distribution: DistributionOptions
  @OptionGroup var generation: GenerationOptions
  @OptionGroup var vectors: VectorOptions
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
      maps.given + generation.given + [
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
    try figure.check(self)
    if figure.needsText { try text.check() }
    if let output = options.output { _ = try options.fileFormat(output) }
    if let path = vectors.vectors, let draw = figure.words {
      try checkWords()
      let words = try text.read().text
      let drawn = try draw(self, words, path)
      try show(
        drawn.figure, figure.name,
        Provenance(options: drawn.details + options.look.json, text: words))
      return
    }
    switch figure.source {
    case .formula(let draw):
      let drawn = try draw(self)
      try show(drawn.figure, figure.name, Provenance(options: drawn.details + options.look.json))
    case .generation(let draw):
      let told = try generated()
      let drawn = try draw(self, told)
      try show(
        drawn.figure, figure.name,
        Provenance(
          options: drawn.details + options.look.json, run: told.run, told: told))
    case .run(let recording, let draw):
      let (run, model) = try recorded(recording(self), figure)
      let shown = run.part(stack?.stack ?? figure.stack ?? .sole)
      let drawn = try draw(self, shown, model)
      try show(
        drawn.figure, figure.name, Provenance(options: drawn.details + options.look.json, run: run))
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
  private func recorded(_ recording: Recording, _ figure: DrawnFigure) throws -> (Run, Model) {
    let (text, pair) = try text.read()
    let (model, digest) = try model.load()
    let (layer, head) = try place.resolved()
    if place.isMean, self.figure != "heatmap" {
      throw UsageError("only a heatmap shows the mean of heads")
    }
    guard stack == nil || model.configuration.encoder != nil else {
      throw UsageError("\(model.name) has one stack; leave --stack out")
    }
    guard model.configuration.encoder == nil || figure.stack != nil else {
      throw UsageError(
        "\(figure.name) is not drawn of an encoder–decoder; draw translation, heatmap or gallery")
    }
    let shape = model.configuration.shape(of: stack?.stack ?? figure.stack ?? .sole)
    if let layer { try shape.check(layer: layer, head: head) }
    let run = try model.run(
      text, pair: pair, digest: digest, recording: recording,
      attentionTemperature: attention.temperature(model.configuration), common)
    return (run, model)
  }

  /// Continues the text.
  private func generated() throws -> ToldGeneration {
    let taus = distribution.tau?.values ?? []
    guard taus.count <= 1 else {
      throw UsageError("a text is continued at one temperature; give --tau one, or use --anneal")
    }
    let words = try text.read().text
    let (model, digest) = try model.load()
    let start = try generation.start(words, tau: taus.first, model, common)
    let (layer, head) = try place.resolved()
    let hasSource = model.configuration.kind == .seq2seq
    guard hasSource || (layer == nil && head == nil) else {
      throw UsageError("\(model.name) has no source to look at; leave --layer and --head out")
    }
    if let layer { try model.configuration.check(layer: layer, head: head) }
    return try model.told(
      start,
      Pass(
        recording: hasSource ? Recording([.query, .weights, .value]) : .nothing,
        attentionTemperature: try attention.temperature(model.configuration), logits: .last),
      digest: digest, layer: layer, head: head)
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
    let export = Export(
      format, resolution: options.look.dpi,
      provenance: provenance.json(figure: name).text(), isTransparent: options.look.transparent)
    try Output.write(try scene.data(export), to: path)
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
