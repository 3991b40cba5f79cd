import Files
import TestSupport
import Testing

/// `attnviz verify`: every figure says enough to be made again, and a changed one is found out.
@Suite struct VerifyTests {
  static let text = "The cat didn't cross the river."
  static let chatModel = "llama"

  /// Every figure of the catalogue with options that are not the usual ones.
  static let calls: [(model: String, call: [String])] = [
    ("bert", ["heatmap", "--layer", "L1H2", "--no-special", "--words", "--theme", "dark"]),
    ("bert", ["heatmap", "--of", "scores", "--vmax", "2", "--attention-tau", "0.5@L0-1H1"]),
    ("bert", ["heatmap", "--head", "mean", "--layer", "1", "--palette", "viridis"]),
    ("bert", ["heatmap", "--no-values", "--scale", "log", "--sink-aware", "--width", "89mm"]),
    ("llama", ["heatmap", "--attention-tau", "inf@L1", "--attention-tau", "0.25@H0"]),
    ("bert", ["gallery", "--style", "slides", "--palette", "cividis"]),
    ("bert", ["gallery", "--pair", "It slept."]),
    ("bert", ["arcs", "--token", "2", "--heads", "L0H1,L1H2", "--threshold", "0.3"]),
    ("bert", ["arcs", "--layout", "rails", "--words"]),
    ("bert", ["asymmetry", "--layer", "1", "--head", "0"]),
    ("bert", ["product", "--token", "3", "--key", "1"]), ("bert", ["masks", "--window", "2"]),
    ("bert", ["scaling", "--head", "L0H3"]), ("bert", ["positions", "--encoding", "sinusoidal"]),
    ("bert", ["distance", "--head", "L1H2"]), ("bert", ["residual", "--token", "1"]),
    ("llama", ["tempering", "--tau", "0,0.3,inf", "--top", "5", "--row", "2"]),
    ("bert", ["tempering", "--at", "L1H2", "--tau", "1e-3,1"]),
    ("llama", ["entropy", "--row", "1"]),
    ("llama", ["gibbs"]), ("llama", ["density", "--tau", "0.5,2"]),
    (
      "llama",
      ["ribbon", "--tau", "1.5", "--seed", "18446744073709551615", "--max-new-tokens", "4"]
    ),
    (
      "llama",
      [
        "annealing", "--anneal", "cosine:1.5..0.2", "--seed", "3", "--top-k", "9", "--min-p",
        "0.01",
        "--repetition-penalty", "1.2", "--ignore-eos",
      ]
    ),
    ("gpt2", ["surprise", "--theme", "light"]),
    ("gpt2", ["flow", "--layer", "L1H0", "--token", "3", "--theme", "dark"]),
    ("gpt2", ["neighbours", "--layer", "0", "--top", "3"]),
    ("gpt2", ["evidence"]), ("bert", ["evidence", "--token", "2", "--theme", "dark"]),
  ]

  @Test(arguments: calls.indices, ["svg", "png", "pdf"])
  func figuresAreMadeAgain(index: Int, format: String) throws {
    let (model, call) = Self.calls[index]
    try withTemporaryFolder { folder in
      let file = "\(folder)/f.\(format)"
      try draw(call, model, file, extra: format == "png" ? ["--transparent", "--dpi", "110"] : [])
      let result = try Program.run(["verify", "--model", Program.model(model), file])
      #expect(result.code == 0 && result.error.isEmpty, "\(call): \(result)")
      #expect(result.out == "\(file): same (bytes identical)\n")
    }
  }

  @Test func everyFigureOfTheCatalogueIsTried() throws {
    let list = try Program.run(["draw", "--list"]).out.split(separator: "\n")
    let names = Set(list.compactMap { $0.split(separator: " ").first.map(String.init) })
    let own = [
      "maxwell-boltzmann", "translation", "worked", "architecture", "learning", "preference",
      "rlhf", "ppo",
    ]
    let missing = names.subtracting(Self.calls.map(\.call[0])).subtracting(own)
    #expect(missing.isEmpty, "\(missing)")
  }

  @Test(arguments: [
    (
      ["worked", "--no-special", "--layer", "1", "--head", "2", "--token", "1"],
      "cat sat" as String?
    ),
    (["architecture", "--theme", "dark", "--style", "web"], nil),
  ])
  func figuresOfFewTokensAndOfNone(call: [String], text: String?) throws {
    try withTemporaryFolder { folder in
      let file = folder + "/f.svg"
      try draw(call, "bert", file, text: text)
      let result = try Program.run(["verify", "--model", Program.model("bert"), file])
      #expect(result.code == 0 && result.out.hasSuffix("same (bytes identical)\n"), "\(result)")
    }
  }

  @Test func formulasNeedNoModel() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/f.svg"
      _ = try Program.run(["draw", "maxwell-boltzmann", "--theme", "dark", "-o", file])
      let result = try Program.run(["verify", file])
      #expect(result.code == 0 && result.out.hasSuffix("same (bytes identical)\n"))
    }
  }

  /// Figures of logs name them by their digest, and are made again from the same log only.
  @Test func logsAreNamed() throws {
    let traces = Fixtures.folder + "/../../docs/traces/"
    let (log, texts) = (traces + "alignment.json", traces + "contest.jsonl")
    try withTemporaryFolder { folder in
      let file = folder + "/f.svg"
      for call in [
        ["preference", "--comparisons", texts, "--theme", "dark"], ["preference"], ["rlhf"],
        ["ppo", "--width", "89mm"],
      ] {
        let drawn = try Program.run(["draw"] + call + ["--log", log, "-o", file])
        #expect(drawn.code == 0, "\(drawn.error)")
        let needed = call.contains("--comparisons") ? ["--comparisons", texts] : []
        let result = try Program.run(["verify", file, "--log", log] + needed)
        #expect(result.code == 0 && result.out.hasSuffix("(bytes identical)\n"), "\(result)")
        let without = try Program.run(["verify", file])
        #expect(without.code == 66 && without.error.contains("--log FILE"), "\(without)")
      }
      // The same log with another number.
      let changed = String(decoding: try readFile(log), as: UTF8.self)
        .replacing("\"clip\":0.2,", with: "\"clip\":0.25,")
      try writeFile(folder + "/other.json", changed)
      let other = try Program.run(["verify", file, "--log", folder + "/other.json"])
      #expect(other.code == 1 && other.out.contains("another sha256"), "\(other)")
      for (arguments, words) in [
        (["ppo"], "--log"), (["ppo", "--log", log, "cat"], "leave TEXT out"),
        (["gallery", "--log", log, "cat"], "does not take --log"),
        (["rlhf", "--log", log, "--comparisons", texts], "does not take --comparisons"),
      ] {
        let run = try Program.run(["draw"] + arguments + ["-o", file])
        #expect(run.code == 64 && run.error.contains(words), "\(run)")
      }
      let none = try Program.run(["draw", "ppo", "--log", log, "--run", "none", "-o", file])
      #expect(none.code == 66 && none.error.contains("it has "), "\(none)")
    }
  }

  @Test func encoderDecodersAndTheirStacks() throws {
    let model = Program.model("letters")
    try withTemporaryFolder { folder in
      for call in [
        ["translation"], ["heatmap", "--stack", "encoder", "--layer", "L0H1"], ["ribbon"],
      ] {
        let file = folder + "/f.svg"
        let drawn = try Program.run(["draw"] + call + ["--model", model, "-o", file, "the cat"])
        #expect(drawn.code == 0, "\(drawn.error)")
        let result = try Program.run(["verify", "--model", model, file])
        #expect(result.code == 0 && result.out.hasSuffix("(bytes identical)\n"), "\(result)")
      }
    }
  }

  @Test func textsOfEveryKindAreMadeAgain() throws {
    try withTemporaryFolder { folder in
      for text in ["", "-5 degrees", "--help", "naïve 東京 🙂 שלום", "a\nb\t\"c\" & <d>\r\n"] {
        let file = folder + "/f.svg"
        try writeFile(folder + "/t.txt", text)
        let drawn = try Program.run([
          "draw", "heatmap", "--model", Program.model("bert"), "--text-file", folder + "/t.txt",
          "-o", file,
        ])
        #expect(drawn.code == 0, "\(drawn.error)")
        let result = try Program.run(["verify", "--model", Program.model("bert"), file])
        #expect(
          result.code == 0 && result.out.hasSuffix("(bytes identical)\n"), "\(text): \(result)")
      }
    }
  }

  @Test func foldersOfOtherCommandsAreMadeAgain() throws {
    try withTemporaryFolder { folder in
      let model = Program.model("llama")
      let look = ["--theme", "dark", "--attention-tau", "0.5@L0"]
      let explained = try Program.run(
        ["explain", "--model", model, "-q", "-o", folder + "/e", Self.text] + look)
      let tempered = try Program.run(
        [
          "temperature", "--model", model, "-q", "--tau", "0.5,2", "--top", "4", "-o",
          folder + "/t",
        ]
          + look + [Self.text])
      #expect(explained.code == 0 && tempered.code == 0, "\(explained.error)\(tempered.error)")
      let files =
        try namesInFolder(folder + "/e/figures").map { "/e/figures/" + $0 }
        + namesInFolder(folder + "/t").filter { !$0.hasSuffix(".json") }.map { "/t/" + $0 }
      #expect(files.count > 20)
      for file in files where file.hasSuffix(".svg") {
        let result = try Program.run(["verify", "--model", model, folder + file])
        #expect(
          result.code == 0 && result.out.hasSuffix("(bytes identical)\n"), "\(file): \(result)")
      }
    }
  }

  @Test func recordingsAreNamedAndTheirDigestIsCompared() throws {
    try withTemporaryFolder { folder in
      let model = Program.model("bert")
      let (a, b, file) = (folder + "/a.safetensors", folder + "/b.npz", folder + "/f.svg")
      _ = try Program.run(["trace", "--model", model, "-o", a, "The cat sat on it."])
      _ = try Program.run(["trace", "--model", model, "-o", b, "The cat lay on it."])
      func expect(
        _ call: [String], _ verify: [String], _ code: Int32, _ words: String
      ) throws {
        let drawn = try Program.run(["draw", "heatmap", "-q", "-o", file] + call)
        #expect(drawn.code == 0, "\(call): \(drawn.error)")
        let result = try Program.run(["verify", file] + verify)
        #expect(result.code == code && (result.out + result.error).contains(words), "\(result)")
      }
      let same = "(bytes identical)"
      try expect(["--trace", a], ["--trace", a], 0, same)
      try expect(["--trace", a], [], 66, "name it with --trace FILE")
      try expect(["--trace", a], ["--trace", b], 1, "another sha256")
      try expect(["--trace", a, "--model", model], ["--trace", a, "--model", model], 0, same)
      try expect(["--trace", a, "--model", model], ["--trace", a], 66, "model bert is not here")
      let side = ["--compare", "side", "--against"]
      try expect(["--trace", a] + side + [b], ["--trace", a, "--against", b], 0, same)
      try expect(["--trace", a] + side + [b], ["--trace", a], 66, "name it with --against FILE")
      let text = ["--model", model, "The cat sat on it."]
      try expect(side + ["The cat lay on it."] + text, ["--model", model], 0, same)
      try expect(side + [b] + text, ["--model", model, "--against", b], 0, same)
    }
  }

  @Test func vectorsAreNamedAndTheirDigestIsCompared() throws {
    try withTemporaryFolder { folder in
      let (words, file) = (folder + "/words.txt", folder + "/f.svg")
      try writeFile(words, "king 1 0.2 0\nqueen 0.9 0.4 0\napple 0 0.1 1\npear 0.1 0 0.8\n")
      let drawn = try Program.run([
        "draw", "neighbours", "--vectors", words, "--unit", "random", "--seed", "5", "--top", "2",
        "-o", file, "king apple",
      ])
      #expect(drawn.code == 0, "\(drawn.error)")
      let same = try Program.run(["verify", "--vectors", words, file])
      #expect(same.code == 0 && same.out.hasSuffix("(bytes identical)\n"), "\(same)")
      let without = try Program.run(["verify", file])
      #expect(without.code == 66 && without.error.contains("--vectors FILE"), "\(without)")
      try writeFile(words, "king 1 0.2 0\nqueen 0.9 0.4 0\napple 0 0.1 1\npear 0.1 0 0.7\n")
      let other = try Program.run(["verify", "--vectors", words, file])
      #expect(other.code == 1 && other.out.contains("another sha256"), "\(other)")
    }
  }

  @Test func aChangedNumberIsFoundOut() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/map.svg"
      try draw(["heatmap", "--layer", "L1H1", "--values"], "bert", file)
      let svg = String(decoding: try readFile(file), as: UTF8.self)
      let texts = svg.split(separator: ">.").dropFirst().map { $0.prefix { $0 != "<" } }
      let number = try #require(texts.first { $0.count == 2 })
      let changed = svg.replacingFirst(">.\(number)</text>", with: ">.99</text>")
      #expect(changed != svg)
      try writeFile(file, changed)
      let result = try Program.run(["verify", "--model", Program.model("bert"), file])
      #expect(result.code == 1)
      #expect(
        result.out == "\(file): differs\n  text \".99\" is now \".\(number)\"\n", "\(result.out)")
    }
  }

  @Test func aPictureOfAnotherTextIsFoundOut() throws {
    try withTemporaryFolder { folder in
      for format in ["png", "pdf"] {
        let (file, other) = ("\(folder)/f.\(format)", "\(folder)/g.\(format)")
        try draw(["heatmap", "--layer", "L1H1"], "bert", file)
        try draw(["heatmap", "--layer", "L1H1", "--attention-tau", "3"], "bert", other)
        let forged = try Program.forged(try readFile(other), from: try readFile(file), format)
        try writeFile(other, forged)
        let result = try Program.run(["verify", "--model", Program.model("bert"), other])
        #expect(result.code == 1 && result.out.hasPrefix("\(other): differs\n  "), "\(result)")
      }
    }
  }

  @Test func saysWhyItCannot() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/f.svg"
      try draw(["heatmap", "--theme", "dark"], "bert", file)
      let absent = try Program.run(["verify", file])
      #expect(absent.code == 66 && absent.error.contains("model bert is not here"), "\(absent)")
      let other = try Program.run(["verify", "--model", Program.model("gpt2"), file])
      #expect(other.code == 1 && other.out.contains("drawn with another model"), "\(other)")
      let extra = try Program.run(["verify", "--trace", file, file])
      #expect(extra.code == 64 && extra.error.contains("leave --trace out"), "\(extra)")
      let svg = String(decoding: try readFile(file), as: UTF8.self)
      for (from, to, code, words) in [
        ("<metadata>", "<other>", 65, "does not say what it was made from"),
        ("provenance/1", "provenance/9", 65, "not of the kind"),
        (
          "&quot;recomputable&quot;:true", "&quot;recomputable&quot;:false", 65,
          "cannot be computed"
        ),
        ("&quot;given&quot;", "&quot;taken&quot;", 65, "with which options"),
        ("&quot;given&quot;:{", "&quot;given&quot;:{&quot;no&quot;:3,", 64, "--no"),
        ("&quot;given&quot;:{", "&quot;given&quot;:{&quot;output&quot;:3,", 64, "not one of"),
        ("&quot;model&quot;:&quot;", "&quot;model&quot;:&quot;/", 66, "is not here"),
        ("&quot;figure&quot;:&quot;heatmap", "&quot;figure&quot;:&quot;photo", 64, "no figure"),
      ] as [(String, String, Int32, String)] {
        let changed = svg.replacingFirst(from, with: to)
          .replacingFirst("</metadata>", with: to == "<other>" ? "</other>" : "</metadata>")
        #expect(changed != svg, "\(from)")
        try writeFile(folder + "/g.svg", changed)
        let model = code == 66 ? [] : ["--model", Program.model("bert")]
        let result = try Program.run(["verify", folder + "/g.svg"] + model)
        #expect(result.code == code && result.error.contains(words), "\(from): \(result)")
      }
      try writeFile(folder + "/h.svg", "no picture")
      #expect(try Program.run(["verify", folder + "/h.svg"]).code == 65)
      #expect(try Program.run(["verify", folder + "/none.svg"]).code == 66)
      #expect(try Program.run(["verify"]).code == 64)
    }
  }

  @Test func anotherVersionIsANoteOnly() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/f.svg"
      try draw(["heatmap"], "bert", file)
      let svg = String(decoding: try readFile(file), as: UTF8.self)
      let key = "&quot;version&quot;:&quot;"
      try writeFile(file, svg.replacingFirst(key, with: key + "9"))
      let result = try Program.run(["verify", "--model", Program.model("bert"), file])
      #expect(result.code == 0 && result.out.contains(": same (words equal"), "\(result)")
      #expect(result.error.contains("drawn by version 9"))
    }
  }

  private func draw(
    _ call: [String], _ model: String, _ file: String, extra: [String] = [],
    text: String? = Self.text
  ) throws {
    let result = try Program.run(
      ["draw"] + call + ["--model", Program.model(model), "-o", file, "-q"] + extra
        + (text.map { [$0] } ?? []))
    #expect(result.code == 0, "\(call): \(result.error)")
  }
}

extension Program {
  /// A picture that claims the origin of another one.
  static func forged(_ picture: [UInt8], from origin: [UInt8], _ format: String) throws -> [UInt8] {
    // A PNG's chunk begins with four bytes that say how long it is.
    let (start, end, before) =
      format == "png" ? ("iTXtattnviz", "IDAT", 4) : ("/Keywords", "/CreationDate", 0)
    func place(_ bytes: [UInt8]) throws -> Range<Int> {
      let first = try #require(bytes.firstRange(of: Array(start.utf8))).lowerBound
      let last = try #require(bytes[first...].firstRange(of: Array(end.utf8))).lowerBound
      return (first - before)..<(last - before)
    }
    var forged = picture
    forged.replaceSubrange(try place(picture), with: origin[try place(origin)])
    return forged
  }
}

extension String {
  /// The text with the first place of one word changed.
  func replacingFirst(_ word: String, with other: String) -> String {
    guard let range = firstRange(of: word) else { return self }
    return self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}
