import ArgumentParser
import Drawing
import Explanations
import Figures
import Files
import Stepping
import TextDrawing
import Tokenization
import Transformers

/// A walk that keys lead: its state, its runs, and what keys ask for. It knows no terminal.
struct StepSession {
  let material: StepMaterial
  let command: StepCommand
  private(set) var stepper: Stepper
  private(set) var walks: StepWalks
  private var screen: StepScreen
  private let job: StepJob
  /// The lines of the page that were seen last.
  private var pageLines = 10
  /// The command lines to print at the end.
  private(set) var printed: [String] = []

  /// - Parameter wake: Called from other threads when `update` has something to do.
  init(
    _ command: StepCommand, _ material: StepMaterial, _ walks: StepWalks, _ stepper: Stepper,
    style: Style, color: TerminalColor, wake: @escaping @Sendable () -> Void
  ) {
    (self.command, self.material, self.walks, self.stepper) = (command, material, walks, stepper)
    screen = StepScreen(style: style, color: color)
    job = StepJob(wake: wake)
  }

  /// Draws the screen.
  mutating func draw(rows: Int, columns: Int) -> TerminalScreen {
    let commands = stepper.showsCommand ? commandLines() : []
    let shown = screen.draw(stepper, walks, rows: rows, columns: columns, commands: commands)
    stepper.limit(scroll: shown.mostScroll)
    pageLines = shown.pageLines
    return shown.screen
  }

  /// Takes a key and does what it asks for; the effects that are left concern the terminal.
  mutating func press(_ key: Key) -> Stepper.Effect? {
    let showed = stepper.showsCommand
    guard let effect = stepper.press(key, page: pageLines) else {
      if stepper.showsCommand, !showed { printed = commandLines() }
      return nil
    }
    switch effect {
    case .quit, .stop, .redraw: return effect
    case .compute(let changes): job.start(material, changes, keeping: walks)
    case .endComputation:
      job.end()
      stepper.failed("ended; nothing was changed")
    case .replace(let token, let word): trying { try $0.replace(token, by: word) }
    case .append(let temperature):
      trying { session in
        let next = try session.walks.next(
          at: temperature, seed: session.command.seed ?? 0, session.material.model)
        session.compute(session.stepper.add(next))
      }
    case .save: trying { try $0.save() }
    case .saveTrace: trying { try $0.saveTrace() }
    }
    return nil
  }

  /// Takes what the background has to tell.
  mutating func update() {
    let (progress, outcome) = job.take()
    if let progress { stepper.progress(progress) }
    switch outcome {
    case .walks(let new):
      walks = new
      screen.forget()
      stepper.finished(new.terrain, new.changes)
    case .failed(let reason): stepper.failed(reason)
    case nil: break
    }
  }

  /// Whether a run is on its way.
  var isWorking: Bool { stepper.work != nil }

  /// Ends what is on its way.
  func end() { job.end() }

  private mutating func compute(_ effect: Stepper.Effect) {
    if case .compute(let changes) = effect { job.start(material, changes, keeping: walks) }
  }

  private mutating func trying(_ body: (inout StepSession) throws -> Void) {
    do { try body(&self) } catch { stepper.say("\(error)".visible, isWarning: true) }
  }

  private mutating func replace(_ token: Int, by word: String) throws {
    let part = walks.changed.run.part(walks.changed.run.target == nil ? .sole : .encoder)
    guard part.encoding.tokens.indices.contains(token) else { return }
    guard !part.encoding.isSpecial[token] else {
      throw ModelError(
        .noSuchPlace, "\(part.tokens[token].text) is not of the text; replace a token that is")
    }
    let id = try material.model.replacement(word, of: part.encoding.tokens[token])
    compute(stepper.add(.replace(token: token, by: id, text: word)))
  }
}

/// Keeping what is seen.
extension StepSession {
  /// The command lines that make this view and its picture again.
  mutating func commandLines() -> [String] {
    let page = screen.page(of: stepper, walks)
    var lines = [ShellWords.line(call.words(text: material))]
    if let words = page.command, stepper.changes.isEmpty {
      lines.append(ShellWords.line(["attnviz"] + words + command.textWords(material)))
    }
    return lines
  }

  /// The call of this view.
  private var call: StepCommand { command.call(of: stepper) }

  /// Writes this view's picture as SVG and PNG.
  private mutating func save() throws {
    let page = screen.page(of: stepper, walks)
    guard page.figure != nil else {
      throw UsageError("this station has no picture; t saves its numbers")
    }
    let walk = stepper.shown == .original ? walks.original : walks.changed
    let picture = try call.picture(page, walk)
    let name = FreeName.find(page.fileName, [".svg", ".png"])
    try writeFile(name + ".svg", try picture.data(.svg))
    try writeFile(name + ".png", try picture.data(.png))
    stepper.say("wrote \(name).svg and \(name).png")
  }

  private mutating func saveTrace() throws {
    let name = FreeName.find("step-trace", [".safetensors"]) + ".safetensors"
    try walks.changed.run.archive().write(to: name, as: .safetensors)
    stepper.say("wrote \(name): every value of this run")
  }
}

extension StationPage {
  /// `step-L3H5-weights`.
  fileprivate var fileName: String {
    let stack = station.stack == .sole ? "" : "\(station.stack.rawValue)-"
    let layer = station.layer.map { "L\($0)" } ?? ""
    let head = station.kind.isInHead ? focus.head.map { "H\($0)" } ?? "-all" : ""
    let place = layer + head
    return "step-" + stack + (place.isEmpty ? "" : place + "-") + station.kind.rawValue
  }
}

/// Names of files that are not there yet.
enum FreeName {
  /// The name, or the name with a number, with which none of the files exists.
  static func find(_ name: String, _ endings: [String]) -> String {
    func isFree(_ name: String) -> Bool { !endings.contains { exists(name + $0) } }
    if isFree(name) { return name }
    return (2...).lazy.map { "\(name)-\($0)" }.first(where: isFree) ?? name
  }

  private static func exists(_ path: String) -> Bool { fileExists(path) || folderExists(path) }
}
