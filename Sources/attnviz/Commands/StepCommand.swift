import ArgumentParser
import Drawing
import Explanations
import Figures
import Files
import TextDrawing
import Tokenization
import Transformers

/// `attnviz step`: a walk through the computation.
struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Walk through the computation, station by station, with the run's own numbers.",
    discussion: """
      EXAMPLES
        attnviz step "The cat sat on the mat."
        attnviz step --model minilm --plain "The cat sat on the mat."
        attnviz step --station L2.weights --head 1 --token sat "The cat sat on the mat."
        attnviz step --station scores --layer 0 --head all "The cat sat on the mat."
        attnviz step --station scores --token sat --key cat "The cat sat on the mat."
        attnviz step --station weights -o weights.svg "The cat sat on the mat."
        attnviz step --off L2H1 --replace cat=dog --attention-tau 0.5@L0 "The cat sat."
        attnviz step --station distribution --tau 0.5 --json "The cat sat on the"
        attnviz step --keys "gL2H1<Enter>x" --screen 120x40 -o step.svg "The cat sat."

      On a terminal keys lead the walk: → goes on, ← back, ? explains all keys, q quits. --station
      is where it begins. Without a terminal, or with --plain, the walk is printed.

      Stations: text, tokens, embedding; in every layer queries, keys, values, scores, scaled,
      masked, weights, mixed, concatenated, projected, add-attention, feed-forward,
      add-feed-forward; then final-norm, logits, distribution, next. L2.weights is one of layer 2;
      in an encoder–decoder encoder.L0.weights, decoder.L0.weights, decoder.L0.cross.weights.
      With edits (--off, --replace, --attention-tau) the model runs twice, and every station tells
      what changed.
      """)

  @OptionGroup var text: TextOptions
  @OptionGroup var model: ModelOptions

  @Option(
    help: ArgumentHelp(
      "One station only: L2.weights, or weights for that of the layer in focus.",
      valueName: "station"))
  var station: String?

  @Option(
    help: ArgumentHelp("The layer in focus: 3, L3, or L3H5 for a head too.", valueName: "layer"))
  var layer: HeadReference?

  @Option(help: ArgumentHelp("The head in focus: 5, H5, L3H5, or all.", valueName: "head"))
  var head: HeadOrAll?

  @Option(
    help: ArgumentHelp("The token in focus: its number from 0, or its text.", valueName: "token"))
  var token: String?

  @Option(
    help: ArgumentHelp(
      "A token that it looks at, by number or text: q · k dimension by dimension.",
      valueName: "token"))
  var key: String?

  @Option(
    help: ArgumentHelp(
      "The temperature τ of the output, from 0 to inf; 1 when not given.", valueName: "tau"))
  var tau: TemperatureArgument?

  @Option(
    help: ArgumentHelp(
      "Of an encoder–decoder, the part that --station, --layer and --token mean.",
      valueName: "stack"))
  var stack: StackChoice?

  @OptionGroup var attention: AttentionTemperatureOptions
  @OptionGroup var edit: EditOptions

  @Option(
    help: ArgumentHelp(
      "Walk by these keys, as if they were pressed, and write the screen: letters, <Right>, <Enter>, <Esc>, <Tab>, <lt>.",
      valueName: "keys"))
  var keys: String?

  @Option(
    help: ArgumentHelp(
      "With --keys: the size of the screen, 80x24 when not given.", valueName: "size"))
  var screen: ScreenSize?

  @Option(
    help: ArgumentHelp("The seed with which keys draw tokens: 0 when not given.", valueName: "N"))
  var seed: UInt64?

  @Flag(help: "Print the walk as text; so does a call without a terminal.")
  var plain = false

  @Flag(help: "Print JSON: every number of every station.")
  var json = false

  @OptionGroup var options: FigureOptions
  @Option(help: "auto, always or never.")
  var color: ColorChoice = .auto
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try text.check()
    guard options.output == nil || station != nil || keys != nil else {
      throw ValidationError("-o writes the figure of one station; name it with --station.")
    }
    guard screen == nil || keys != nil else {
      throw ValidationError("--screen is the size of what --keys writes.")
    }
    guard keys == nil || !plain && !json else {
      throw ValidationError("--keys writes a screen; leave --plain and --json out.")
    }
    guard options.format == nil || options.output != nil else {
      throw ValidationError("--format is for a figure; name its file with -o FILE.")
    }
  }

  func run() throws {
    if let output = options.output { _ = try options.fileFormat(output) }
    if let keys { return try follow(keys) }
    if isInteractive { return try interact() }
    let (walk, edits) = try walk()
    let choice = try WalkChoice(walk, try wishes())
    let stations = try station.map { [try chosen($0, walk, choice)] }
    if options.output != nil, let station = stations?.first {
      return try write(try walk.page(of: station, focus: choice.focus(at: station)), walk)
    }
    if json {
      let pages = try (stations ?? walk.stations).map {
        try walk.page(of: $0, focus: choice.focus(at: $0))
      }
      return try Output.data(walk.json(of: pages, edits: editsJSON(edits, walk)))
    }
    var style = options.look.figureStyle
    if options.look.theme == nil { style.theme = .dark }
    let text = WalkText(
      walk: walk, choice: choice, color: TerminalColor.on(color), columns: TerminalSize.columns,
      style: style, showsEveryPicture: layer != nil, edits: words(edits))
    try Output.data(try stations.map(text.pages) ?? text.whole())
  }

  // MARK: the run

  /// The walk of the text, with edits beside the run without them.
  func walk() throws -> (Walk, WalkEdits) {
    let (text, pair) = try text.read()
    let (model, digest) = try model.load()
    let temperature = try attention.temperature(model.configuration)
    let edits = try edit.edits(temperature, model, text: text, pair: pair)
    let run = try model.walked(text, pair: pair, edits: edits, digest: digest, common)
    let original =
      edits.isEmpty
      ? nil : try model.walked(text, pair: pair, edits: edits.own, digest: digest, common)
    return (try Walk(of: run, by: model, original: original), edits)
  }

  func wishes() throws -> WalkChoice.Wishes {
    var place = (layer: layer?.layer ?? layer?.plain, head: layer?.head)
    if layer?.isMean ?? false { throw UsageError("--layer takes a layer: 3 or L3") }
    if case .one(let reference) = head {
      let other = (layer: reference.layer, head: reference.head ?? reference.plain)
      guard place.layer == nil || other.layer == nil || place.layer == other.layer,
        place.head == nil || other.head == nil || place.head == other.head
      else { throw UsageError("--layer and --head name different places") }
      place = (place.layer ?? other.layer, place.head ?? other.head)
    }
    return WalkChoice.Wishes(
      layer: place.layer, head: place.head, allHeads: head == .all, token: token, key: key,
      temperature: tau?.value ?? 1, stack: stack?.stack)
  }

  /// The station that was asked for.
  func chosen(_ words: String, _ walk: Walk, _ choice: WalkChoice) throws -> Station {
    guard stack == nil || walk.run.configuration.encoder != nil else {
      throw UsageError("\(walk.run.model) has one stack; leave --stack out")
    }
    let own = stack?.stack ?? (walk.run.configuration.encoder == nil ? .sole : .decoder)
    return try walk.station(named: words, layer: choice.focus(of: own).layer, stack: own)
  }

  // MARK: a figure

  /// The picture of a station, ready to be written.
  func picture() throws -> DrawnPicture {
    if let keys { return try screenPicture(keys) }
    let (walk, _) = try walk()
    let choice = try WalkChoice(walk, try wishes())
    guard let words = station else { throw UsageError("name a station with --station") }
    let station = try chosen(words, walk, choice)
    return try picture(walk.page(of: station, focus: choice.focus(at: station)), walk)
  }

  func picture(_ page: StationPage, _ walk: Walk) throws -> DrawnPicture {
    try picture(of: try figure(page), as: page.station.id, walk)
  }

  /// A figure of a walk, ready to be written.
  ///
  /// - Parameter part: What it shows, by a station's id.
  func picture(of figure: any Figure, as part: String, _ walk: Walk) throws -> DrawnPicture {
    let provenance = Provenance(
      options: [JSON.Member("station", .string(part))] + options.look.json,
      run: try original(walk), given: try GivenOptions.members(of: self), part: ("step", part))
    return DrawnPicture(figure, name: type(of: figure).name, provenance, options.look)
  }

  /// The run whose text was given: tokens that are replaced or follow it are among the options.
  private func original(_ walk: Walk) throws -> Run {
    var run = walk.original ?? walk.run
    run.attentionTemperature = walk.run.attentionTemperature
    guard let appended = edit.append?.ids.count, appended > 0 else { return run }
    let count = run.count - appended
    let end = run.encoding.offsets[count].lowerBound
    run.text = String(String.UnicodeScalarView(run.text.unicodeScalars.prefix(end)))
    run.encoding = run.encoding.prefix(count)
    run.tokens = Array(run.tokens.prefix(count))
    return run
  }

  private func figure(_ page: StationPage) throws -> any Figure {
    guard let figure = page.figure else {
      throw UsageError("station \(page.station.id) has no figure; leave -o out to read it")
    }
    return figure
  }

  private func write(_ page: StationPage, _ walk: Walk) throws {
    guard let path = options.output else { return }
    guard let format = try options.fileFormat(path).file else {
      let text = FigureText(look: options.look, color: color).text(of: try figure(page), to: path)
      try Output.write(Array(text.utf8), to: path)
      if path != "-" { common.say("wrote \(path)") }
      return
    }
    let picture = try picture(page, walk)
    picture.warn(common, path)
    try Output.write(try picture.data(format), to: path)
    if path != "-" { common.say("wrote \(path)") }
  }

  // MARK: edits

  private func words(_ edits: WalkEdits) -> String {
    let parts =
      (attention.places.isEmpty ? [] : ["attention at another τ"])
      + edits.off.map(\.description).sorted().map { "\($0) switched off" }
      + edit.replace.map { "\($0.visible) replaced" }
    return parts.isEmpty
      ? "" : " · edited: " + parts.joined(separator: ", ") + "; * marks what changes"
  }

  private func editsJSON(_ edits: WalkEdits, _ walk: Walk) -> JSON {
    [
      "attention_tau": edits.attentionTemperature.json(walk.run.configuration),
      "off": .array(edits.off.map(\.description).sorted().map(JSON.string)),
      "replaced": .array(
        edits.replaced.sorted { $0.key < $1.key }.map {
          ["token": .integer($0.key), "id": .integer($0.value)]
        }),
      "appended": .array(edits.appended.map(JSON.integer)),
    ]
  }
}

extension Model {
  /// A run for a walk; says first what a long text costs.
  func walked(
    _ text: String, pair: String?, edits: WalkEdits, digest: String?, _ common: CommonOptions
  ) throws -> Run {
    let run = try run(
      text, pair: pair, edits: edits, recording: Walk.recording, digest: digest
    ) {
      announce(Walk.recording, tokens: $0, target: Generation.Settings.targetCount, common)
    }
    if let site = run.notFinite { common.say("warning: \(site) is not finite") }
    return run
  }
}
