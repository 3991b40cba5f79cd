/// The pieces of text that a Jinja template writes as they are: its quoted strings, and what
/// stands outside its tags. Nothing of it is run.
struct TemplateText {
  /// The pieces in their order.
  private(set) var pieces: [String] = []

  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ template: String) {
    scalars = Array(template.unicodeScalars)
    while position < scalars.count {
      var outside = ""
      while position < scalars.count, tag == nil { outside.unicodeScalars.append(take()) }
      if !outside.isEmpty { pieces.append(outside) }
      guard let tag else { break }
      position += 2
      skip(tag)
    }
  }

  /// The closing mark of the tag that opens here.
  private var tag: (Unicode.Scalar, Unicode.Scalar)? {
    guard position + 1 < scalars.count, scalars[position] == "{" else { return nil }
    switch scalars[position + 1] {
    case "{": return ("}", "}")
    case "%": return ("%", "}")
    case "#": return ("#", "}")
    default: return nil
    }
  }

  private mutating func take() -> Unicode.Scalar {
    defer { position += 1 }
    return scalars[position]
  }

  /// Goes behind a tag and keeps its strings; a comment has none.
  private mutating func skip(_ close: (Unicode.Scalar, Unicode.Scalar)) {
    while position < scalars.count {
      let scalar = take()
      if scalar == close.0, position < scalars.count, scalars[position] == close.1 {
        position += 1
        return
      }
      if scalar == "'" || scalar == "\"", close.0 != "#" { readString(scalar) }
    }
  }

  /// Reads to the closing quote, with the common escapes of Python.
  private mutating func readString(_ quote: Unicode.Scalar) {
    var text = ""
    while position < scalars.count {
      var scalar = take()
      if scalar == quote { break }
      if scalar == "\\", position < scalars.count {
        scalar = take()
        scalar = ["n": "\n", "t": "\t", "r": "\r"][scalar] ?? scalar
      }
      text.unicodeScalars.append(scalar)
    }
    if !text.isEmpty { pieces.append(text) }
  }
}
