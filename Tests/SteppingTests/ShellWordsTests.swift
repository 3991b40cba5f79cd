import Foundation
import Stepping
import Testing

/// A command line is what a shell takes it for.
@Suite struct ShellWordsTests {
  private static let lists: [[String]] = [
    ["attnviz", "step", "--tau", "0.5", "The cat sat on the mat."],
    ["it's", "\"quoted\"", "a\\b", "$HOME", "`id`", "!1", "*", "~", "a;b", "a|b", "a&b", "(a)"],
    ["", " ", "  two  spaces  ", "-", "--", "-x", "#5", "a#5", "=a", "a=b", "{a,b}", "[a-c]"],
    ["line\nbreak", "tab\there", "bell\u{7}", "escape\u{1B}[31m", "it's\na 'quote'", "a\\\nb"],
    ["כלב", "猫が座った", "👩‍👩‍👧", "é", "␣sat", "L2.weights", "0=naïve", "\u{7F}9"],
  ]

  @Test(.enabled(if: hasShell, "bash is not installed"), arguments: lists)
  func aShellReadsTheSameWords(_ words: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.shell)
    process.arguments = ["--norc", "-c", "printf '%s\\0' " + ShellWords.line(words)]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let read = data.split(separator: 0, omittingEmptySubsequences: false).dropLast()
      .map { String(decoding: $0, as: UTF8.self) }
    #expect(read.map { Array($0.utf8) } == words.map { Array($0.utf8) })
  }

  @Test func plainWordsStayPlainAndControlsAreNeverShown() {
    #expect(ShellWords.line(["attnviz", "--layer", "L2", "0.5@L0"]) == "attnviz --layer L2 0.5@L0")
    for list in Self.lists {
      #expect(ShellWords.line(list).unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 })
    }
  }

  private static let shell = "/bin/bash"
  private static let hasShell = FileManager.default.isExecutableFile(atPath: shell)
}
