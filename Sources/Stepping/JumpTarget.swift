internal import Explanations

/// What people type to say where to go: `L3H5`, `3.5`, `L3`, `H5`, `weights`, `L3.weights`.
struct JumpTarget: Equatable {
  var layer: Int?
  var head: Int?
  var station: Station?
  /// The beginning of a station's name.
  var name: String?

  init?(_ words: String) {
    let trimmed = words.filter { !$0.isWhitespace }
    guard !trimmed.isEmpty else { return nil }
    if let station = Station(id: trimmed) {
      self.station = station
      return
    }
    if let (layer, head) = Self.numbers(trimmed.uppercased()) {
      (self.layer, self.head) = (layer, head)
      return
    }
    guard trimmed.allSatisfy({ $0.isLetter || $0 == "-" }) else { return nil }
    name = trimmed.lowercased()
  }

  private static func numbers(_ words: String) -> (layer: Int?, head: Int?)? {
    var rest = Substring(words)
    let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 2, let layer = number(parts[0]), let head = number(parts[1]) {
      return (layer, head)
    }
    if let layer = number(rest) { return (layer, nil) }
    let layer = take("L", &rest)
    if rest.first == "." { rest.removeFirst() }
    let head = take("H", &rest)
    return rest.isEmpty && (layer != nil || head != nil) ? (layer, head) : nil
  }

  private static func take(_ letter: Character, _ rest: inout Substring) -> Int? {
    guard rest.first == letter else { return nil }
    let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
    guard let number = number(digits) else { return nil }
    rest = rest.dropFirst(1 + digits.count)
    return number
  }

  private static func number(_ text: Substring) -> Int? {
    text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
  }
}
