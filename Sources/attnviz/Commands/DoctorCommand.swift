import ArgumentParser
import Figures
import Files
import TextDrawing

/// `attnviz doctor`: what works on this machine, and what to do about the rest.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check fonts, drawing, numbers, terminal, models and machine.",
    discussion: """
      EXAMPLES
        attnviz doctor
        attnviz doctor --json > report.json

      Every line is ok, a warning (something works less well than it could) or a problem, and says what
      to do. Everything is really tried: pictures are drawn and read again, products are compared with
      naive ones, the files of stored models with their digests, and every model runs on three words.
      Nothing is asked of the network. Ends with 0 when attnviz can be used, with 1 when there is a
      problem.
      """)

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "auto, always or never.")
  var color: ColorChoice = .auto

  @OptionGroup var common: CommonOptions

  func run() throws {
    let findings =
      FontFindings.all + DrawingFindings.all + NumberFindings.all + TerminalFindings.all
      + ModelFindings(common: common).all + MachineFindings(threads: common.threads).all
    let isUsable = !findings.contains { $0.state == .problem }
    if json {
      try Output.data([
        "schema": "attnviz.doctor/1", "version": .string(Version.string),
        "usable": .bool(isUsable), "checks": .array(findings.map(\.json)),
      ])
    } else {
      try Output.data(text(findings))
    }
    if !isUsable { throw ExitCode(1) }
  }

  /// A line a finding, its advice below it; of the quiet, only what is not ok.
  private func text(_ findings: [Finding]) -> String {
    let colors = TerminalColor.on(color)
    let shown = common.quiet ? findings.filter { $0.state != .ok } : findings
    let width = shown.reduce(0) { max($0, TerminalWidth.of($1.name)) }
    var topic = ""
    var text = common.quiet ? "" : "attnviz \(Version.string)\n"
    for finding in shown {
      if finding.topic != topic {
        topic = finding.topic
        text += topic + "\n"
      }
      let space = String(repeating: " ", count: width - TerminalWidth.of(finding.name) + 2)
      text += "  \(finding.state.mark(colors))  \(finding.name)\(space)\(finding.fact.visible)\n"
      if let advice = finding.advice {
        text += String(repeating: " ", count: 13 + width) + "→ \(advice)\n"
      }
    }
    let warnings = findings.count { $0.state == .warning }
    let problems = findings.count { $0.state == .problem }
    return text + summary(problems: problems, warnings: warnings) + "\n"
  }

  private func summary(problems: Int, warnings: Int) -> String {
    func count(_ number: Int, _ name: String) -> String {
      "\(number) \(name)\(number == 1 ? "" : "s")"
    }
    if problems > 0 {
      return
        "\(count(problems, "problem")) and \(count(warnings, "warning")): see the arrows above."
    }
    return warnings > 0
      ? "attnviz can be used; \(count(warnings, "warning"))." : "Everything works."
  }
}

extension Finding.State {
  /// The word, seven characters wide, in its colour.
  fileprivate func mark(_ colors: TerminalColor) -> String {
    let word = rawValue + String(repeating: " ", count: 7 - rawValue.count)
    guard colors != .none else { return word }
    let code =
      switch self {
      case .ok: 32
      case .warning: 33
      case .problem: 31
      }
    return "\u{1B}[\(code)m\(word)\u{1B}[0m"
  }
}
