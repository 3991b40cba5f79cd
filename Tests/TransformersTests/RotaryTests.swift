import Files
import TestSupport
import Testing
import Transformers

/// How long texts turn queries and keys, against transformers.
@Suite struct RotaryTests {
  /// One set of parameters at one length.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let parameters: JSON
    let tokens: Int
    let factor: Double
    let frequencies: [Double]

    var testDescription: String { "\(name), \(tokens) tokens" }
  }

  static func cases() throws -> [Case] {
    let json = try Fixtures.json(FamilyTests.folder + "/frequencies.json")
    return try #require(json.elements).map { json in
      Case(
        name: try #require(json["name"]?.string),
        parameters: try #require(json["rope_parameters"]),
        tokens: try #require(json["tokens"]?.integer), factor: try #require(json["factor"]?.number),
        frequencies: try #require(json["frequencies"]?.elements).compactMap(\.number))
    }
  }

  /// The configuration of a Llama with heads of 32 dimensions and some more keys.
  func configuration(_ keys: [String: JSON]) throws -> Configuration {
    try withTemporaryFolder { folder in
      let members =
        [
          JSON.Member("model_type", "llama"), JSON.Member("hidden_size", 64),
          JSON.Member("num_attention_heads", 2), JSON.Member("num_hidden_layers", 1),
          JSON.Member("max_position_embeddings", 2048),
        ] + keys.map { JSON.Member($0.key, $0.value) }
      try writeFile(folder + "/config.json", JSON.object(members).text())
      return try Configuration(folder: folder)
    }
  }

  @Test(arguments: try cases())
  func agreesWithTransformers(_ expected: Case) throws {
    let shape = try configuration(["rope_parameters": expected.parameters])
    let rotary = try #require(shape.rotary.first ?? nil)
    #expect(abs(rotary.factor - expected.factor) < 1e-6 * expected.factor)
    let found = rotary.frequencies(tokens: expected.tokens)
    #expect(found.count == expected.frequencies.count)
    for (a, b) in zip(found, expected.frequencies) { #expect(abs(a - b) <= 3e-6 * b) }
  }

  /// The keys of transformers 4 say the same.
  @Test(arguments: try cases())
  func readsTheOldKeysAlike(_ expected: Case) throws {
    let members = try #require(expected.parameters.members)
    let theta = try #require(expected.parameters["rope_theta"])
    for key in ["type", "rope_type"] {
      let scaling = members.compactMap { member -> JSON.Member? in
        if member.key == "rope_theta" { return nil }
        return JSON.Member(member.key == "rope_type" ? key : member.key, member.value)
      }
      #expect(
        try configuration(["rope_theta": theta, "rope_scaling": .object(scaling)])
          == configuration(["rope_parameters": expected.parameters]))
    }
  }

  /// YaRN and a growing base are there for longer texts than those of the training.
  @Test func longTextsAreTaken() throws {
    #expect(
      try configuration(["rope_scaling": ["type": "dynamic", "factor": 4]]).maximumTokens == 8192)
    #expect(
      try configuration(["rope_scaling": ["type": "yarn", "factor": 3]]).maximumTokens == 6144)
    #expect(
      try configuration(["rope_scaling": ["type": "linear", "factor": 3]]).maximumTokens == 2048)
    #expect(
      try configuration(["rope_scaling": ["type": "yarn", "factor": 1e300]]).maximumTokens
        == 1_000_000_000)
  }

  @Test(
    arguments: [
      (["rope_scaling": ["type": "mrope"]], "mrope"),
      (["rope_scaling": ["type": "linear"]], "rope_scaling.factor"),
      (["rope_scaling": ["type": "linear", "factor": 0]], "rope_scaling.factor"),
      (
        ["rope_scaling": ["type": "linear", "factor": 2, "beta_fast": 3]], "rope_scaling.beta_fast"
      ),
      (["rope_scaling": "linear"], "rope_scaling"),
      (["rope_scaling": ["type": "dynamic"]], "rope_scaling.factor"),
      (
        [
          "rope_scaling": [
            "type": "llama3", "factor": 2, "low_freq_factor": 4, "high_freq_factor": 4,
          ]
        ], "low_freq_factor"
      ),
      (["rope_parameters": ["rope_type": "longrope", "long_factor": [1]]], "short_factor"),
      (
        ["rope_parameters": ["rope_type": "default", "partial_rotary_factor": 0.5]],
        "partial_rotary_factor"
      ),
      (["rope_parameters": ["rope_theta": -1]], "rope_parameters.rope_theta"),
      (["rope_parameters": ["rope_theta": 1], "rope_scaling": ["type": "linear"]], "rope_scaling"),
      (["rope_theta": "big"], "rope_theta"),
    ] as [([String: JSON], String)])
  func refuses(keys: [String: JSON], word: String) throws {
    let error = fileError { _ = try configuration(keys) }
    #expect(error?.kind == .badData)
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "no error")")
  }
}
