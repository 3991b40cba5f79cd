import Files
import Foundation
import TestSupport
import Testing
import Transformers

/// `attnviz doctor`: it sees what is broken, because it tries.
@Suite struct DoctorTests {
  /// What it found.
  struct Report {
    let code: Int32
    let json: JSON

    /// The finding about one thing.
    subscript(topic: String, check: String) -> JSON? {
      json["checks"]?.elements?.first {
        $0["topic"] == .string(topic) && $0["check"] == .string(check)
      }
    }

    func state(_ topic: String, _ check: String) -> String? { self[topic, check]?["state"]?.string }
  }

  /// A report, with a store of its own.
  private func report(
    _ folder: String, _ environment: [String: String] = [:]
  ) throws -> Report {
    let store = ["XDG_DATA_HOME": folder, "XDG_CACHE_HOME": folder]
    let result = try Program.run(
      ["doctor", "--json"], environment: store.merging(environment) { $1 })
    #expect(result.error.isEmpty, "\(result.error)")
    return Report(
      code: result.code, json: try JSON(parsing: Array(result.out.utf8), path: "report"))
  }

  @Test func aReportIsWhole() throws {
    try withTemporaryFolder { folder in
      let report = try report(folder)
      #expect(report.json["schema"] == "attnviz.doctor/1")
      let checks = try #require(report.json["checks"]?.elements)
      let problems = checks.filter { $0["state"] == "problem" }
      #expect(report.code == (problems.isEmpty ? 0 : 1))
      #expect(report.json["usable"] == .bool(problems.isEmpty))
      for check in checks {
        #expect(check["fact"]?.string?.isEmpty == false)
        // Whoever is told of a defect is told what to do.
        #expect((check["state"] == "ok") == (check["advice"]?.isNull == true), "\(check)")
      }
      let topics = Set(checks.compactMap { $0["topic"]?.string })
      #expect(topics == ["fonts", "drawing", "numbers", "terminal", "models", "machine"])
      for model in EmbeddedModel.all { #expect(report.state("models", model.name) == "ok") }
      let version = try Program.run(["--version"]).out.dropLast()
      #expect(report.json["version"] == .string(String(version)))
    }
  }

  @Test func theTextSaysTheSame() throws {
    try withTemporaryFolder { folder in
      let store = ["XDG_DATA_HOME": folder, "XDG_CACHE_HOME": folder]
      let result = try Program.run(["doctor", "--color", "never"], environment: store)
      let report = try report(folder)
      #expect(result.code == report.code)
      for check in report.json["checks"]?.elements ?? [] where check["topic"] == "fonts" {
        let fact = try #require(check["fact"]?.string)
        #expect(result.out.contains(fact))
      }
      let quiet = try Program.run(["doctor", "--quiet", "--color", "never"], environment: store)
      #expect(!quiet.out.contains("  ok  "))
    }
  }

  @Test func aChangedModelIsSeen() throws {
    try withTemporaryFolder { folder in
      let store = ["XDG_DATA_HOME": folder, "XDG_CACHE_HOME": folder]
      let added = try Program.run(
        ["models", "add", "mine", Program.model("bert")], environment: store)
      #expect(added.code == 0, "\(added.error)")
      #expect(try report(folder).state("models", "mine") == "ok")
      let file = folder + "/attnviz/models/mine/model.safetensors"
      let sound = try readFile(file)
      var changed = sound
      changed[sound.count - 3] ^= 1
      for (bytes, words) in [(changed, "SHA-256"), (Array(sound.dropLast()), "bytes, not")] {
        try writeFile(file, bytes)
        let broken = try report(folder)
        #expect(broken.code == 1)
        #expect(broken.state("models", "mine") == "problem")
        #expect(broken["models", "mine"]?["fact"]?.string?.contains(words) == true)
        #expect(broken["models", "mine"]?["advice"]?.string?.contains("remove mine") == true)
      }
      try removeTree(folder + "/attnviz/models/mine/attnviz.json")
      let stranger = try report(folder)
      #expect(stranger.code == 1)
      #expect(stranger["models", "mine"]?["fact"]?.string?.contains("manifest") == true)
    }
  }

  @Test func aDefaultThatIsGoneIsAProblem() throws {
    try withTemporaryFolder { folder in
      #expect(try report(folder).state("models", "default") == "ok")
      let named = try report(folder, ["ATTNVIZ_MODEL": "no-such-model"])
      #expect(named.code == 1)
      #expect(named["models", "default"]?["advice"]?.string?.contains("ATTNVIZ_MODEL") == true)
      try createFolder(folder + "/attnviz")
      try writeFile(folder + "/attnviz/default-model", "gone\n")
      #expect(try report(folder).state("models", "default") == "problem")
    }
  }

  #if os(Linux)
    /// A fontconfig file that knows the fonts of one folder only.
    private func fonts(_ folder: String, _ fonts: String) throws -> [String: String] {
      try writeFile(
        folder + "/fonts.conf",
        "<?xml version=\"1.0\"?><fontconfig><dir>\(fonts)</dir></fontconfig>")
      return ["FONTCONFIG_FILE": folder + "/fonts.conf"]
    }

    @Test func missingFontsAreSeen() throws {
      try withTemporaryFolder { folder in
        try createFolder(folder + "/none")
        let none = try report(folder, fonts(folder, folder + "/none"))
        #expect(none.code == 1)
        #expect(none.state("fonts", "letters") == "problem")
        #expect(none.state("drawing", "SVG") == "problem")
        let drawn = try Program.run(
          ["draw", "gallery", "--model", Program.model("bert"), "-o", folder + "/f.svg", "a b"],
          environment: fonts(folder, folder + "/none"))
        #expect(drawn.code == 70 && drawn.error.contains("no font"), "\(drawn.error)")
        let boxes = try report(folder, fonts(folder, Fixtures.folder + "/fonts"))
        #expect(boxes.state("fonts", "words and numbers") == "warning")
        let missing = boxes["fonts", "scripts"]?["missing"]?.elements ?? []
        #expect(missing.contains("Chinese") && !missing.contains("Hebrew"))
      }
    }

    /// The file of a font that has Latin letters and no Chinese ones.
    private static let dejavu: String? = {
      let call = ["fc-match", "-f", "%{family}|%{file}", "DejaVu Sans"]
      let parts = ((try? runProgram(call)) ?? nil)?.output.split(separator: "|") ?? []
      return parts.count == 2 && parts[0] == "DejaVu Sans" ? String(parts[1]) : nil
    }()

    @Test(.enabled(if: dejavu != nil, "DejaVu Sans is not installed"))
    func whatStandsForAFontIsNamed() throws {
      try withTemporaryFolder { folder in
        try createFolder(folder + "/one")
        try FileManager.default.createSymbolicLink(
          atPath: folder + "/one/DejaVuSans.ttf",
          withDestinationPath: try #require(Self.dejavu))
        let few = try report(folder, fonts(folder, folder + "/one"))
        #expect(few.code == 0)
        #expect(few.state("fonts", "scripts") == "warning")
        let missing = few["fonts", "scripts"]?["missing"]?.elements ?? []
        #expect(missing.contains("Chinese") && !missing.contains("Latin"))
        let words = try #require(few["fonts", "words and numbers"])
        #expect(words["state"] == "warning" && words["drawn"] == "DejaVu Sans")
        let there = (words["wanted"]?.elements ?? []).filter { $0["there"] == true }
        #expect(there.map { $0["family"] } == ["DejaVu Sans"])
      }
    }
  #endif

  #if os(Linux) && arch(x86_64)
    @Test func kernelsAreThoseThatRun() throws {
      try withTemporaryFolder { folder in
        let report = try report(folder, ["OPENBLAS_CORETYPE": "Nehalem"])
        #expect(report["numbers", "products"]?["core"] == "Nehalem")
        #expect(report["numbers", "products"]?["trusted"] == true)
      }
    }
  #endif

  @Test func coloursSayWhy() throws {
    try withTemporaryFolder { folder in
      func found(_ environment: [String: String]) throws -> (JSON?, JSON?) {
        let colors = try report(folder, environment)["terminal", "colours"]
        return (colors?["colors"], colors?["reason"])
      }
      let plain = try found([:])
      #expect(plain == ("none", "standard output is no terminal"))
      let refused = try found(["NO_COLOR": "1", "FORCE_COLOR": "1"])
      #expect(refused == ("none", "NO_COLOR is set"))
      let forced = try found(["FORCE_COLOR": "1", "COLORTERM": "truecolor"])
      #expect(forced == ("24 bits", "FORCE_COLOR is set"))
    }
  }

  @Test(arguments: [("15;0", "dark"), ("0;15", "light"), ("12;default", nil), ("0;99", nil)])
  func backgroundsAreRead(value: String, background: String?) throws {
    try withTemporaryFolder { folder in
      let report = try report(folder, ["COLORFGBG": value])
      #expect(
        report["terminal", "background"]?["background"] == background.map(JSON.string) ?? .null)
    }
  }

  /// A terminal of Python's that answers the question for its background.
  private static let terminal = """
    import os, pty, sys, select
    pid, end = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8")
        os.execv(sys.argv[1], [sys.argv[1], "doctor", "--color", "never"])
    seen = b""
    asked = False
    while True:
        try:
            piece = os.read(end, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
        if not asked and b"]11;?" in seen and b"[c" in seen:
            asked = True
            if sys.argv[2]:
                os.write(end, b"\\x1b]11;rgb:" + sys.argv[2].encode() + b"\\x1b\\\\")
            os.write(end, b"\\x1b[?62;22c")
    sys.stdout.buffer.write(seen)
    """

  @Test(
    .enabled(if: hasPython, "python3 is not installed"),
    arguments: [("ffff/ffff/dddd", "light"), ("1e/1e/2e", "dark"), ("", "not known")])
  func aTerminalIsAsked(color: String, words: String) throws {
    let result = try #require(
      try runProgram(["python3", "-c", Self.terminal, Program.path, color]))
    let line = result.output.split(whereSeparator: \.isNewline).first { $0.contains("background") }
    #expect(line?.contains(words) == true, "\(result.output)")
    #expect(result.output.contains("columns"))
  }

  private static var hasPython: Bool {
    ((try? runProgram(["python3", "--version"])) ?? nil)?.code == 0
  }
}
