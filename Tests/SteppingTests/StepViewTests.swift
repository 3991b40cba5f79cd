import Explanations
import Figures
import Stepping
import Testing
import TextDrawing
import Transformers

@Suite struct StepViewTests {
  private func stepper(
    _ script: String = "", _ kind: Configuration.Kind = .encoder,
    _ words: [String] = Samples.sentence
  ) -> Stepper {
    var stepper = Stepper(Samples.terrain(kind, words))
    stepper.press(script)
    return stepper
  }

  @Test func theScreenSaysEverythingThatMatters() {
    let text = Samples.view(stepper("gL1H2<Enter>")).screen.text
    for words in [
      "sample", "station 23 of 42", "[CLS] the cat sat on the mat . [SEP]", "softmax", "Softmax",
      "scores S [4, 9, 9] -> weights", "α₂ = exp(1.25) / 6.02 = 0.58",
      "Every row of scores becomes shares of 1.", "looks most at", "picture line 0", "L1H2",
      "6 \"mat\"", "step", "? help", "q quit",
    ] {
      #expect(text.contains(words), "\(words) in\n\(text)")
    }
  }

  @Test(arguments: [(24, 80), (50, 160), (8, 30), (7, 30), (1, 1), (30, 300), (60, 41)])
  func anySizeIsFilled(_ rows: Int, _ columns: Int) {
    for script in ["", "gL1H2<Enter>", "?", "c", "g", "v", "<Tab>", "<PageDown>"] {
      for kind in [Configuration.Kind.encoder, .decoder, .seq2seq] {
        let shown = Samples.view(stepper(script, kind), rows: rows, columns: columns, lines: 40)
        #expect(shown.screen.rows == rows && shown.screen.columns == columns)
        #expect(shown.screen.lines.allSatisfy { $0.count == columns })
      }
    }
  }

  @Test func theFocusedTokenIsMarkedWithoutColour() {
    let screen = Samples.view(stepper("gL1H2<Enter><Enter>")).screen
    let row = screen.lines.firstIndex { line in
      String(line.compactMap(\.character)).contains("[CLS] the cat")
    }
    guard let row else {
      Issue.record("the sentence is missing")
      return
    }
    let marked = screen.lines[row].filter(\.look.isReversed).compactMap(\.character)
    #expect(String(marked) == "mat")
    let underlined = screen.lines[row].filter(\.look.isUnderlined).compactMap(\.character)
    #expect(String(underlined) == "the")
  }

  @Test func aLongSentenceShowsTheFocus() {
    let words = (0..<300).map { "word\($0)" }
    for token in [0, 150, 299] {
      var stepper = stepper("", .encoder, words)
      stepper.press("/word\(token)<Enter>")
      let lines = Samples.view(stepper).screen.text.split(separator: "\n").prefix(4)
      #expect(lines.contains { $0.contains("word\(token)") }, "\(token): \(lines)")
    }
  }

  @Test func whatOverflowsScrollsAndSaysSo() {
    var stepper = stepper("gL1H2<Enter>")
    let first = Samples.view(stepper, lines: 60)
    #expect(first.mostScroll > 40)
    #expect(first.screen.text.contains("\(first.mostScroll) more lines: PageDown"))
    #expect(!first.screen.text.contains("picture line 59"))
    for _ in 0..<10 { stepper.press("<PageDown>") }
    stepper.limit(scroll: first.mostScroll)
    let last = Samples.view(stepper, lines: 60)
    #expect(last.screen.text.contains("picture line 59"))
    #expect(last.screen.text.contains("the end: PageUp"))
  }

  @Test func whereThereIsRoomWordsAndPictureStandSideBySide() {
    let screen = Samples.view(stepper("gL1H2<Enter>"), rows: 50, columns: 160).screen
    let line = (0..<screen.rows).map { screen.text($0) }.first { $0.contains("picture line 0") }
    #expect(line?.contains("Softmax") == true)
    #expect(screen.text.contains("weight"), "the table has room below the words")
  }

  @Test func wideWordsKeepTheColumns() {
    let words = ["[CLS]", "日本語", "שלום", "👩‍👩‍👧", "naïve", "हिन्दी", "x"]
    let shown = Samples.view(stepper("", .encoder, words))
    let row = shown.screen.lines[1]
    #expect(row.count == 80)
    let text = String(row.compactMap(\.character))
    for word in words { #expect(text.contains(word)) }
    // Every wide character covers the cell after it.
    for (column, cell) in row.enumerated() {
      guard let character = cell.character, TerminalWidth.of(character) == 2 else { continue }
      #expect(row[column + 1].character == nil)
    }
  }

  @Test func controlsOfAVocabularyNeverReachTheScreen() {
    let words = ["a\u{1B}[2Jb", "c\u{9B}d", "e\u{202E}f"]
    let screen = Samples.view(stepper("", .encoder, words)).screen
    for line in screen.lines {
      for cell in line {
        #expect(cell.character?.unicodeScalars.allSatisfy { $0.value >= 0x20 } ?? true)
        #expect(cell.character?.isControl != true)
      }
    }
  }

  @Test func helpNamesEveryKey() {
    let text = Samples.view(stepper("?"), rows: 60).screen.text
    for key in ["→", "]", ">", "a", "Enter", "J K", "/", "+ -", "}", "x", "r", "u", "s", "t", "c"] {
      #expect(text.contains(key))
    }
    #expect(!text.contains("append"), "an encoder does not continue")
    #expect(Samples.view(stepper("?", .decoder), rows: 60).screen.text.contains("append"))
  }

  @Test func theCommandLineIsShown() {
    let text = Samples.view(stepper("c")).screen.text
    #expect(text.contains("attnviz step \"the cat\""))
    #expect(text.contains("attnviz draw heatmap \"the cat\""))
  }

  @Test func aComputationIsSeen() {
    var stepper = stepper("gL1H2<Enter>x")
    stepper.progress("layer 2 of 3")
    let screen = Samples.view(stepper).screen
    #expect(screen.text(0).contains("computing L1H2 off: layer 2 of 3"))
    #expect(screen.text(23).contains("Esc ends the computation"))
  }

  @Test(arguments: [TerminalColor.full, .palette256, .palette16, .none], [Theme.dark, .light])
  func everyWordCanBeRead(_ color: TerminalColor, _ theme: Theme) {
    var faint: Set<String> = []
    for script in ["gL1H2<Enter><Enter>", "?", "c", "gL1"] {
      let screen = Samples.view(stepper(script), color: color, theme: theme).screen
      for cell in screen.lines.joined() {
        guard let character = cell.character, character != " ", character != "─" else { continue }
        let (ink, ground) = (cell.look.ink ?? theme.ink, cell.look.ground ?? theme.paper)
        if ink.contrast(with: ground) < 4.4 { faint.insert("\(character) in \(script)") }
      }
    }
    #expect(faint.isEmpty)
  }
}
