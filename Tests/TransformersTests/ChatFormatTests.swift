import Files
import TestSupport
import Testing
import Tokenization
import Transformers

/// Conversations against the library transformers, which runs the templates (Fixtures/chat).
@Suite struct ChatFormatTests {
  struct Format: CustomTestStringConvertible {
    let name: String
    let template: String
    let cases: [JSON]
    var testDescription: String { name }
  }

  static let formats: [Format] = {
    let json = try? Fixtures.json(Fixtures.folder + "/chat/expected.json")
    return (json?.elements ?? []).map {
      Format(
        name: $0["name"]?.string ?? "", template: $0["template"]?.string ?? "",
        cases: $0["cases"]?.elements ?? [])
    }
  }()

  func format(_ template: String) throws -> ChatFormat {
    try ChatFormat(template: template, beginning: "<s>", end: "</s>")
  }

  @Test func theFixtureIsThere() {
    #expect(Self.formats.count == 12 && Self.formats.allSatisfy { $0.cases.count == 15 })
    let kinds = Set(Self.formats.compactMap { try? format($0.template).kind })
    #expect(kinds == Set(ChatFormat.Kind.allCases))
  }

  @Test(arguments: formats)
  func writesWhatTheTemplateWrites(format: Format) throws {
    let chat = try self.format(format.template)
    for item in format.cases {
      let (user, system) = (try #require(item["user"]?.string), item["system"]?.string)
      guard let expected = item["text"]?.string else {
        #expect(throws: ModelError.self) { try chat.prompt(user, system: system) }
        continue
      }
      let prompt = try chat.prompt(user, system: system)
      #expect(prompt.text == expected)
    }
  }

  /// The same tokens as the whole text gives: cutting it at the person's words changes none.
  @Test(arguments: formats.filter { $0.name.hasPrefix("chatml") })
  func encodesLikeTheWholeText(format: Format) throws {
    let tokenizer = try Tokenizer.load(folder: Fixtures.folder + "/tokenizers/qwen2")
    let chat = try self.format(format.template)
    for item in format.cases {
      let prompt = try chat.prompt(
        try #require(item["user"]?.string), system: item["system"]?.string)
      let ids = try tokenizer.encode(prompt.text, plain: prompt.plain).ids
      #expect(ids.map(JSON.integer) == item["ids"]?.elements)
    }
  }

  @Test func takesTheSystemMessageFromTheTemplateAlone() throws {
    func found(_ name: String) throws -> String? {
      try format(try #require(Self.formats.first { $0.name == name }).template).defaultSystem
    }
    #expect(try found("chatml") == nil && found("chatml_raw") == nil)
    #expect(try found("chatml_default") == "You are a test of templates")
    #expect(try found("chatml_escaped") == "You're a \"test\".\nTwo lines.")
  }

  @Test(arguments: [
    "", "{{ messages[0]['content'] }}", "{{ '<|im_start|>user<|im_sep|>' }}",
    "{{ '<|start_header_id|>' + strftime_now('%d') }}", "[SYSTEM_PROMPT] [INST]", "{{ '[INST]' ",
    "{{ '<|user|>' }}", "{% for message in messages %}### {{ message }}{% endfor %}",
  ])
  func refusesWhatItDoesNotKnow(template: String) {
    let error = #expect(throws: ModelError.self) { try format(template) }
    #expect(error?.description.contains("leave --chat out") == true)
  }

  @Test func refusesATemplateWithoutItsToken() {
    #expect(throws: ModelError.self) {
      try ChatFormat(template: "{{ bos_token }}<|im_start|>", beginning: nil, end: nil)
    }
  }

  /// Broken templates are read to their end, whatever they hold.
  @Test(arguments: [
    "{{ '<|im_start|>", "<|im_start|>{%", "{{ '\\", "{# <|im_start|>", "{", "}}<|im_start|>",
  ])
  func readsBrokenTemplates(template: String) throws {
    _ = try? format(template)
  }
}
