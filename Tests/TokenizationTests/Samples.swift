import Files
import TestSupport
import Tokenization

/// The tokenizers of the fixtures, as they are and changed.
enum Samples {
  /// The folder of a fixture.
  static func folder(_ name: String) -> String { Fixtures.folder + "/tokenizers/" + name }

  /// A tokenizer of the fixtures.
  static func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(json: json(name), path: name)
  }

  /// The `tokenizer.json` of a fixture.
  static func json(_ name: String) throws -> JSON {
    try Fixtures.json(folder(name) + "/tokenizer.json")
  }

  /// What the reference implementation gives for some texts.
  static func expected(_ name: String) throws -> JSON {
    try Fixtures.json(folder(name) + "/expected.json")
  }

  /// The texts of those rows.
  static func texts(_ name: String) throws -> [String] {
    try (expected(name)["rows"]?.elements ?? []).compactMap { $0["text"]?.string }
  }
}

extension JSON {
  /// The same with another value at a path of keys and indices: `"model.vocab.a"`,
  /// `"added_tokens.0.id"`. Keys that are not there are added.
  func replacing(_ path: String, by value: JSON) -> JSON {
    replacing(path.split(separator: ".").map(String.init)[...], by: value)
  }

  private func replacing(_ path: ArraySlice<String>, by value: JSON) -> JSON {
    guard let key = path.first else { return value }
    let rest = path.dropFirst()
    if case .array(var elements) = self, let index = Int(key), elements.indices.contains(index) {
      elements[index] = elements[index].replacing(rest, by: value)
      return .array(elements)
    }
    var members = self.members ?? []
    if let index = members.firstIndex(where: { bytesEqual($0.key, key) }) {
      members[index].value = members[index].value.replacing(rest, by: value)
    } else {
      members.append(Member(key, JSON.object([]).replacing(rest, by: value)))
    }
    return .object(members)
  }
}
