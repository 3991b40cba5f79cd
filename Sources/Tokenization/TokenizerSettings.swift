internal import Files

/// What the files beside a vocabulary say: `tokenizer_config.json`, `special_tokens_map.json` and
/// `added_tokens.json`.
struct TokenizerSettings {
  let folder: InputFolder
  private let config: JSON
  private let specials: JSON
  /// What `added_tokens.json` says.
  let added: JSON
  /// The class of the tokenizer without its "Fast", or the kind of the model where no class is
  /// named.
  let kind: String?

  /// Reads the files that are there.
  init(folder: InputFolder) throws {
    self.folder = folder
    config = try readObject("tokenizer_config.json", in: folder)
    specials = try readObject("special_tokens_map.json", in: folder)
    added = try readObject("added_tokens.json", in: folder)
    let name =
      try config["tokenizer_class"]?.string
      ?? readObject("config.json", in: folder)["model_type"]?.string
    kind = name.map { $0.hasSuffix("Fast") ? String($0.dropLast(4)) : $0 }
  }

  /// A value of `tokenizer_config.json`; null counts as absent.
  subscript(key: String) -> JSON? {
    guard let value = config[key], !value.isNull else { return nil }
    return value
  }

  /// A value that is true or false.
  func flag(_ key: String) -> Bool? { self[key]?.bool }

  /// A special token by its key, such as "eos_token": a string, or an object with its content.
  func special(_ key: String) -> String? {
    for file in [config, specials] {
      if let token = file[key]?.string ?? file[key]?["content"]?.string { return token }
    }
    return nil
  }

  /// The added tokens as `tokenizer_config.json` lists them; nil when it does not.
  func listedTokens() throws -> [AddedToken]? {
    try listing().map { try readAddedTokens($0, path: folder.path(of: "tokenizer_config.json")) }
  }

  /// The same list as `tokenizer.json` writes it.
  func listing() throws -> JSON? {
    guard let listed = config["added_tokens_decoder"]?.members else { return nil }
    return .array(
      try listed.map { member in
        guard let id = Int(member.key), let token = member.value.members else {
          throw FileError(
            .badData, folder.path(of: "tokenizer_config.json"),
            "the added token \(member.key.quoted) is not an id and an object")
        }
        return .object([JSON.Member("id", .integer(id))] + token.filter { $0.key != "id" })
      })
  }

  /// The tokens of `added_tokens.json`; special where another file gives them a part to play.
  func addedTokens() throws -> [AddedToken] {
    let special = Set((specials.members ?? []).map(\.key).compactMap(special).map(ByteString.init))
    return try (added.members ?? []).map { member in
      guard let id = member.value.integer else {
        throw FileError(
          .badData, folder.path(of: "added_tokens.json"),
          "the id of \(member.key.quoted) is not a whole number")
      }
      return AddedToken(
        id: id, content: member.key, isSpecial: special.contains(ByteString(member.key)))
    }
  }

  /// The error for a class whose rules are not known.
  func unknownRules(_ name: String) -> FileError {
    FileError(
      .badData, folder.path,
      "has no tokenizer.json, and the rules of \(name.quoted) are not known; save the tokenizer as tokenizer.json"
    )
  }
}

/// The object in a file; an empty one when there is no such file.
func readObject(_ name: String, in folder: InputFolder) throws -> JSON {
  guard folder.contains(name) else { return [:] }
  let json = try folder.json(name)
  guard json.members != nil else {
    throw FileError(.badData, folder.path(of: name), "is \(json.kind); an object is expected")
  }
  return json
}
