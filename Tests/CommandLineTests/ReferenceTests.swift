import Files
import TestSupport
import Testing

/// The reference is what the program's help says.
@Suite struct ReferenceTests {
  private static let root = Fixtures.folder + "/../.."

  /// When this fails the help was changed: `make reference` writes the files anew.
  @Test(.enabled(if: answers(["python3", "--version"]), "python3 is not installed"))
  func nothingHasDrifted() throws {
    let result = try #require(
      try runProgram(["python3", Self.root + "/scripts/reference", "--check", Program.path]))
    #expect(result.code == 0, "\(result.output)")
  }

  /// Every command has its page, and the page of the program names it.
  @Test func everyCommandHasAPage() throws {
    let help = try Program.run(["--help"]).out
    let start = try #require(help.firstRange(of: "SUBCOMMANDS:")?.upperBound)
    let commands = help[start...].split(separator: "\n").compactMap { line in
      line.hasPrefix("  ") && !line.hasPrefix("   ") && !line.hasPrefix("  See")
        ? line.split(separator: " ").first : nil
    }
    #expect(commands.contains("draw") && commands.contains("doctor"))
    let reference = String(
      decoding: try readFile(Self.root + "/docs/command-line.md"), as: UTF8.self)
    for command in commands {
      #expect(
        fileExists(Self.root + "/docs/man/attnviz-\(command).1"), "make reference: \(command)")
      #expect(reference.contains("\n## attnviz \(command)\n"), "make reference: \(command)")
    }
  }

  /// Every variable of the environment that the sources ask for is told.
  @Test(.enabled(if: answers(["grep", "--version"]), "grep is not installed"))
  func everyVariableIsTold() throws {
    let found = try #require(
      try runProgram(["grep", "-rhoE", "environment\\(\"[A-Z_]+\"\\)", Self.root + "/Sources"]))
    let names = Set(found.output.split(separator: "\n").map { $0.split(separator: "\"")[1] })
    #expect(names.contains("ATTNVIZ_MODEL"))
    let page = String(decoding: try readFile(Self.root + "/docs/command-line.md"), as: UTF8.self)
    for name in names { #expect(page.contains(name), "scripts/reference.json: \(name)") }
  }

  static let pages = ((try? namesInFolder(root + "/docs/man")) ?? []).filter { $0.hasSuffix(".1") }

  /// No date stands in a page, so that it changes only with the help; long lines are what they are.
  @Test(.enabled(if: answers(["mandoc", "-Tlint", "/dev/null"]), "mandoc is not installed"))
  func mandocHasNoComplaint() throws {
    for page in Self.pages {
      let result = try #require(
        try runProgram(["mandoc", "-Tlint", "-Wwarning", Self.root + "/docs/man/" + page]))
      let lines = result.output.split(separator: "\n").filter { !$0.contains("missing date") }
      #expect(lines.isEmpty, "\(page): \(lines)")
    }
  }

  @Test(.enabled(if: answers(["groff", "--version"]), "groff is not installed"))
  func groffHasNoComplaint() throws {
    for page in Self.pages {
      let path = Self.root + "/docs/man/" + page
      let command = ["sh", "-c", "groff -k -ww -man -Tutf8 \"$1\" > /dev/null", "sh", path]
      let result = try #require(try runProgram(command))
      #expect(result.code == 0 && result.output.isEmpty, "\(page): \(result.output)")
    }
  }

  private static func answers(_ call: [String]) -> Bool {
    ((try? runProgram(call)) ?? nil).map { $0.code != 127 } ?? false
  }
}
