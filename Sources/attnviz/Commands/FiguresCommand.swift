import ArgumentParser
import Drawing
import Files

/// `attnviz figures`: every figure of a manifest, drawn or checked.
struct FiguresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figures",
    abstract: "Draw every figure of a manifest, or check that none has drifted.",
    discussion: """
      EXAMPLES
        attnviz figures
        attnviz figures docs/figures.json --check

      A manifest is a JSON list of
        {"figure": "heatmap", "model": "minilm", "text": "The cat sat.",
         "options": {"layer": "L3H1", "theme": "dark"}, "output": ["map.svg", "map.png"],
         "quotes": [{"value": "layers.3.attention.weights[1, 2, 4]", "is": 0.61, "within": 0.005}]}
      or with "trace": "small.safetensors" in place of model and text. Options are those of attnviz
      draw without their dashes; true is a flag. Paths are relative to the manifest. Only figures
      whose file does not say that it was made from the same things are drawn. --check writes
      nothing and ends with 1 when a picture or a quoted number is not what it was.
      """)

  @Argument(
    help: ArgumentHelp("The manifest: docs/figures.json when not given.", valueName: "manifest"),
    completion: .file(extensions: ["json"]))
  var manifest: String?

  @Flag(help: "Write nothing; compare every figure and quoted number with what is there.")
  var check = false

  @Flag(help: "Draw every figure, also those that are up to date.")
  var force = false

  @OptionGroup var common: CommonOptions

  private static let usual = "docs/figures.json"

  func validate() throws {
    guard !(check && force) else {
      throw ValidationError("--check writes nothing; leave --force out.")
    }
  }

  func run() throws {
    let path = manifest ?? Self.usual
    guard manifest != nil || fileExists(path) else {
      throw UsageError("there is no \(Self.usual) here; name a manifest: attnviz figures FILE")
    }
    let figures = try FigureManifest(path, common).entries.map(ManifestDrawing.Prepared.init)
    if check { try check(figures) } else { try draw(figures) }
  }

  /// Draws what is not up to date.
  private func draw(_ figures: [ManifestDrawing.Prepared]) throws {
    let age = FigureAge()
    let due = force ? figures : figures.filter { !age.isCurrent($0) }
    let results = try ManifestDrawing().forEach(due) { [common] figure, picture, _ in
      picture.warn(common, figure.entry.outputs[0])
      for output in figure.entry.outputs {
        try writeFile(output, try picture.data(try figure.format(output)))
        common.detail("wrote \(output)")
      }
    }
    let failures = results.compactMap(\.error)
    let drawn = results.count - failures.count
    var counts = ["\(drawn) drawn", "\(figures.count - due.count) unchanged"]
    if !failures.isEmpty { counts.append("\(failures.count) failed") }
    common.say("\(Self.counted(figures.count)): " + counts.joined(separator: ", "))
    try report(failures)
  }

  /// Compares every figure and quoted number with what is there.
  private func check(_ figures: [ManifestDrawing.Prepared]) throws {
    let results = try ManifestDrawing().forEach(figures) { try FigureCheck($0, $1, $2) }
    let checks = results.compactMap { try? $0.get() }
    for note in checks.flatMap(\.notes) { common.say("note: \(note)") }
    for drift in checks.flatMap(\.drifts) { try Output.data(drift.visible + "\n") }
    let drifted = checks.filter { !$0.drifts.isEmpty }.count
    let failures = results.compactMap(\.error)
    let quotes = figures.reduce(0) { $0 + $1.entry.quotes.count }
    let numbers = quotes == 0 ? "" : " and \(quotes) quoted number\(quotes == 1 ? "" : "s")"
    let outcome =
      drifted + failures.count == 0
      ? "as they were"
      : "\(drifted) drifted" + (failures.isEmpty ? "" : ", \(failures.count) failed")
    common.say("\(Self.counted(figures.count))\(numbers): \(outcome)")
    try report(failures)
    if drifted > 0 { throw ExitCode(1) }
  }

  private static func counted(_ count: Int) -> String { "\(count) figure\(count == 1 ? "" : "s")" }

  /// Says what went wrong, and ends with the code of the first failure.
  private func report(_ failures: [any Error]) throws {
    let codes = failures.map(Failure.report)
    if let code = codes.first { throw ExitCode(code) }
  }
}

extension Result {
  fileprivate var error: (any Error)? {
    if case .failure(let error) = self { return error }
    return nil
  }
}
