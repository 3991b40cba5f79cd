public import Files

extension Tokenizer {
  /// Reads `tokenizer.json`.
  ///
  /// - Parameters:
  ///   - json: The parsed file.
  ///   - path: The file's name for messages.
  /// - Throws: `FileError` of kind `badData` that names the part that is broken or not supported.
  public init(json: JSON, path: String) throws {
    guard json.members != nil else {
      throw FileError(.badData, path, "is \(json.kind), not the object of a tokenizer")
    }
    func component(_ key: String) throws -> Component? {
      guard let part = json[key], !part.isNull else { return nil }
      return try Component(part, role: key, path: path)
    }
    guard let modelPart = json["model"] else {
      throw FileError(.badData, path, "has no \"model\"")
    }
    tokenModel = try readTokenModel(
      Component(modelPart, role: "model", path: path, type: impliedModelType(modelPart)))
    normalizer = try component("normalizer").map(Normalizer.init)
    preTokenizer = try component("pre_tokenizer").map(PreTokenizer.init)
    postProcessing = try component("post_processor").map(PostProcessing.init) ?? PostProcessing()
    decoder = try component("decoder").map(Decoder.init)
    addedTokens = try AddedTokens(
      readAddedTokens(json["added_tokens"], path: path), vocabulary: tokenModel.vocabulary,
      normalizer: normalizer, path: path)
  }
}

/// The kind of a model in files from before models said it.
private func impliedModelType(_ model: JSON) -> String? {
  if model["merges"] != nil { return "BPE" }
  if model["vocab"]?.elements != nil { return "Unigram" }
  return model["continuing_subword_prefix"] != nil ? "WordPiece" : nil
}

func readAddedTokens(_ json: JSON?, path: String) throws -> [AddedToken] {
  guard let json, !json.isNull else { return [] }
  guard let elements = json.elements else {
    throw FileError(.badData, path, "\"added_tokens\" is \(json.kind); a list is expected")
  }
  return try elements.map { element in
    let token = try Component(element, role: "added_tokens", path: path, type: "AddedToken")
    guard let id = try token.integer("id") else { throw token.wrong("id", "a whole number") }
    return AddedToken(
      id: id, content: try token.text("content"),
      isSingleWord: try token.flag("single_word", default: false),
      stripsLeft: try token.flag("lstrip", default: false),
      stripsRight: try token.flag("rstrip", default: false),
      isNormalized: try token.flag("normalized", default: true),
      isSpecial: try token.flag("special", default: false))
  }
}

// MARK: - models

private func readTokenModel(_ component: Component) throws -> any TokenModel {
  switch component.type {
  case "WordPiece":
    return WordPiece(
      vocabulary: try readVocabulary(component), unknownToken: try component.text("unk_token"),
      continuingPrefix: try component.optionalText("continuing_subword_prefix") ?? "##",
      longestWord: try component.integer("max_input_chars_per_word") ?? 100)
  case "WordLevel":
    return WordLevel(
      vocabulary: try readVocabulary(component), unknownToken: try component.text("unk_token"))
  case "BPE": return try readBytePair(component)
  case "Unigram":
    return try Unigram(
      pieces: readPieces(component), unknownID: try component.integer("unk_id"),
      fallsBackToBytes: try component.flag("byte_fallback", default: false),
      path: component.path)
  default: throw component.unknownType(["BPE", "Unigram", "WordLevel", "WordPiece"])
  }
}

private func readVocabulary(_ component: Component) throws -> Vocabulary {
  let entries = try component.members("vocab").map { member in
    guard let id = member.value.integer else {
      throw component.error("the id of \(member.key.quoted) is not a whole number")
    }
    return (token: member.key, id: id)
  }
  return try Vocabulary(entries, path: component.path)
}

private func readBytePair(_ component: Component) throws -> BytePair {
  var options = BytePair.Options()
  options.unknownToken = try component.optionalText("unk_token")
  options.continuingPrefix = try component.optionalText("continuing_subword_prefix") ?? ""
  options.wordSuffix = try component.optionalText("end_of_word_suffix") ?? ""
  options.fusesUnknown = try component.flag("fuse_unk", default: false)
  options.fallsBackToBytes = try component.flag("byte_fallback", default: false)
  options.prefersWholeWords = try component.flag("ignore_merges", default: false)
  let merges = try component.elements("merges").enumerated().compactMap { index, merge in
    if merge.string?.hasPrefix("#version") == true { return nil as BytePair.Merge? }
    guard let pair = merge.string.map(BytePair.Merge.init(line:)) ?? BytePair.Merge(merge) else {
      throw component.error("merge \(index + 1) is not a pair of tokens")
    }
    return pair
  }
  return try BytePair(
    vocabulary: readVocabulary(component), merges: merges, options: options,
    path: component.path)
}

extension BytePair.Merge {
  /// Reads two tokens with one space between them.
  init?(line: String) {
    let bytes = line.utf8
    guard let space = bytes.firstIndex(of: UInt8(ascii: " ")) else { return nil }
    let rest = bytes[bytes.index(after: space)...]
    guard !rest.contains(UInt8(ascii: " ")) else { return nil }
    self.init(left: line[..<space], right: Substring(rest))
  }

  /// Reads a list of two tokens.
  fileprivate init?(_ json: JSON) {
    guard let elements = json.elements, elements.count == 2, let left = elements[0].string,
      let right = elements[1].string
    else { return nil }
    self.init(left: left[...], right: right[...])
  }
}

private func readPieces(_ component: Component) throws -> [(token: String, score: Double)] {
  try component.elements("vocab").enumerated().map { index, piece in
    guard let token = piece[0]?.string, let score = piece[1]?.number else {
      throw component.error("piece \(index) is not a string and its score")
    }
    return (token, score)
  }
}
