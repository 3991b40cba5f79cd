import Files
import TestSupport
import Testing

@Suite struct TemperatureTests {
  static let model = Program.model("gpt2")
  static let text = "The cat sat"

  @Test func printsATable() throws {
    let result = try Program.run(["temperature", "--model", Self.model, Self.text])
    #expect(result.code == 0 && result.error.isEmpty)
    for word in ["τ = 0", "τ = ∞", "entropy", "free energy", "others", "melts"] {
      #expect(result.out.contains(word), "\(word)")
    }
    #expect(
      result.out.split(separator: "\n").filter { $0.contains("␣") || $0.contains("0.") }.count > 5)
  }

  /// The call that scripts use.
  @Test func printsJSON() throws {
    let result = try Program.run([
      "temperature", "--model", Self.model, "--tau", "0,0.5,1,2,inf", "--top", "20", "--json",
      Self.text,
    ])
    let json = try JSON(parsing: Array(result.out.utf8), path: "out")
    #expect(json["tau"] == [0.0, 0.5, 1.0, 2.0, "inf"])
    #expect(json["tokens"]?.elements?.count == 20)
    let rows = (json["probabilities"]?.elements ?? []).map {
      $0.elements?.compactMap(\.number) ?? []
    }
    let rest = (json["rest"]?.elements ?? []).compactMap(\.number)
    #expect(rows.count == 5 && rest.count == 5)
    for (row, rest) in zip(rows, rest) {
      #expect(row.count == 20 && abs(row.reduce(rest, +) - 1) < 1e-12)
    }
    #expect(rows[0] == [1] + Array(repeating: 0, count: 19))
  }

  /// An encoder says what is hidden, and not what comes next.
  @Test func tempersWhatAnEncoderPutsInPlaceOfAMask() throws {
    let call = ["temperature", "--model", "tiny-bert", "--top", "3"]
    let masked = try Program.run(call + ["--json", "the cat sat on the [MASK]."])
    let json = try JSON(parsing: Array(masked.out.utf8), path: "out")
    #expect(json["at"]?["row"] == 6)
    let table = try Program.run(call + ["the cat sat on the [MASK]."]).out
    #expect(table.hasPrefix("Token in the place of “[MASK]” (row 6) in “the cat"), "\(table)")
    let plain = try Program.run(call + ["the cat sat on the mat."])
    #expect(plain.code == 64 && plain.error.contains("has no [MASK] to predict"))
    #expect(try Program.run(call + ["--row", "2", "the cat sat on the mat."]).code == 0)
  }

  @Test func tempersAHeadsRow() throws {
    let result = try Program.run([
      "temperature", "--model", Program.model("bert"), "--at", "L1H2", "--row", "3", "--json",
      Self.text,
    ])
    let json = try JSON(parsing: Array(result.out.utf8), path: "out")
    #expect(json["at"] == ["layer": 1, "head": 2, "row": 3])
    #expect(json["others"] == 0)
  }

  @Test func tellsWhatATemperatureInsideAttentionChanges() throws {
    let call = ["temperature", "--model", Self.model, "--json", Self.text]
    let own = try JSON(parsing: Array(Program.run(call).out.utf8), path: "own")
    let one = try JSON(
      parsing: Array(Program.run(call + ["--attention-tau", "1"]).out.utf8), path: "one")
    #expect(one["probabilities"] == own["probabilities"])
    #expect(one["attention"]?["total_variation"] == 0.0)
    let hot = try JSON(
      parsing: Array(Program.run(call + ["--attention-tau", "inf@L1"]).out.utf8), path: "hot")
    #expect(hot["probabilities"] != own["probabilities"])
    let changes = hot["attention"]?["changes_of_layers"]?.elements?.compactMap(\.number) ?? []
    #expect(changes.count == 2 && changes[0] == 0 && changes[1] > 0)
    let table = try Program.run(Array(call.dropLast(2)) + ["--attention-tau", "inf@L1", Self.text])
    #expect(table.out.contains("first changes in layer 1"))
    let wrong = try Program.run(call + ["--attention-tau", "2@L9"])
    #expect(wrong.code == 64)
  }

  /// The forms of the contract: L1, 1, L0-1, L1H2, 1.2, H2, all.
  @Test(arguments: [
    ("2@L0-1", "2@all"), ("2@1", "2@L1"), ("2@1.2", "2@L1H2"), ("0@0-1H2", "0@H2"), ("2", "2@all"),
  ])
  func placesHaveSeveralForms(one: String, other: String) throws {
    let call = ["temperature", "--model", Self.model, "--json", Self.text, "--attention-tau"]
    let (a, b) = (try Program.run(call + [one]), try Program.run(call + [other]))
    #expect(a.code == 0 && a.out == b.out, "\(a.error)")
  }

  @Test(arguments: ["2@L1-0", "2@L0H1-1", "2@L0-9", "2@", "x@L1", "-1@L1"])
  func placesThatDoNotExist(place: String) throws {
    let result = try Program.run(
      ["temperature", "--model", Self.model, Self.text, "--attention-tau=" + place])
    #expect(result.code == 64)
  }

  @Test func writesAFolderThatItMayReplaceUntilSomebodyAddsToIt() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/out"
      let call = ["temperature", "--model", Self.model, "-o", out, "-q", Self.text]
      #expect(try Program.run(call).code == 0)
      let names = ["density", "entropy", "gibbs", "maxwell-boltzmann", "tempering"]
      let files = names.flatMap { name in ["pdf", "png", "svg"].map { name + "." + $0 } }
      #expect(try namesInFolder(out).sorted() == (files + ["temperature.json"]).sorted())
      #expect(try Program.run(call + ["--format", "png"]).code == 0)
      #expect(try namesInFolder(out).count == 6)
      try writeFile(out + "/mine.txt", "mine")
      #expect(try Program.run(call).code == 73)
      #expect(try readFile(out + "/mine.txt") == Array("mine".utf8))
    }
  }

  @Test(arguments: [
    ["--tau", "-1"], ["--tau", "nan"], ["--tau", "1,x"], ["--tau", ""], ["--at", "L0"],
    ["--at", "L9H0"], ["--row", "99"], ["--top", "0"], ["--palette", "magma"], ["-o", "-"],
  ])
  func usage(arguments: [String]) throws {
    let result = try Program.run(["temperature", "--model", Self.model] + arguments + [Self.text])
    #expect(result.code == 64 && result.out.isEmpty && !result.error.isEmpty, "\(result.error)")
  }

  @Test func anEncoderHasNoNextToken() throws {
    let result = try Program.run(["temperature", "--model", Program.model("bert_base_model"), "a"])
    #expect(result.code == 64)
    #expect(result.error.contains("--at"))
  }

  @Test(arguments: ["tempering", "entropy", "gibbs", "density"])
  func drawsEachFigure(name: String) throws {
    let result = try Program.run([
      "draw", name, "--model", Self.model, "--row", "1", "-o", "-", Self.text,
    ])
    #expect(result.code == 0 && result.out.contains("<svg"))
    #expect(result.out.contains("row 1"))
  }

  @Test func thePictureFromPhysicsNeedsNoTextAndNoModel() throws {
    let result = try Program.run(["draw", "maxwell-boltzmann", "--alt"])
    #expect(result.code == 0 && result.out.contains("a = 2"))
  }
}
