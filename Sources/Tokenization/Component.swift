internal import Files

/// One part of `tokenizer.json` while it is read: an object with a type, and where it stands.
struct Component {
  private let json: JSON
  /// The key it stands under, for messages: "normalizer".
  let role: String
  /// The file, for messages.
  let path: String
  /// The name of the part: "BertNormalizer".
  let type: String

  /// Opens an object; `type` stands in where the object does not say its type.
  init(_ json: JSON, role: String, path: String, type: String? = nil) throws {
    guard json.members != nil else {
      throw FileError(.badData, path, "\"\(role)\" is \(json.kind); an object is expected")
    }
    guard let type = json["type"]?.string ?? type else {
      throw FileError(.badData, path, "\"\(role)\" does not say its \"type\"")
    }
    self.json = json
    self.role = role
    self.path = path
    self.type = type
  }

  // MARK: values

  /// The value of a key; `null` counts as absent.
  func value(_ key: String) -> JSON? {
    guard let value = json[key], !value.isNull else { return nil }
    return value
  }

  func flag(_ key: String, default standard: Bool) throws -> Bool {
    try read(key, \.bool, "true or false") ?? standard
  }

  func integer(_ key: String) throws -> Int? {
    try read(key, \.integer, "a whole number")
  }

  func optionalText(_ key: String) throws -> String? {
    try read(key, \.string, "a string")
  }

  func text(_ key: String) throws -> String {
    try optionalText(key) ?? { throw wrong(key, "a string") }()
  }

  func scalar(_ key: String) throws -> Unicode.Scalar {
    let scalars = try text(key).unicodeScalars
    guard let first = scalars.first, scalars.count == 1 else { throw wrong(key, "one character") }
    return first
  }

  func elements(_ key: String) throws -> [JSON] {
    try read(key, \.elements, "a list") ?? { throw wrong(key, "a list") }()
  }

  func members(_ key: String) throws -> [JSON.Member] {
    try read(key, \.members, "an object") ?? { throw wrong(key, "an object") }()
  }

  /// One of a few words.
  func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, default standard: Choice?
  ) throws -> Choice {
    guard let name = try optionalText(key) else {
      if let standard { return standard }
      throw wrong(key, Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard let choice = Choice(rawValue: name) else {
      throw wrong(key, Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  /// The parts of a sequence.
  func parts(_ key: String) throws -> [Component] {
    try elements(key).map { try Component($0, role: role, path: path) }
  }

  /// A pattern: `{"String": …}` or `{"Regex": …}`.
  func pattern(_ key: String) throws -> Pattern {
    if let literal = value(key)?["String"]?.string { return Pattern(literal: literal) }
    if let regex = value(key)?["Regex"]?.string { return try Pattern(regex: regex, path: path) }
    throw wrong(key, "{\"String\": …} or {\"Regex\": …}")
  }

  // MARK: messages

  private func read<Value>(
    _ key: String, _ get: (JSON) -> Value?, _ expected: String
  ) throws -> Value? {
    guard let json = value(key) else { return nil }
    guard let value = get(json) else { throw wrong(key, expected) }
    return value
  }

  /// The error for a key whose value is missing or of the wrong kind.
  func wrong(_ key: String, _ expected: String) -> FileError {
    let found = json[key].map { $0.string?.quoted ?? $0.kind } ?? "missing"
    return error("\"\(key)\" is \(found); expected: \(expected)")
  }

  /// The error for a part that is not known, with what is.
  func unknownType(_ known: [String]) -> FileError {
    FileError(
      .badData, path,
      "\"\(role)\" has the type \(type.quoted), which is not supported; known: "
        + known.joined(separator: ", "))
  }

  /// An error about this part.
  func error(_ fact: String) -> FileError {
    FileError(.badData, path, "\"\(role)\" (\(type.visible)): \(fact)")
  }
}
