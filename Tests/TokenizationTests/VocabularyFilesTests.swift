import Files
import TestSupport
import Testing
import Tokenization

/// Folders without `tokenizer.json`.
@Suite struct VocabularyFilesTests {
  @Test(arguments: [
    ("bert_uncased", ["vocab.txt"]), ("gpt2", ["vocab.json", "merges.txt"]),
    ("roberta", ["vocab.json", "merges.txt"]),
  ])
  func agreesWithReference(_ name: String, _ files: [String]) throws {
    try withTemporaryFolder { folder in
      try copy(files + ["tokenizer_config.json"], of: name, to: folder)
      try Expectations.check(
        Tokenizer.load(folder: folder), Samples.expected(name), name: name + " without json")
    }
  }

  @Test(
    .enabled(if: Fixtures.parity != nil, "the shared parity set is not here"),
    arguments: ["bert_cased", "bert_uncased", "gpt2", "qwen2", "roberta"])
  func agreesWithReferenceInFull(_ name: String) throws {
    let source = try #require(Fixtures.parity) + "/tokenizers/" + name
    try withTemporaryFolder { folder in
      for file in ["vocab.txt", "vocab.json", "merges.txt", "tokenizer_config.json"]
      where fileExists(source + "/" + file) {
        try writeFile(folder + "/" + file, readFile(source + "/" + file))
      }
      try Expectations.check(
        Tokenizer.load(folder: folder), Fixtures.json(source + "/expected.json"), name: name)
    }
  }

  /// The oldest folders name no class; the kind of the model decides, and the usual names.
  @Test func readsTheUsualSpecialTokens() throws {
    try withTemporaryFolder { folder in
      try copy(["vocab.txt"], of: "bert_uncased", to: folder)
      try writeFile(folder + "/config.json", #"{"model_type": "bert"}"#)
      try Expectations.check(
        Tokenizer.load(folder: folder), Samples.expected("bert_uncased"), name: "by model type")
    }
    try withTemporaryFolder { folder in
      try copy(["vocab.json", "merges.txt"], of: "roberta", to: folder)
      try writeFile(folder + "/config.json", #"{"model_type": "roberta"}"#)
      try writeFile(folder + "/added_tokens.json", #"{"<mask>": 380}"#)
      try Expectations.check(
        Tokenizer.load(folder: folder), Samples.expected("roberta"), name: "by model type")
    }
  }

  @Test func obeysTheCaseSetting() throws {
    try withTemporaryFolder { folder in
      try copy(["vocab.txt"], of: "bert_uncased", to: folder)
      let settings = #"{"tokenizer_class": "BertTokenizerFast", "do_lower_case": false}"#
      try writeFile(folder + "/tokenizer_config.json", settings)
      let tokenizer = try Tokenizer.load(folder: folder)
      #expect(try tokenizer.encode("the The").tokens == ["[CLS]", "the", "[UNK]", "[SEP]"])
    }
  }

  @Test func endsLinesOfAnyKind() throws {
    try withTemporaryFolder { folder in
      let lines = [
        "[PAD]", "[UNK]\r", "[CLS] ", "[SEP]", "", "a\u{A0}", "cafe\u{301}", "caf\u{E9}",
      ]
      try writeFile(folder + "/vocab.txt", lines.joined(separator: "\n"))
      let settings = #"{"tokenizer_class": "BertTokenizer", "strip_accents": false}"#
      try writeFile(folder + "/tokenizer_config.json", settings)
      let tokenizer = try Tokenizer.load(folder: folder)
      #expect(try tokenizer.encode("a caf\u{E9} cafe\u{301} b").ids == [2, 5, 7, 6, 1, 3])
    }
  }

  /// Guessing rules would give wrong tokens without a word.
  @Test(arguments: [
    (#"{"tokenizer_class": "Qwen2Tokenizer"}"#, "Qwen2Tokenizer"), ("{}", "no name"),
    (#"{"tokenizer_class": "GPT2Tokenizer"}"#, "GPT2Tokenizer"), ("[]", "an array"),
    (#"{"tokenizer_class": "BertTokenizer", "added_tokens_decoder": {"x": {}}}"#, "\"x\""),
    (#"{"tokenizer_class": "BertTokenizer", "do_lower_case": "yes"}"#, "lowercase"),
  ])
  func refusesAndSaysWhy(_ settings: String, _ word: String) throws {
    try withTemporaryFolder { folder in
      try copy(["vocab.txt"], of: "bert_uncased", to: folder)
      try writeFile(folder + "/tokenizer_config.json", settings)
      let error = fileError { _ = try Tokenizer.load(folder: folder) }
      #expect(error?.kind == .badData)
      #expect(error?.fact.contains(word) == true, "\(String(describing: error))")
    }
  }

  @Test func refusesBrokenVocabularies() throws {
    let texts: [[UInt8]] = [[], Array("a\nb\n".utf8), [0xFF, 0x0A], Array("[CLS]\n".utf8)]
    for text in texts {
      try withTemporaryFolder { folder in
        try writeFile(folder + "/vocab.txt", text)
        try writeFile(folder + "/config.json", #"{"model_type": "bert"}"#)
        #expect(fileError { _ = try Tokenizer.load(folder: folder) }?.kind == .badData)
      }
    }
    try withTemporaryFolder { folder in
      #expect(fileError { _ = try Tokenizer.load(folder: folder) }?.kind == .notFound)
      try copy(["vocab.json"], of: "gpt2", to: folder)
      #expect(fileError { _ = try Tokenizer.load(folder: folder) }?.kind == .notFound)
      try writeFile(folder + "/merges.txt", "#version: 0.2\nt h e\n")
      try writeFile(folder + "/config.json", #"{"model_type": "gpt2"}"#)
      let error = fileError { _ = try Tokenizer.load(folder: folder) }
      #expect(error?.fact.contains("merge 2") == true)
    }
  }

  private func copy(_ files: [String], of name: String, to folder: String) throws {
    for file in files {
      try writeFile(folder + "/" + file, readFile(Samples.folder(name) + "/" + file))
    }
  }
}
