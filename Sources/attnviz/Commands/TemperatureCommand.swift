import ArgumentParser
import Drawing
import Explanations
import Figures
import Files
import Tokenization
import Transformers
import TextDrawing

/// `attnviz temperature`: one softmax at several temperatures.
struct TemperatureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "temperature",
    abstract:
      "Show the next token's distribution at several temperatures, in numbers and pictures.",
    discussion: """
      EXAMPLES
        attnviz temperature --model smollm2 "The capital of France is"
        attnviz temperature --model smollm2 -o france "The capital of France is"
        attnviz temperature --tau 0,0.5,1,2,inf --top 20 --json "The capital of France is"
        attnviz temperature --at L3H1 --row 7 "The cat sat on the mat."
        attnviz temperature --model smollm2 --attention-tau inf@L10 "The capital of France is"

      τ = 0 is argmax (ties share), τ = 1 the model's own softmax, τ = inf uniform. Prints a table;
      with -o writes a folder with the five figures as SVG, PNG and PDF and temperature.json.
      With --attention-tau the model runs with another τ inside attention, and what changes
      downstream is told. With --at, a head's row is tempered from its recorded scores, without running the model again.
      """)

  @OptionGroup var text: TextOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var distribution: DistributionOptions
  @OptionGroup var attention: AttentionTemperatureOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var common: CommonOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to write figures to.", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Option(
    help: ArgumentHelp("Write figures in this format only: svg, png or pdf.", valueName: "format"))
  var format: FileFormat?

  @Option(help: "auto, always or never.")
  var color: ColorChoice = .auto

  @Flag(help: "Print JSON instead of the table.")
  var json = false

  func validate() throws {
    try text.check()
    guard output != "-" else {
      throw ValidationError("temperature writes a folder; name it with -o FOLDER, or use --json.")
    }
    guard look.palette == nil else {
      throw ValidationError("These figures have colours of their own; leave --palette out.")
    }
    guard format == nil || output != nil else {
      throw ValidationError("--format is for figures; name a folder for them with -o FOLDER.")
    }
  }

  func run() throws {
    let (text, pair) = try text.read()
    let (model, digest) = try model.load()
    let temperature = try attention.temperature(model.configuration)
    let isChanged = !attention.places.isEmpty
    let recording = distribution.recording(withOutputs: isChanged)
    let run = try model.run(
      text, pair: pair, digest: digest, recording: recording, attentionTemperature: temperature,
      common)
    let subject = try distribution.subject(of: run.part(.decoder), model)
    let effect =
      isChanged
      ? AttentionEffect(
        of: subject,
        against: try distribution.subject(
          of: model.run(text, pair: pair, digest: digest, recording: recording, common)
            .part(.decoder), model))
      : nil
    let report = TemperatureReport(
      subject, at: (distribution.tau ?? .standard).values, showing: distribution.top ?? 10)
    let folder = try output.map(OwnFolder.temperature.target)
    if let folder { try write(report, run, into: folder) }
    if json {
      let members = effect.map { [JSON.Member("attention", $0.json)] } ?? []
      try Output.data(JSON.object((report.json.members ?? []) + members))
    } else if !common.quiet {
      try Output.data(
        TemperatureTable(report, effect: effect, color: TerminalColor.on(color)).text)
      if let output {
        try Output.data(
          "\n\(output)/   \(Self.figures.map(\.name).joined(separator: ", ")), temperature.json\n")
      }
    }
  }

  private static let figures: [DrawnFigure] = [
    .tempering, .entropy, .gibbs, .density, .maxwellBoltzmann,
  ]

  /// Writes the figures and the report.
  private func write(_ report: TemperatureReport, _ run: Run, into folder: OutputFolder) throws {
    let subject = report.subject
    let taus = report.lines.map(\.temperature)
    let files = FigureFiles(
      look: look, formats: format.map { [$0] } ?? FileFormat.allCases, common: common)
    let given = try GivenOptions.members(of: self)
    func draw(_ figure: any Figure, hasTemperatures: Bool) throws {
      let name = type(of: figure).name
      let drawn = try DrawnFigure.named(name)
      let details = distribution.details(of: subject, hasTemperatures: hasTemperatures)
        .filter { $0.key != "top" || drawn.options.contains("--top") }
      try files.write(
        figure, as: name,
        Provenance(
          options: details + look.json, run: run,
          given: try drawn.taking(given, besides: look, attention)),
        into: folder.path)
    }
    try draw(Tempering(subject, at: taus, showing: distribution.top ?? 8), hasTemperatures: true)
    try draw(EntropyCurve(subject), hasTemperatures: false)
    try draw(GibbsCurves(subject), hasTemperatures: false)
    try draw(DensityCurves(subject, at: taus), hasTemperatures: true)
    try files.write(
      MaxwellBoltzmann(), as: MaxwellBoltzmann.name,
      Provenance(options: look.json, given: try GivenOptions.members(of: look)),
      into: folder.path)
    let names = Self.figures.map { JSON.string($0.name) }
    let document = JSON.object(
      (report.json.members ?? []) + [JSON.Member("figures", .array(names))])
    try writeFile(
      folder.path + "/" + OwnFolder.temperature.marker, document.text(indented: true) + "\n")
    try folder.commitReplacing()
  }
}

extension DrawnFigure {
  /// Those of the options that were given which `attnviz draw` takes for this figure.
  fileprivate func taking(
    _ given: [JSON.Member], besides look: LookOptions, _ attention: AttentionTemperatureOptions
  ) throws -> [JSON.Member] {
    let always = try GivenOptions.members(of: look) + GivenOptions.members(of: attention)
    return given.filter { options.contains("--\($0.key)") || always.contains($0) }
  }
}

extension DistributionOptions {
  /// What has to be recorded; with every layer's output for a comparison of runs.
  func recording(withOutputs isComparison: Bool = false) -> Recording {
    guard let at, let layer = at.layer else {
      return Recording(isComparison ? [.logits, .output] : [.logits])
    }
    return Recording(
      isComparison ? [.query, .scores, .output] : [.query, .scores],
      layers: isComparison ? nil : [layer])
  }

  /// The distribution that is asked for.
  func subject(of run: Run, _ model: Model?) throws -> RunDistribution {
    let row = try row ?? (at == nil ? predicting(run) : run.count - 1)
    var place = RunDistribution.Place.output(row: row)
    if let at, let layer = at.layer, let head = at.head {
      place = .head(layer: layer, head: head, row: row)
    }
    let (run, naming) = run.namingEntries(by: model, isNeeded: at == nil)
    return try RunDistribution(place, of: run, naming: naming)
  }

  /// The row whose prediction is tempered where none is named: an encoder predicts what is hidden.
  private func predicting(_ run: Run) throws -> Int {
    if let row = run.predictingRow { return row }
    guard run.configuration.kind != .encoder || run.trace[.logits] == nil else {
      throw UsageError(
        "the text has no [MASK] to predict; write one, or name the place to predict with --row")
    }
    return run.count - 1
  }
}
