import Files
import Foundation
import TestSupport
import Testing

/// `attnviz step` without a terminal.
@Suite struct StepTests {
  static let text = "The cat sat on the mat."

  private func step(
    _ words: [String], model: String = "gpt2", text: String = text
  ) throws -> Program.Result {
    try Program.run(["step", "--model", Program.model(model)] + words + ["--", text])
  }

  private func stations(_ text: String) throws -> [JSON] {
    let json = try JSON(parsing: Array(text.utf8), path: "walk")
    #expect(json["schema"] == "attnviz.walk/1")
    return try #require(json["stations"]?.elements)
  }

  @Test(arguments: ["tiny-bert", "tiny-gpt", "tiny-speller"])
  func walksThroughTheModelsOfTheProgram(model: String) throws {
    let result = try Program.run(
      ["step", "--model", model, "--plain", "The cat sat."], environment: ["COLUMNS": "80"])
    #expect(result.code == 0 && result.error.isEmpty, "\(result.error)")
    let lines = result.out.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count < (model == "tiny-speller" ? 800 : 420), "\(lines.count) lines")
    #expect(lines.allSatisfy { $0.count <= 82 }, "\(lines.filter { $0.count > 82 })")
    let json = try Program.run(["step", "--model", model, "--json", "The cat sat."])
    let ids = try stations(json.out).compactMap { $0["station"]?.string }
    // Every station is there, in order.
    var rest = Substring(result.out)
    for id in ids {
      let place = try #require(rest.range(of: "\n\(id) "), "\(id)")
      rest = rest[place.upperBound...]
      rest = Substring(" " + rest)
    }
    #expect(ids.contains { $0.hasSuffix("L0.weights") })
  }

  @Test func oneStationHasAllItsNumbers() throws {
    let result = try step(["--station", "weights", "--layer", "L1H2", "--token", "2"])
    #expect(result.code == 0 && result.out.hasPrefix("L1.weights  Softmax"), "\(result)")
    #expect(result.out.contains("head 2 of") && result.out.contains("token 2"))
    let json = try step(
      ["--station", "weights", "--layer", "L1H2", "--token", "2", "--json"])
    let station = try stations(json.out)[0]
    #expect(station["head"] == 2 && station["layer"] == 1 && station["token"] == 2)
    let rows = try #require(station["table"]?["rows"]?.elements)
    for row in rows {
      let cells = try #require(row.elements).compactMap(\.string)
      #expect(cells.suffix(2).allSatisfy { result.out.contains($0) }, "\(cells)")
    }
  }

  @Test func tokensAreNamedByNumberOrText() throws {
    let first = try JSON(
      parsing: Array(try step(["--station", "tokens", "--json"], model: "bert").out.utf8), path: "j"
    )
    let tokens = try #require(first["tokens"]?.elements).compactMap(\.string)
    let place = try #require(
      tokens.indices.first { index in
        tokens[index].first?.isLetter == true && tokens.count { $0 == tokens[index] } == 1
      })
    for word in ["\(place)", tokens[place], tokens[place].uppercased()] {
      let json = try step(["--station", "L0.scores", "--token", word, "--json"], model: "bert")
      #expect(try stations(json.out)[0]["token"]?.integer == place, "\(word): \(json.error)")
    }
  }

  @Test func aKeyIsMultipliedDimensionByDimension() throws {
    let result = try step(["--station", "L0.scores", "--token", "3", "--key", "1", "--head", "1"])
    #expect(result.code == 0 && result.out.contains("largest of the"), "\(result)")
    #expect(result.out.contains("the sum so far"))
  }

  @Test(arguments: [
    (["--station", "wieghts"], "did you mean weights?"),
    (["--station", "L9.weights"], "no layer 9"),
    (["--layer", "9"], "no layer 9"), (["--head", "L0H99"], "no head 99"),
    (["--token", "99"], "no token 99"), (["--token", "dragon"], "there is no token \"dragon\""),
    (["--key", "99"], "no token 99"), (["--off", "L9H0"], "no layer 9"),
    (["--off", "cross.L0H0"], "one stack"), (["--off", "nonsense"], "--off"),
    (["--replace", "cat"], "takes a token and a word"), (["--replace", "99=dog"], "no token 99"),
    (["--replace", "1=zzqzzq zzq"], "is not one token"), (["--tau", "-1"], "tau"),
    (["--station", "weights", "--stack", "cross"], "one stack"), (["-o", "x.svg"], "--station"),
    (["--station", "text", "-o", "x.svg"], "has no figure"),
    (["--layer", "L0H1", "--head", "2"], "different places"),
  ])
  func mistakesAreSaid(words: [String], message: String) throws {
    let result = try step(words)
    #expect(result.code == 64, "\(words): \(result)")
    #expect(result.error.contains(message) && result.out.isEmpty, "\(words): \(result.error)")
  }

  @Test func editsAreToldAgainstTheRunWithoutThem() throws {
    let words = ["--off", "L0H1", "--attention-tau", "0.5@L1", "--replace", "1=#7"]
    let result = try step(words)
    #expect(result.code == 0 && result.out.contains("L0H1 switched off"), "\(result)")
    #expect(result.out.contains("edited: ") && result.out.contains("→"))
    let json = try step(words + ["--json"])
    let document = try JSON(parsing: Array(json.out.utf8), path: "j")
    #expect(document["edits"]?["off"]?[0] == "L0H1")
    #expect(document["edits"]?["replaced"]?[0]?["id"] == 7)
    let changed = try stations(json.out).filter {
      ($0["change"]?["largest"]?.number ?? 0) > 0
    }
    #expect(changed.count > 10)
    let own = try stations(step(["--json"]).out)
    #expect(own.allSatisfy { $0["change"]?.isNull == true })
  }

  /// The picture of a station says how it is made again.
  @Test(arguments: [
    ["--station", "L1.weights", "--head", "1", "--off", "L0H1", "--replace", "1=#7"],
    ["--station", "scores", "--layer", "L1H0", "--token", "3", "--key", "1", "--theme", "dark"],
    ["--station", "weights", "--layer", "0", "--head", "all", "--attention-tau", "0.5@L0"],
    ["--station", "distribution", "--tau", "0.5"], ["--station", "distribution", "--tau", "inf"],
    ["--station", "add-attention", "--layer", "1"],
  ])
  func picturesAreVerified(words: [String]) throws {
    try withTemporaryFolder { folder in
      for format in ["svg", "png", "pdf"] {
        let file = "\(folder)/f.\(format)"
        let drawn = try step(words + ["-o", file])
        #expect(drawn.code == 0, "\(drawn.error)")
        let result = try Program.run(["verify", "--model", Program.model("gpt2"), file])
        #expect(result.code == 0 && result.out.hasSuffix("(bytes identical)\n"), "\(result)")
      }
    }
  }

  @Test func picturesOfAnEncoderDecoderAreVerified() throws {
    try withTemporaryFolder { folder in
      for station in ["encoder.L0.weights", "decoder.L1.cross.weights", "decoder.L0.mixed"] {
        let file = folder + "/f.svg"
        let drawn = try step(
          ["--station", station, "--off", "cross.L0H1", "-o", file], model: "letters",
          text: "bad head")
        #expect(drawn.code == 0, "\(drawn.error)")
        let result = try Program.run(["verify", "--model", Program.model("letters"), file])
        #expect(result.code == 0 && result.out.hasSuffix("(bytes identical)\n"), "\(result)")
      }
    }
  }

  /// Control characters and marks of direction never reach a terminal.
  @Test func textsOfEveryKindAreShown() throws {
    for text in ["", "naïve 東京 🙂 שלום עולם", "a\u{1B}[31mb\u{202E}c\r\n\td"] {
      for model in ["bert", "gpt2"] {
        let result = try step([], model: model, text: text)
        guard result.code == 0 else {
          #expect(text.isEmpty && model == "gpt2" && result.code == 65, "\(result)")
          continue
        }
        let controls = result.out.unicodeScalars.filter {
          ($0.value < 32 && $0 != "\n") || (0x2066...0x2069).contains($0.value)
            || (0x202A...0x202E).contains($0.value)
        }
        #expect(controls.isEmpty, "\(controls)")
      }
    }
  }
}
