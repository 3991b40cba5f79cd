#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension SVGElements {
  /// What differs from the picture drawn again: words first; the shapes only where every word is
  /// the same, because other words move everything.
  func differences(from new: SVGElements) -> [String] {
    let words = Self.differences(words, new.words)
    return words.isEmpty ? differentShapes(from: new) : words
  }

  /// A text that people read, and what it is.
  struct Words: Hashable {
    var kind: String
    var text: String
  }

  /// The texts, titles and descriptions in order.
  private var words: [Words] {
    elements.flatMap { element -> [Words] in
      let label = element.attributes.first { $0.key == "aria-label" }
      let labels = label.map { [Words(kind: "label", text: $0.value)] } ?? []
      guard Self.named.contains(element.name) else { return labels }
      let kind = element.name == "desc" ? "description" : element.name
      return [Words(kind: kind, text: element.text)] + labels
    }
  }

  private static func differences(_ old: [Words], _ new: [Words]) -> [String] {
    if old.count == new.count {
      return zip(old, new).filter { $0 != $1 }.map { old, new in
        let (before, now) = old.text.middle(against: new.text)
        return "\(old.kind) \(before.quotedShort) is now \(now.quotedShort)"
      }
    }
    // The work of a comparison grows with the square of what differs.
    guard max(old.count, new.count) <= 4000 else {
      return ["it has \(old.count) texts, now \(new.count)"]
    }
    return new.difference(from: old).map { change in
      switch change {
      case .remove(_, let words, _): "\(words.kind) \(words.text.quotedShort) is gone"
      case .insert(_, let words, _): "\(words.kind) \(words.text.quotedShort) is new"
      }
    }
  }

  private func differentShapes(from new: SVGElements) -> [String] {
    guard elements.count == new.elements.count else {
      return ["it has \(elements.count) parts, now \(new.elements.count)"]
    }
    var numbers: [String: Int] = [:]
    return zip(elements, new.elements).compactMap { old, new in
      numbers[old.name, default: 0] += 1
      guard let change = Self.change(old, new) else { return nil }
      return "\(old.name) \(numbers[old.name] ?? 0): \(change)"
    }
  }

  /// What differs between two elements; the first thing suffices.
  private static func change(_ old: Element, _ new: Element) -> String? {
    guard old.name == new.name else { return "is now \(new.name)" }
    guard old.attributes.map(\.key) == new.attributes.map(\.key) else {
      return "has other attributes now"
    }
    for ((key, before), (_, now)) in zip(old.attributes, new.attributes) where before != now {
      if let change = change(of: key, before, now) { return "\(key) \(change)" }
    }
    return nil
  }

  private static func change(of key: String, _ old: String, _ new: String) -> String? {
    let plain = "\(old.quotedShort) is now \(new.quotedShort)"
    if let (before, now) = embedded(old, new) { return PNGPixels.change(of: before, from: now) }
    if references.contains(key) { return plain }
    if let before = HexadecimalColor(hexadecimal: old), let now = HexadecimalColor(hexadecimal: new)
    {
      return before.isClose(to: now) ? nil : plain
    }
    let (before, now) = (Piece.all(in: old.utf8), Piece.all(in: new.utf8))
    guard before.count == now.count else { return "has \(before.count) pieces, now \(now.count)" }
    guard let (a, b) = zip(before, now).first(where: { !$0.accepts($1) }) else { return nil }
    return "\(a.spelling) is now \(b.spelling)"
  }

  /// The bytes of two pictures that are embedded.
  private static func embedded(_ old: String, _ new: String) -> ([UInt8], [UInt8])? {
    let start = "data:image/png;base64,"
    guard old.hasPrefix(start), new.hasPrefix(start),
      let before = Data(base64Encoded: String(old.dropFirst(start.count))),
      let now = Data(base64Encoded: String(new.dropFirst(start.count)))
    else { return nil }
    return (Array(before), Array(now))
  }
}

/// A colour as files spell it: `#rrggbb`.
private struct HexadecimalColor {
  let channels: [Int]

  init?(hexadecimal text: String) {
    guard text.utf8.count == 7, text.hasPrefix("#"), let value = Int(text.dropFirst(), radix: 16)
    else { return nil }
    channels = [value >> 16, value >> 8 & 255, value & 255]
  }

  func isClose(to other: HexadecimalColor) -> Bool {
    zip(channels, other.channels).allSatisfy { abs($0 - $1) <= Tolerance.levels }
  }
}

extension String {
  /// The two texts around the first place where they differ, when they are long.
  fileprivate func middle(against other: String) -> (String, String) {
    let common = zip(self, other).prefix { $0 == $1 }.count
    guard common > 30, max(count, other.count) > 60 else { return (self, other) }
    let start = common - 20
    return ("…" + dropFirst(start), "…" + other.dropFirst(start))
  }
}
