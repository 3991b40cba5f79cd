/// The elements of an SVG file in the order of their beginnings and ends, read from bytes that are
/// not trusted. What it was made from (`<metadata>`) is left out.
struct SVGElements {
  /// One beginning, or an end, whose name begins with "/".
  struct Element {
    var name: String
    var attributes: [(key: String, value: String)] = []
    /// What stands up to the next tag.
    var text = ""
  }

  /// The elements.
  private(set) var elements: [Element] = []
  private var rest: ArraySlice<UInt8>

  /// - Throws: `DrawingError` of kind `badFile` when a tag does not end.
  init(_ bytes: [UInt8]) throws {
    rest = bytes[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
      addText(rest[..<start])
      rest = rest[(start + 1)...]
      if rest.starts(with: "!--".utf8) {
        try skip(through: "-->")
      } else if rest.first == UInt8(ascii: "?") || rest.first == UInt8(ascii: "!") {
        try skip(through: ">")
      } else {
        try readTag()
      }
    }
    elements.removeAll { $0.name == "metadata" || $0.name == "/metadata" }
    removePrefix()
  }

  private mutating func addText(_ text: ArraySlice<UInt8>) {
    guard let last = elements.indices.last, Self.named.contains(elements[last].name) else { return }
    elements[last].text = XML.unescaped(Substring(decoding: text, as: UTF8.self))
  }

  /// The elements whose text is read.
  static let named: Set<String> = ["text", "title", "desc"]

  private mutating func skip(through end: String) throws {
    guard let found = rest.firstRange(of: Array(end.utf8)) else { throw Self.broken }
    rest = rest[found.upperBound...]
  }

  private mutating func readTag() throws {
    var element = Element(name: word { $0 <= 32 || $0 == Self.close })
    if element.name.hasSuffix("/"), element.name.count > 1 { element.name.removeLast() }
    while true {
      rest = rest.drop { $0 <= 32 || $0 == UInt8(ascii: "/") }
      guard let first = rest.first else { throw Self.broken }
      if first == Self.close { break }
      let key = word { $0 == UInt8(ascii: "=") || $0 == Self.close }
      rest = rest.dropFirst()
      guard let quote = rest.popFirst(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
      else { throw Self.broken }
      let value = word { $0 == quote }
      guard rest.popFirst() != nil else { throw Self.broken }
      element.attributes.append((key, value))
    }
    rest.removeFirst()
    elements.append(element)
  }

  /// The bytes up to the first that ends them.
  private mutating func word(until isEnd: (UInt8) -> Bool) -> String {
    let word = rest.prefix { !isEnd($0) }
    rest = rest[word.endIndex...]
    return String(decoding: word, as: UTF8.self)
  }

  /// Takes the hash of the picture out of its ids: it changes with anything else.
  private mutating func removePrefix() {
    let ids = elements.lazy.flatMap(\.attributes).filter { $0.key == "id" }
    guard let prefix = ids.first.map({ $0.value.prefix { $0 != "-" } }), prefix.count == 9 else {
      return
    }
    for index in elements.indices {
      for place in elements[index].attributes.indices
      where Self.references.contains(elements[index].attributes[place].key) {
        elements[index].attributes[place].value.replace("\(prefix)-", with: "-")
      }
    }
  }

  /// The attributes that hold ids.
  static let references: Set<String> = ["id", "aria-labelledby", "clip-path", "xlink:href", "href"]

  private static let close = UInt8(ascii: ">")

  private static var broken: DrawingError {
    DrawingError(.badFile, "the SVG has a tag that does not end; take an undamaged copy")
  }
}
