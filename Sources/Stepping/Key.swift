/// A key that was pressed, or text that was pasted.
package enum Key: Hashable, Sendable {
  case character(Character)
  /// A letter with Ctrl: `c` for Ctrl-C.
  case control(Character)
  case up, down, left, right
  case home, end, pageUp, pageDown
  case enter, tab, backTab, escape, backspace, delete
  /// Text that the terminal says was pasted, not typed.
  case paste(String)
}

extension Key {
  /// The keys of a line of words for scripts: characters stand for themselves, names in angle
  /// brackets for the others: `nn<Right><Enter>L3H5<Enter>`; `<lt>` is a bracket.
  ///
  /// - Returns: `nil` when a name in brackets is no key's.
  package static func all(in script: String) -> [Key]? {
    var (keys, rest) = ([Key](), Substring(script))
    while let first = rest.first {
      guard first == "<" else {
        keys.append(.character(first))
        rest.removeFirst()
        continue
      }
      guard let end = rest.firstIndex(of: ">") else { return nil }
      guard let key = named(String(rest[rest.index(after: rest.startIndex)..<end])) else {
        return nil
      }
      keys.append(key)
      rest = rest[rest.index(after: end)...]
    }
    return keys
  }

  private static func named(_ name: String) -> Key? {
    if name.count == 3, name.hasPrefix("C-"), let letter = name.last {
      return .control(Character(letter.lowercased()))
    }
    return names[name.lowercased()]
  }

  private static let names: [String: Key] = [
    "up": .up, "down": .down, "left": .left, "right": .right, "home": .home, "end": .end,
    "pageup": .pageUp, "pagedown": .pageDown, "enter": .enter, "tab": .tab,
    "backtab": .backTab, "esc": .escape, "backspace": .backspace, "delete": .delete,
    "space": .character(" "), "lt": .character("<"),
  ]
}
