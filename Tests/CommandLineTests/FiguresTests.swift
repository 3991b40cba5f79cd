import Files
import TestSupport
import Testing

/// `attnviz figures`: manifests are drawn once, and checked without writing.
@Suite struct FiguresTests {
  static let text = "The cat didn't cross the river."

  /// A manifest of four figures, three of them of one run.
  private static func manifest(_ quotes: JSON = []) -> JSON {
    func entry(_ figure: String, _ model: String, _ options: JSON, _ output: JSON) -> JSON {
      [
        "figure": .string(figure), "model": .string(Program.model(model)), "text": .string(text),
        "options": options, "output": output,
      ]
    }
    let quoted = entry(
      "heatmap", "bert", ["layer": "L1H2", "no-special": true, "theme": "dark"],
      ["map.svg", "map.png"])
    return [
      .object((quoted.members ?? []) + [JSON.Member("quotes", quotes)]),
      entry("gallery", "bert", [:], "gallery.pdf"),
      entry(
        "arcs", "bert", ["heads": ["L0H1", "L1H2"], "token": 2, "threshold": 0.25], "arcs.svg"),
      entry(
        "tempering", "llama", ["tau": [0, 0.5, "inf"], "attention-tau": ["0.5@L0", "2@L1H1"]],
        "tau.svg"),
      ["figure": "maxwell-boltzmann", "output": "gas.svg"],
    ]
  }

  private func write(_ manifest: JSON, _ folder: String) throws -> String {
    let path = folder + "/figures.json"
    try writeFile(path, manifest.text(indented: true))
    return path
  }

  @Test func drawsWhatDrawDraws() throws {
    try withTemporaryFolder { folder in
      let path = try write(Self.manifest(), folder)
      let result = try Program.run(["figures", path])
      #expect(result.code == 0 && result.error == "5 figures: 5 drawn, 0 unchanged\n", "\(result)")
      #expect(
        try namesInFolder(folder) == [
          "arcs.svg", "figures.json", "gallery.pdf", "gas.svg", "map.png", "map.svg", "tau.svg",
        ])
      // Figures that shared a run are what they are alone, byte for byte.
      let alone: [(String, [String])] = [
        ("map.svg", ["heatmap", "--layer", "L1H2", "--no-special", "--theme", "dark"]),
        ("map.png", ["heatmap", "--layer", "L1H2", "--no-special", "--theme", "dark"]),
        ("gallery.pdf", ["gallery"]),
        ("arcs.svg", ["arcs", "--heads", "L0H1,L1H2", "--token", "2", "--threshold", "0.25"]),
      ]
      for (name, call) in alone {
        let file = folder + "/alone-" + name
        _ = try Program.run(
          ["draw"] + call + ["--model", Program.model("bert"), "-o", file, Self.text])
        let (one, other) = (try readFile(file), try readFile(folder + "/" + name))
        #expect(one == other, "\(name)")
      }
    }
  }

  /// Figures that tell how many heads they compared are not told more by what others recorded.
  @Test func sharedRunsSayNoMore() throws {
    try withTemporaryFolder { folder in
      func entry(_ figure: String, _ options: JSON) -> JSON {
        [
          "figure": .string(figure), "model": .string(Program.model("bert")),
          "text": .string(Self.text), "options": options, "output": .string(figure + ".svg"),
        ]
      }
      let manifest: JSON = [
        entry("gallery", [:]), entry("masks", ["layer": 0, "head": 1]),
        entry("positions", ["layer": 1]), entry("residual", [:]), entry("distance", [:]),
      ]
      let result = try Program.run(["figures", try write(manifest, folder)])
      #expect(result.code == 0, "\(result)")
      for (figure, call) in [
        ("masks", ["--layer", "0", "--head", "1"]), ("positions", ["--layer", "1"]),
        ("residual", []), ("distance", []),
      ] {
        let alone = folder + "/alone.svg"
        _ = try Program.run(
          ["draw", figure, "--model", Program.model("bert"), "-o", alone, Self.text] + call)
        let (one, other) = (try readFile(alone), try readFile("\(folder)/\(figure).svg"))
        #expect(one == other, "\(figure)")
      }
    }
  }

  @Test func drawsOnlyWhatChanged() throws {
    try withTemporaryFolder { folder in
      let path = try write(Self.manifest(), folder)
      _ = try Program.run(["figures", path])
      #expect(try Program.run(["figures", path]).error == "5 figures: 0 drawn, 5 unchanged\n")
      #expect(
        try Program.run(["figures", path, "--force"]).error == "5 figures: 5 drawn, 0 unchanged\n")
      // Another text, another option, another file.
      let changed = Self.manifest().text()
        .replacingFirst("\"token\":2", with: "\"token\":3").replacingFirst("gas.svg", with: "f.svg")
      try writeFile(path, changed)
      #expect(try Program.run(["figures", path]).error == "5 figures: 2 drawn, 3 unchanged\n")
      try writeFile(folder + "/map.png", "damaged")
      #expect(try Program.run(["figures", path]).error == "5 figures: 1 drawn, 4 unchanged\n")
      #expect(try Program.run(["figures", path, "--check"]).code == 0)
    }
  }

  @Test func checksFilesAndQuotes() throws {
    try withTemporaryFolder { folder in
      let weight = "layers.1.attention.weights[2, 3, 1]"
      let archive = folder + "/trace.json"
      _ = try Program.run([
        "trace", "--model", Program.model("bert"), "--record", "weights", "-o", archive, Self.text,
      ])
      let tensors = try JSON(parsing: try readFile(archive), path: archive)
      let found = try #require(
        tensors["tensors"]?["layers.1.attention.weights"].flatMap { Self.number($0, [2, 3, 1]) })
      func quotes(_ value: Double) -> JSON {
        [["value": .string(weight), "is": .number(value), "within": 0.0005]]
      }
      let path = try write(Self.manifest(quotes(found)), folder)
      _ = try Program.run(["figures", path])
      let good = try Program.run(["figures", path, "--check"])
      #expect(good.code == 0 && good.out.isEmpty, "\(good)")
      #expect(good.error == "5 figures and 1 quoted number: as they were\n")

      try writeFile(path, Self.manifest(quotes(found + 0.002)).text())
      let off = try Program.run(["figures", path, "--check"])
      #expect(off.code == 1 && off.out.contains("\(weight): "), "\(off)")
      #expect(off.out.contains("the manifest says") && off.out.contains("± 0.0005"))
      #expect(off.error == "5 figures and 1 quoted number: 1 drifted\n")

      try writeFile(path, Self.manifest(quotes(found)).text())
      let map = String(decoding: try readFile(folder + "/map.svg"), as: UTF8.self)
      try writeFile(folder + "/map.svg", map.replacingFirst("</title>", with: " ocean</title>"))
      try removeTree(folder + "/arcs.svg")
      let before = try namesInFolder(folder)
      let drifted = try Program.run(["figures", path, "--check"])
      #expect(drifted.code == 1 && drifted.error.contains("2 drifted"), "\(drifted)")
      #expect(drifted.out.contains("map.svg: ") && drifted.out.contains("ocean"))
      #expect(drifted.out.contains("\(folder)/arcs.svg: is missing\n"))
      #expect(try namesInFolder(folder) == before)
    }
  }

  /// A number of nested lists.
  private static func number(_ value: JSON, _ place: [Int]) -> Double? {
    let shape = value["shape"]?.elements?.compactMap(\.integer) ?? []
    let index = zip(shape, place).reduce(0) { $0 * $1.0 + $1.1 }
    return value["values"]?[index]?.number
  }

  @Test func aFigureThatFailsStopsNoOther() throws {
    try withTemporaryFolder { folder in
      let manifest: JSON = [
        [
          "figure": "heatmap", "model": .string(Program.model("bert")), "text": "the cat",
          "options": ["layer": 77], "output": "a.svg",
        ],
        ["figure": "maxwell-boltzmann", "output": "b.svg"],
        ["figure": "maxwell-boltzmann", "output": "absent/c.svg"],
      ]
      let path = try write(manifest, folder)
      let result = try Program.run(["figures", path])
      #expect(result.code == 64, "\(result)")
      #expect(result.error.contains("3 figures: 1 drawn, 0 unchanged, 2 failed"))
      #expect(result.error.contains("figures.json, figure 1 (a.svg): "))
      #expect(result.error.contains("figures.json, figure 3 (absent/c.svg): "))
      #expect(fileExists(folder + "/b.svg"))
    }
  }

  @Test func recordingsAreDrawnFromAndQuoted() throws {
    try withTemporaryFolder { folder in
      for (name, text) in [("a", "The cat sat on it."), ("b", "The cat lay on it.")] {
        let traced = try Program.run([
          "trace", "--model", Program.model("bert"), "-o", folder + "/\(name).safetensors", text,
        ])
        #expect(traced.code == 0, "\(traced.error)")
      }
      func manifest(_ value: Double) -> JSON {
        [
          [
            "figure": "heatmap", "trace": "a.safetensors", "options": ["layer": "L1H1"],
            "output": "m.svg",
            "quotes": [
              // The mask leaves no weight out: the mean of a row of n weights is 1/n.
              [
                "value": "mean(layers.0.attention.weights[2, 1, :])", "is": .number(value),
                "within": 1e-6,
              ]
            ],
          ],
          ["figure": "gallery", "trace": "a.safetensors", "output": ["g.svg", "g.png"]],
          [
            "figure": "heatmap", "trace": "a.safetensors", "against": "b.safetensors",
            "options": ["compare": "side"], "output": "s.svg",
          ],
        ]
      }
      let tokens = try Program.run([
        "tokenize", "--model", Program.model("bert"), "--json", "The cat sat on it.",
      ])
      let count = try JSON(parsing: Array(tokens.out.utf8), path: "tokens")["ids"]?.elements?.count
      let path = try write(manifest(1 / Double(try #require(count))), folder)
      #expect(try Program.run(["figures", path]).error == "3 figures: 3 drawn, 0 unchanged\n")
      #expect(try Program.run(["figures", path]).error == "3 figures: 0 drawn, 3 unchanged\n")
      let checked = try Program.run(["figures", path, "--check"])
      #expect(checked.code == 0, "\(checked)")
      try writeFile(path, manifest(0.5).text())
      let off = try Program.run(["figures", path, "--check"])
      #expect(off.code == 1 && off.out.contains("m.svg: mean(layers.0"), "\(off)")
      // Another recording under the same name.
      try writeFile(folder + "/a.safetensors", try readFile(folder + "/b.safetensors"))
      let changed = try Program.run(["figures", path, "--check"])
      #expect(changed.code == 1 && changed.error.contains("3 drifted"), "\(changed)")
      #expect(try Program.run(["figures", path]).error == "3 figures: 3 drawn, 0 unchanged\n")
    }
  }

  /// The pictures of the documentation are what this program draws, and what it quotes is there. The
  /// fonts must be those of the packages that `make setup` installs.
  @Test(.enabled(if: hasFonts, "the fonts of the documentation are not installed"))
  func theDocumentationHasNotDrifted() throws {
    let result = try Program.run([
      "figures", Fixtures.folder + "/../../docs/figures.json", "--check",
    ])
    #expect(result.code == 0, "\(result.out)\(result.error)")
  }

  /// The gallery has every figure of the catalogue, and its pictures are those of its manifest.
  @Test func theGalleryShowsEveryFigure() throws {
    let docs = Fixtures.folder + "/../../docs/"
    let page = String(decoding: try readFile(docs + "gallery.md"), as: UTF8.self)
    let path = docs + "gallery.json"
    let manifest = try JSON(parsing: try readFile(path), path: path).elements ?? []
    let list = try Program.run(["draw", "--list"]).out.split(separator: "\n")
    let names = list.compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(Set(manifest.compactMap { $0["figure"]?.string }) == Set(names))
    for name in names { #expect(page.contains("\nattnviz draw \(name) "), "\(name)") }
    for entry in manifest {
      let output = try #require(entry["output"]?.string)
      #expect(page.contains("](\(output))"), "\(output)")
      #expect(fileExists(docs + output), "\(output)")
    }
  }

  private static var hasFonts: Bool {
    let list = (try? runProgram(["fc-list", "Inter", "family"])).flatMap(\.self)
    return list?.output.contains("Inter") ?? false
  }

  static let broken: [(manifest: String, code: Int32, words: String)] = [
    ("", 65, "ends too early"), ("{}", 65, "a manifest is a list of figures, not an object"),
    ("[1]", 65, "figure 1: a number in place of an object"),
    ("[{}]", 65, "\"figure\" is missing"),
    (#"[{"figure": 3, "output": "a.svg"}]"#, 65, "\"figure\" is a number, not a string"),
    (#"[{"figure": "gas"}]"#, 65, "\"output\" names the file"),
    (#"[{"figure": "gas", "output": []}]"#, 65, "\"output\" names the file"),
    (#"[{"figure": "gas", "output": [1]}]"#, 65, "\"output\" names the file"),
    (#"[{"figure": "gas", "output": "a.svg", "sizes": 1}]"#, 65, "no key \"sizes\"; known: figure"),
    (
      #"[{"figure": "gas", "output": "a.svg"}]"#, 64, "figure 1 (a.svg): there is no figure \"gas\""
    ),
    (#"[{"figure": "heatmap", "output": "a.svg"}]"#, 64, "Give a text"),
    (#"[{"figure": "heatmap", "text": "a", "output": "a.bmp"}]"#, 64, "no known format"),
    (#"[{"figure": "heatmap", "text": "a", "output": "a.svg", "options": []}]"#, 65, "\"options\""),
    (
      #"[{"figure": "heatmap", "text": "a", "output": "a.svg", "options": {"size": 3}}]"#, 64,
      "figure 1 (a.svg): Unknown option '--size"
    ),
    (
      #"[{"figure": "heatmap", "text": "a", "output": "a.svg", "options": {"layer": "x"}}]"#, 64,
      "'x' is invalid for '--layer"
    ),
    (
      #"[{"figure": "heatmap", "text": "a", "output": "a.svg", "options": {"layer": {}}}]"#, 64,
      "\"layer\" is an object"
    ),
    (
      #"[{"figure": "heatmap", "text": "a", "output": "a.svg", "options": {"help": true}}]"#, 64,
      "\"help\" is not one of a figure's options"
    ),
    (
      #"[{"figure": "heatmap", "text": "a", "output": "a.svg", "options": {"-o": "b"}}]"#, 64,
      "cannot be called"
    ),
    (
      #"[{"figure": "heatmap", "text": "a", "output": "a.svg", "options": {"token": 3}}]"#, 64,
      "heatmap does not take --token"
    ),
    (
      #"[{"figure": "heatmap", "text": "a", "output": "a.svg", "quotes": [{"value": "x"}]}]"#, 65,
      "a quote is"
    ),
    (
      #"[{"figure": "heatmap", "text": "a", "output": "a.svg", "#
        + #""quotes": [{"value": "x", "is": 1, "within": 0}]}]"#, 65, "\"x\" is no place of a trace"
    ),
    (
      #"[{"figure": "maxwell-boltzmann", "output": "a.svg", "#
        + #""quotes": [{"value": "logits[0, 0]", "is": 1, "within": 0}]}]"#, 65,
      "nothing can be quoted"
    ),
    (
      #"[{"figure": "maxwell-boltzmann", "output": "a.svg"}, "#
        + #"{"figure": "maxwell-boltzmann", "output": ["b.svg", "a.svg"]}]"#, 65, "two figures"
    ),
  ]

  @Test(arguments: broken.indices)
  func saysWhatIsWrongWithAManifest(index: Int) throws {
    let (manifest, code, words) = Self.broken[index]
    try withTemporaryFolder { folder in
      try writeFile(folder + "/m.json", manifest)
      let result = try Program.run(["figures", folder + "/m.json"])
      #expect(result.code == code && result.error.contains(words), "\(manifest): \(result)")
      #expect(result.error.split(separator: "\n").count == 1 && result.error.contains("m.json"))
      #expect(try namesInFolder(folder) == ["m.json"])
    }
  }

  @Test func saysWhatIsWrongWithACall() throws {
    try withTemporaryFolder { folder in
      let absent = try Program.run(["figures", folder + "/none.json"])
      #expect(absent.code == 66, "\(absent)")
      let both = try Program.run(["figures", "--check", "--force", folder + "/none.json"])
      #expect(both.code == 64)
    }
  }
}
