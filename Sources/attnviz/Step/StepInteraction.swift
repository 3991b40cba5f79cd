import ArgumentParser
import Explanations
import Figures
import Files
import Stepping
import TextDrawing
import Transformers

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A walk on a terminal.
extension StepCommand {
  /// Whether keys lead the walk: on a terminal, where nothing else is asked for.
  var isInteractive: Bool {
    let reads = isatty(STDIN_FILENO) == 1 || text.textFile == "-"
    return !plain && !json && options.output == nil && keys == nil && reads
      && TerminalSize.isTerminal && environment("TERM") != "dumb"
  }

  /// Takes the terminal and walks until the user quits.
  func interact() throws {
    let (material, walks, stepper) = try beginning()
    var terminal = try TerminalSession()
    let style = style(theme: theme(&terminal))
    var session = StepSession(
      self, material, walks, stepper, style: style, color: TerminalColor.on(color),
      wake: TerminalSignals.wake)
    let outcome = Result {
      try Self.walk(&session, &terminal, style.theme, TerminalColor.on(color))
    }
    session.end()
    terminal.leave()
    if !session.printed.isEmpty {
      try Output.data(session.printed.map { $0 + "\n" }.joined())
    }
    let isInterrupted = try outcome.get()
    if isInterrupted { throw ExitCode(128 + SIGINT) }
  }

  /// Whether Ctrl-C ended it.
  private static func walk(
    _ session: inout StepSession, _ terminal: inout TerminalSession, _ theme: Theme,
    _ color: TerminalColor
  ) throws -> Bool {
    let writer = ScreenWriter(color, theme)
    var shown: TerminalScreen?
    while true {
      let size = terminal.size
      let screen = session.draw(rows: size.rows, columns: size.columns)
      try terminal.write(writer.update(from: shown, to: screen))
      shown = screen
      switch terminal.event() {
      case .keys(let keys):
        for key in keys {
          switch session.press(key) {
          case .quit(let isInterrupted): return isInterrupted
          case .stop:
            terminal.stop()
            shown = nil
          case .redraw: shown = nil
          default: break
          }
        }
      case .redraw: shown = nil
      case .woken: session.update()
      case .closed: throw ExitCode(128 + SIGHUP)
      }
    }
  }

  /// Where the walk begins.
  func beginning() throws -> (StepMaterial, StepWalks, Stepper) {
    let (text, pair) = try text.read()
    let (model, digest) = try model.load()
    let material = StepMaterial(model: model, digest: digest, text: text, pair: pair)
    common.detail("\(model.name) from \(model.folder)")
    let walks = try StepWalks(material, changes(material), keeping: nil)
    let choice = try WalkChoice(walks.changed, wishes())
    let station = try station.map { try chosen($0, walks.changed, choice) }
    let first = station ?? walks.changed.stations[0]
    var stepper = Stepper(
      walks.terrain, at: first, focuses: focuses(walks.changed, choice), changes: walks.changes,
      hasChosenToken: token != nil)
    if station == nil { stepper.say("→ goes on, ? explains the keys, q quits") }
    return (material, walks, stepper)
  }

  /// What is looked at in every stack.
  private func focuses(_ walk: Walk, _ choice: WalkChoice) -> [Site.Stack: Focus] {
    Dictionary(
      uniqueKeysWithValues: walk.run.configuration.stacks.map { ($0, choice.focus(of: $0)) })
  }

  func style(theme: Theme) -> Style {
    var style = options.look.figureStyle
    style.theme = theme
    return style
  }

  /// The theme that is asked for, else the one that the terminal's ground is nearest to.
  private func theme(_ terminal: inout TerminalSession) -> Theme {
    if let name = options.look.theme { return name.theme }
    guard TerminalColor.on(color) != .none else { return .dark }
    if let ground = terminal.ground() { return TerminalBackground.isDark(ground) ? .dark : .light }
    return TerminalBackground.named()?.isDark ?? true ? .dark : .light
  }
}
