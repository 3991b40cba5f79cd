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
        attnviz draw --list

      Without --layer and --head a heatmap shows the head whose strongest link carries most.
      """)

  @Argument(help: "The figure: heatmap or gallery.")
  var figure: String?

  @Flag(help: "List the figures.")
  var list = false

  @Option(help: "What a heatmap shows: q, k, v, scores, masked, weights or context.")
  var of: HeatmapContent = .weights

  @Flag(help: "Print the description of the figure for people who cannot see it.")
  var alt = false

  @OptionGroup var text: TextOptions
  @OptionGroup var place: HeadOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var options: FigureOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard !list else { return }
    guard let figure else {
      throw ValidationError("Name a figure; attnviz draw --list shows them.")
    }
    guard let kind = DrawnFigure(rawValue: figure) else {
      throw ValidationError(
        "There is no figure \"\(figure)\"; known: \(DrawnFigure.allCases.map(\.rawValue).joined(separator: ", "))."
      )
    }
    if kind == .gallery, place.layer != nil || place.head != nil {
      throw ValidationError("A gallery shows every head; leave --layer and --head out.")
    }
    try text.check()
    if options.output == nil, !alt { throw ValidationError("Name the file to write with -o FILE.") }
  }

  func run() throws {
    if list {
      try Output.data(DrawnFigure.allCases.map { "\($0.rawValue)  \($0.summary)\n" }.joined())
      return
    }
    guard let kind = figure.flatMap(DrawnFigure.init) else { return }
    if let output = options.output { _ = try options.fileFormat(output) }
    try kind.check(options.look.palette, for: of)
    let (text, pair) = try text.read()
    let (model, digest) = try model.load()
    let (layer, head) = try place.resolved()
    if let layer { try model.configuration.check(layer: layer, head: head) }
    let run = try model.run(
      text, pair: pair, digest: digest, recording: kind.recording(of, layer: layer, head: head),
      common)
    let (figure, details) = try kind.figure(of, layer: layer, head: head, run, model)
    let scene = figure.scene(in: options.look.figureStyle)
    if alt { try Output.data(scene.summary + "\n") }
    if let output = options.output { try write(scene, kind, details, run, to: output) }
  }

  private func write(
    _ scene: Scene, _ kind: DrawnFigure, _ details: [JSON.Member], _ run: Run, to path: String
  ) throws {
    for missing in Fonts.missing(in: scene) { common.say("warning: \(missing)") }
    let provenance = Provenance.json(
      figure: kind.rawValue, options: details + options.look.json, run: run)
    let export = Export(
      try options.fileFormat(path), resolution: options.look.dpi, provenance: provenance.text(),
      isTransparent: options.look.transparent)
    try Output.write(try scene.data(export), to: path)
    if path != "-" { common.say("wrote \(path)") }
  }
}

/// The figures that can be drawn.
enum DrawnFigure: String, CaseIterable {
  case heatmap, gallery

  /// One line for the list.
  var summary: String {
    switch self {
    case .heatmap: "one head: q, k, v, scores, masked, weights or context (--of)"
    case .gallery: " every head of every layer on one sheet, one shared scale"
    }
  }

  /// What has to be recorded.
  func recording(_ content: HeatmapContent, layer: Int?, head: Int?) -> Recording {
    guard self == .heatmap, let layer, head != nil else {
      return Recording([content.value, .query, .weights, .value])
    }
    return Recording([content.value, .query, .weights], layers: [layer])
  }

  /// Refuses a palette that the figure cannot use.
  func check(_ palette: Palette?, for content: HeatmapContent) throws {
    let isSigned = self == .heatmap && content != .weights
    guard let palette, palette.isDiverging != isSigned else { return }
    let known = Palette.allCases.filter { $0.isDiverging == isSigned }.map(\.rawValue)
    throw UsageError(
      "\(palette.rawValue) is for \(isSigned ? "weights" : "signed values"); for this figure use "
        + known.joined(separator: ", "))
  }

  /// The figure, and what its provenance must say to draw it again.
  func figure(
    _ content: HeatmapContent, layer: Int?, head: Int?, _ run: Run, _ model: Model
  ) throws -> (any Figure, [JSON.Member]) {
    switch self {
    case .gallery:
      return (try Gallery(of: run, transformer: model.transformer), [])
    case .heatmap:
      let choice = try HeadChoice(layer: layer, head: head, run, model.transformer)
      let figure = try Heatmap(
        content, layer: choice.layer, head: choice.head, of: run,
        title: content == .weights ? choice.title : nil, focus: choice.focus,
        choice: choice.words)
      return (
        figure,
        [
          JSON.Member("of", .string(content.rawValue)),
          JSON.Member("layer", .integer(choice.layer)),
          JSON.Member("head", .integer(choice.head)),
        ]
      )
    }
  }
}

extension HeatmapContent: ExpressibleByArgument {}
