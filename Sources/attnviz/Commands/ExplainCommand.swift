import ArgumentParser
import Drawing
import Explanations
import Figures
import Files
import TensorFiles
import Tokenization
import Transformers

/// `attnviz explain`: a folder that explains what the model does with a text.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain what the model does with your text: words, pictures and data in a folder.",
    discussion: """
      EXAMPLES
        attnviz explain "The animal didn't cross the street because it was too tired"
        attnviz explain --model minilm -o cat "The cat sat on the mat."

      Writes index.html, index.md, figures, trace.safetensors and explanation.json.
      """)

  @OptionGroup var text: TextOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var common: CommonOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder"))
  var output = "explained"

  @Option(help: "auto, always or never.")
  var color: ColorChoice = .auto

  @Flag(help: "Print the explanation as JSON instead of the summary.")
  var json = false

  func validate() throws {
    try text.check()
    guard output != "-" else {
      throw ValidationError("explain writes a folder; name it with -o FOLDER, or use --json.")
    }
  }

  func run() throws {
    let (text, pair) = try text.read()
    let (model, digest) = try model.load()
    let folder = try target()
    let run = try model.run(text, pair: pair, digest: digest, common)
    let explanation = try Explanation(of: run, by: model.transformer) { id in
      model.tokenizer.display(ids: [id]).first?.text ?? ""
    }
    try write(explanation, run, into: folder.path)
    try folder.commitReplacing()
    if json {
      try Output.data(explanation.json.text(indented: true) + "\n")
    } else if !common.quiet {
      try Output.data(summary(explanation, run))
    }
  }

  /// The folder to fill; one that is there already is replaced only when this tool wrote it.
  private func target() throws -> OutputFolder {
    var parts = output.split(separator: "/").map(String.init)
    guard let name = parts.popLast(), name != ".", name != ".." else {
      throw FileError(.cannotCreate, output, "name a folder of its own, for instance explained")
    }
    let isOwn = !folderExists(output) || OwnFolder.isOwn(output)
    guard isOwn, !fileExists(output) else {
      throw FileError(
        .cannotCreate, output,
        "exists and holds more than attnviz explain wrote; name another folder")
    }
    let parent = (output.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    return try OutputFolder(name, in: parent.isEmpty ? "." : parent)
  }

  private func write(_ explanation: Explanation, _ run: Run, into folder: String) throws {
    try createFolder(folder + "/figures")
    var pages: [String: String] = [:]
    var screen = look.figureStyle
    screen.scale = StyleName.web.scale
    for drawn in explanation.figures {
      let scene = drawn.figure.scene(in: look.figureStyle)
      for missing in Fonts.missing(in: scene) { common.say("warning: \(missing)") }
      let provenance = Provenance(options: drawn.options + look.json, run: run)
        .json(figure: type(of: drawn.figure).name).text()
      for format in FileFormat.allCases {
        let export = Export(
          format, resolution: look.dpi, provenance: provenance, isTransparent: look.transparent)
        try writeFile("\(folder)/figures/\(drawn.name).\(format.rawValue)", scene.data(export))
      }
      let page = try drawn.figure.scene(in: screen).data(Export(.svg, provenance: provenance))
      pages[drawn.name] = String(decoding: page, as: UTF8.self)
    }
    try writeFile(folder + "/index.html", explanation.html { Self.inline(pages[$0.name] ?? "") })
    try writeFile(folder + "/index.md", explanation.markdown(figuresIn: "figures"))
    try writeFile(folder + "/\(OwnFolder.marker)", explanation.json.text(indented: true) + "\n")
    try run.archive().write(to: folder + "/trace.safetensors", as: .safetensors)
  }

  /// An SVG file as an element of a page: without the XML declaration.
  private static func inline(_ svg: String) -> String {
    guard svg.hasPrefix("<?xml"), let end = svg.firstIndex(of: ">") else { return svg }
    return String(svg[svg.index(after: end)...])
  }

  private func summary(_ explanation: Explanation, _ run: Run) -> String {
    let terminal = TerminalColor.on(color)
    return ExplanationSummary(explanation, run, folder: output, color: terminal).text
  }
}
