package import Figures

/// Reads keys from what a terminal sends. Several keys may come at once and one key in pieces;
/// what is no key, like answers of the terminal and sequences that nobody knows, is left out.
package struct KeyDecoder: Sendable {
  private var bytes: [UInt8] = []
  private var pasted: [UInt8]?
  /// The ground that the terminal said it has, if it was asked and answered.
  package private(set) var ground: Color?
  /// Whether the terminal said of what kind it is (primary device attributes).
  package private(set) var isKindKnown = false

  package init() {}

  /// Whether bytes wait for more: then the end of a short wait decides what they are.
  package var isWaiting: Bool { !bytes.isEmpty && pasted == nil }

  /// Takes bytes and returns the keys that are whole.
  package mutating func keys(from new: some Sequence<UInt8>) -> [Key] {
    bytes += new
    var keys: [Key] = []
    while let (key, count) = next() {
      bytes.removeFirst(count)
      if let key { keys.append(key) }
    }
    return keys
  }

  /// Nothing more has come for a while: an escape was the key of that name.
  package mutating func keysAfterSilence() -> [Key] {
    guard pasted == nil, let first = bytes.first else { return [] }
    bytes.removeFirst()
    let rest = Array(bytes)
    bytes = []
    // Alt and a letter, or the beginning of a sequence that never ends.
    if rest.first == UInt8(ascii: "[") || rest.first == UInt8(ascii: "O") { return [] }
    return (first == 0x1B ? [.escape] : []) + keys(from: rest)
  }

  /// The next key and the bytes it takes; no key for what is left out, `nil` when more is needed.
  private mutating func next() -> (key: Key?, count: Int)? {
    if pasted != nil { return paste() }
    guard let first = bytes.first else { return nil }
    switch first {
    case 0x1B: return escape()
    case 0x0D, 0x0A: return (.enter, 1)
    case 0x09: return (.tab, 1)
    case 0x7F, 0x08: return (.backspace, 1)
    case 0x01...0x1A:
      return (.control(Character(Unicode.Scalar(first + 0x60))), 1)
    case 0x00...0x1F: return (nil, 1)
    default: return letter(first)
    }
  }

  private func letter(_ first: UInt8) -> (key: Key?, count: Int)? {
    let count = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0
    guard count > 0 else { return (nil, 1) }
    let known = bytes.prefix(count)
    if let wrong = known.dropFirst().firstIndex(where: { $0 & 0xC0 != 0x80 }) {
      return (nil, wrong)
    }
    guard known.count == count else { return nil }
    guard let text = String(validating: known, as: UTF8.self), let character = text.first else {
      return (nil, count)
    }
    return (.character(character), count)
  }
}

/// Sequences that begin with an escape.
extension KeyDecoder {
  /// More than any sequence that terminals send for a key.
  private static let longest = 64

  private mutating func escape() -> (key: Key?, count: Int)? {
    guard bytes.count > 1 else { return nil }
    switch bytes[1] {
    case UInt8(ascii: "["): return control()
    case UInt8(ascii: "O"):
      guard bytes.count > 2 else { return nil }
      return (Self.final(bytes[2]), 3)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
      return answer()
    case 0x1B: return (.escape, 1)
    // Alt and a letter: the letter alone would do something else.
    case 0x20...0x7E: return (nil, 2)
    default: return (.escape, 1)
    }
  }

  /// `ESC [ numbers letter`.
  private mutating func control() -> (key: Key?, count: Int)? {
    guard let end = bytes.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else {
      return bytes.count > Self.longest ? (nil, bytes.count) : nil
    }
    let count = end + 1
    let numbers = String(decoding: bytes[2..<end], as: UTF8.self)
    guard bytes[end] == UInt8(ascii: "~") else {
      if bytes[end] == UInt8(ascii: "c"), numbers.hasPrefix("?") { isKindKnown = true }
      // The old console's function keys have one more letter: ESC [ [ A.
      if bytes[end] == UInt8(ascii: "["), end == 2 { return bytes.count > 3 ? (nil, 4) : nil }
      return (Self.final(bytes[end]), count)
    }
    if numbers == "200" {
      pasted = []
      return (nil, count)
    }
    let tilde: [String: Key] = [
      "1": .home, "7": .home, "4": .end, "8": .end, "5": .pageUp, "6": .pageDown, "3": .delete,
    ]
    return (tilde[numbers], count)
  }

  private static func final(_ letter: UInt8) -> Key? {
    switch letter {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "Z"): .backTab
    case UInt8(ascii: "M"): .enter
    default: nil
    }
  }

  /// What a terminal says when it was asked something, up to BEL or ESC \.
  private mutating func answer() -> (key: Key?, count: Int)? {
    for index in bytes.indices.dropFirst(2) {
      let isBell = bytes[index] == 0x07
      let isEnd = bytes[index] == 0x1B && index + 1 < bytes.count
      guard isBell || isEnd else { continue }
      let words = String(decoding: bytes[2..<index], as: UTF8.self)
      if words.hasPrefix("11;") { ground = Color(answer: words.dropFirst(3)) ?? ground }
      return (nil, isBell ? index + 1 : index + 2)
    }
    return bytes.count > 4096 ? (nil, bytes.count) : nil
  }

  /// Everything up to the end of a paste.
  private mutating func paste() -> (key: Key?, count: Int)? {
    let end = Array("\u{1B}[201~".utf8)
    let starts = bytes.indices.prefix(max(bytes.count - end.count + 1, 0))
    guard let found = starts.first(where: { bytes[$0..<$0 + end.count].elementsEqual(end) }) else {
      // An end that is cut in two stays; a paste longer than a text for a prompt is not kept.
      let whole = max(bytes.count - end.count + 1, 0)
      if whole > 0 {
        pasted = Array(((pasted ?? []) + bytes[..<whole]).prefix(1 << 16))
        return (nil, whole)
      }
      return nil
    }
    let text = String(decoding: (pasted ?? []) + bytes[..<found], as: UTF8.self)
    pasted = nil
    return (.paste(text), found + end.count)
  }
}

extension Color {
  /// A colour as a terminal names it: `rgb:ffff/ffff/dddd`, or two digits each.
  fileprivate init?(answer: some StringProtocol) {
    guard answer.hasPrefix("rgb:") || answer.hasPrefix("rgba:"),
      let start = answer.firstIndex(of: ":")
    else { return nil }
    let parts = answer[answer.index(after: start)...].split(separator: "/").prefix(3)
    let levels = parts.compactMap { part -> UInt8? in
      guard (1...4).contains(part.count), let value = Int(part, radix: 16) else { return nil }
      return UInt8(value * 255 / ((1 << (4 * part.count)) - 1))
    }
    guard levels.count == 3 else { return nil }
    self.init(red: levels[0], green: levels[1], blue: levels[2])
  }
}
