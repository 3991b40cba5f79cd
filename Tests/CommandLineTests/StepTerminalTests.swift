import Files
import Foundation
import TestSupport
import Testing

/// The program in a real terminal: keys, sizes, colours, and how it leaves.
@Suite(.enabled(if: Tmux.isInstalled, "tmux is not installed"), .serialized)
struct StepTerminalTests {
  static let models = ["tiny-bert", "tiny-gpt", "tiny-speller"]

  /// Words that every model knows letters of.
  private static let text = "knight"

  private func call(_ model: String = "tiny-bert", _ options: String = "") -> String {
    "'\(Program.path)' step --theme dark --model \(model) \(options) \(Self.text)"
  }

  /// Starts the walk, and waits for its first screen.
  private func start(_ tmux: Tmux, _ model: String = "tiny-bert", _ options: String = "") throws {
    try tmux.run(call(model, options))
    try tmux.wait(for: "station 1 of", "q quit")
  }

  private func withTerminal(
    columns: Int = 80, rows: Int = 24, _ variables: [String: String] = [:],
    _ body: (Tmux) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      try body(Tmux(folder, columns: columns, rows: rows, variables: variables))
    }
  }

  @Test(arguments: models, [(80, 24), (160, 50)])
  func everyKindIsWalkedFromFirstToLast(_ model: String, _ size: (Int, Int)) throws {
    try withTerminal(columns: size.0, rows: size.1) { tmux in
      try start(tmux, model)
      try tmux.press("Right")
      try tmux.wait(for: "station 2 of")
      try tmux.press("]")
      try tmux.wait(for: "layer 0")
      try tmux.type("gweights")
      try tmux.press("Enter")
      try tmux.wait(for: "L0H", "softmax")
      try tmux.press("End")
      let last = try tmux.wait { screen in
        guard let words = screen.firstMatch(of: /station (\d+) of (\d+)/) else { return false }
        return words.1 == words.2
      }
      // The screen is full: the last line holds the keys.
      #expect(last.split(separator: "\n", omittingEmptySubsequences: false).count >= size.1)
      try tmux.press("q")
      try tmux.wait { !$0.contains("station") }
    }
  }

  /// Leaving gives back the screen and the settings of the terminal, whatever ended the walk.
  @Test(arguments: ["q", "C-c", "TERM", "INT", "HUP", "QUIT"], [false, true])
  func everyWayOutRestoresTheTerminal(_ way: String, _ afterChange: Bool) throws {
    try withTerminal { tmux in
      try tmux.run("stty -a > before; echo a line that stays")
      try tmux.wait(for: "a line that stays")
      try tmux.run("sh -c 'echo $$ > pid; exec \(call().replacingOccurrences(of: "'", with: ""))'")
      try tmux.wait(for: "station 1 of", "q quit")
      if afterChange {
        try tmux.type("gL1H1")
        try tmux.press("Enter")
        try tmux.wait(for: "L1H1")
        try tmux.press("x")
        try tmux.wait(for: "L1H1 off")
      }
      if way == "q" || way == "C-c" {
        try tmux.press(way)
      } else {
        let pid = try String(contentsOfFile: tmux.folder + "/pid", encoding: .utf8)
        _ = try runProgram(["kill", "-\(way)", pid.trimmingCharacters(in: .whitespacesAndNewlines)])
      }
      try tmux.wait { $0.contains("a line that stays") && !$0.contains("station") }
      try tmux.run("echo code $?")
      let codes = ["q": 0, "C-c": 130, "TERM": 143, "INT": 130, "HUP": 129, "QUIT": 131]
      try tmux.wait(for: "code \(codes[way] ?? -1)")
      try tmux.run("stty -a > after; echo done | tr a-z A-Z")
      try tmux.wait(for: "DONE")
      let settings = try ["before", "after"].map { try readFile(tmux.folder + "/" + $0) }
      #expect(settings[0] == settings[1])
      // The cursor is there again.
      #expect(try tmux.cursorIsShown)
    }
  }

  @Test func aClosedTerminalEndsTheProgram() throws {
    try withTerminal { tmux in
      try tmux.run("sh -c 'echo $$ > pid; exec \(call().replacingOccurrences(of: "'", with: ""))'")
      try tmux.wait(for: "station 1 of")
      let pid = try String(contentsOfFile: tmux.folder + "/pid", encoding: .utf8)
      let number = try #require(Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines)))
      try tmux.close()
      let end = Date().addingTimeInterval(60)
      while kill(number, 0) == 0, Date() < end { usleep(50_000) }
      #expect(kill(number, 0) != 0)
    }
  }

  @Test func controlZStopsAndGoesOn() throws {
    try withTerminal { tmux in
      try tmux.run("set -m; echo a line that stays")
      try tmux.wait(for: "a line that stays")
      try start(tmux)
      try tmux.press("Right")
      try tmux.wait(for: "station 2 of")
      try tmux.press("C-z")
      try tmux.wait { $0.contains("a line that stays") && !$0.contains("station") }
      try tmux.run("fg")
      try tmux.wait(for: "station 2 of")
      try tmux.press("Right")
      try tmux.wait(for: "station 3 of")
      try tmux.press("q")
      try tmux.wait { !$0.contains("station") }
    }
  }

  @Test func aNewSizeIsFilled() throws {
    try withTerminal { tmux in
      try start(tmux)
      try tmux.type("gweights")
      try tmux.press("Enter")
      for (columns, rows) in [(160, 50), (60, 16), (20, 5), (110, 30), (80, 24)] {
        try tmux.resize(columns: columns, rows: rows)
        try tmux.wait { screen in
          let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
          if columns < 30 { return screen.contains("make this window") }
          return lines.count >= rows && lines[rows - 1].firstMatch(of: /L\dH/) != nil
            && !(lines.first?.isEmpty ?? true)
        }
      }
    }
  }

  @Test(arguments: [
    (["COLORTERM": "truecolor"], "38;2;"), (["TERM": "xterm-256color"], "38;5;"),
    (["TERM": "linux"], "\u{1B}[3"), (["NO_COLOR": "1"], "1;7m"),
  ])
  func coloursAreThoseOfTheTerminal(_ variables: [String: String], _ code: String) throws {
    try withTerminal(variables) { tmux in
      try start(tmux)
      let screen = try tmux.screen(colors: true)
      #expect(screen.contains(code))
      if code != "38;2;" { #expect(!screen.contains("38;2;")) }
      if variables["TERM"] == "linux" || variables["NO_COLOR"] != nil {
        #expect(!screen.contains("38;5;"))
      }
      if variables["NO_COLOR"] != nil {
        #expect(screen.firstMatch(of: /\u{1B}\[[0-9;]*(3[0-8]|4[0-8]|9[0-7])[;m]/) == nil)
      }
      try tmux.press("q")
    }
  }

  @Test func whatIsChangedIsComputedComparedAndUndone() throws {
    try withTerminal(columns: 120, rows: 40) { tmux in
      try start(tmux, "tiny-gpt")
      try tmux.type("gL1H1")
      try tmux.press("Enter")
      try tmux.wait(for: "L1H1")
      try tmux.press("x")
      try tmux.wait(for: "changed: L1H1 off")
      try tmux.press("o")
      try tmux.wait(for: "changed less original")
      try tmux.press("u")
      try tmux.wait(for: "the model is as it was")
      try tmux.press("End", ".")
      try tmux.wait(for: "follows now")
      try tmux.press("c")
      try tmux.wait(for: "attnviz step", "--append")
      try tmux.press("q", "q")
      // The command line is printed when the screen is given back.
      try tmux.wait { $0.contains("--append") && !$0.contains("q quit") }
    }
  }

  @Test func picturesAreSavedAndComeOutAgain() throws {
    try withTerminal { tmux in
      try start(tmux)
      try tmux.type("gL1H1")
      try tmux.press("Enter")
      try tmux.wait(for: "L1H1")
      try tmux.press("s")
      try tmux.wait(for: "wrote step-L1H1-weights.svg")
      try tmux.press("s")
      try tmux.wait(for: "wrote step-L1H1-weights-2.svg")
      try tmux.press("t")
      try tmux.wait(for: "wrote step-trace.safetensors")
      try tmux.press("q")
      try tmux.wait { !$0.contains("station") }
      let files = ["weights.svg", "weights.png", "weights-2.svg"].map {
        tmux.folder + "/step-L1H1-" + $0
      }
      #expect(try readFile(files[0]) == readFile(files[2]))
      for file in files.prefix(2) {
        let result = try Program.run(["verify", file])
        #expect(result.code == 0, "\(result.out)\(result.error)")
      }
    }
  }
}

extension Tmux {
  /// Whether the cursor is seen.
  var cursorIsShown: Bool {
    get throws { try value(of: "cursor_flag") == "1" }
  }
}
