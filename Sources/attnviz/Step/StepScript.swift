import ArgumentParser
import Dispatch
import Drawing
import Explanations
import Figures
import Files
import Stepping
import TextDrawing

/// A walk whose keys are written down: for pictures of the screen, and for tests.
extension StepCommand {
  /// Does what the keys ask for, and writes the screen.
  func follow(_ script: String) throws {
    let path = options.output ?? "-"
    let format = options.output == nil ? nil : try options.fileFormat(path).file
    let text = FigureText(look: options.look, color: color)
    let shade = format == nil ? text.color(to: path) : .full
    let (screen, session, theme) = try screen(after: script, shade)
    guard let format else {
      let lines = ScreenWriter(shade, theme).text(screen)
      try Output.write(Array(lines.utf8), to: path)
      return
    }
    let picture = try picture(of: screen, session, theme)
    picture.warn(common, path)
    try Output.write(try picture.data(format), to: path)
    if path != "-" { common.say("wrote \(path)") }
  }

  /// The picture of the screen, ready to be written.
  func screenPicture(_ script: String) throws -> DrawnPicture {
    let (screen, session, theme) = try screen(after: script, .full)
    return try picture(of: screen, session, theme)
  }

  private func picture(
    of screen: TerminalScreen, _ session: StepSession, _ theme: Theme
  ) throws -> DrawnPicture {
    let station = session.stepper.station.id
    let picture = ScreenPicture(
      screen, title: "attnviz step in a terminal, at the station \(station)", theme: theme)
    return try self.picture(of: picture, as: station, session.walks.original)
  }

  /// The screen when all keys are pressed; what they change is computed before the next key.
  private func screen(
    after script: String, _ shade: TerminalColor
  ) throws -> (TerminalScreen, StepSession, Theme) {
    guard let keys = Key.all(in: script) else {
      throw UsageError(
        "--keys has letters, and names in <>: <Right>, <Enter>, <Esc>, <Tab>; < itself is <lt>")
    }
    let (material, walks, stepper) = try beginning()
    let theme = (options.look.theme ?? .dark).theme
    let ready = DispatchSemaphore(value: 0)
    var session = StepSession(
      self, material, walks, stepper, style: style(theme: theme), color: shade
    ) { ready.signal() }
    let size = screen ?? ScreenSize()
    for key in keys {
      _ = session.draw(rows: size.rows, columns: size.columns)
      if case .quit = session.press(key) { break }
      while session.isWorking {
        ready.wait()
        session.update()
      }
    }
    return (session.draw(rows: size.rows, columns: size.columns), session, theme)
  }
}

/// The size of a screen: `120x40` is 120 columns and 40 rows.
struct ScreenSize: ExpressibleByArgument, Equatable {
  var columns = 80
  var rows = 24

  init() {}

  init?(argument: String) {
    let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let columns = Int(parts[0]), let rows = Int(parts[1]),
      (20...500).contains(columns), (5...200).contains(rows)
    else { return nil }
    (self.columns, self.rows) = (columns, rows)
  }
}
