/// A line that asks for words.
package struct Prompt: Hashable, Sendable {
  /// What the words are for.
  package enum Kind: Hashable, Sendable {
    /// A head, a layer or a station to go to.
    case jump
    /// A token to look for.
    case find
    /// What stands in a token's place.
    case replace
  }

  package let kind: Kind
  /// What was typed so far.
  package private(set) var text = ""

  package init(_ kind: Kind) { self.kind = kind }

  /// What a key makes of a line.
  package enum Outcome: Equatable {
    case goesOn, done, givenUp
  }

  /// Takes a key.
  package mutating func press(_ key: Key) -> Outcome {
    switch key {
    case .character(let character): text.append(character)
    case .paste(let pasted): text += pasted.prefix { !$0.isNewline }.prefix(1000)
    case .backspace, .delete:
      if text.isEmpty { return .givenUp }
      text.removeLast()
    case .control("u"): text = ""
    case .enter: return .done
    case .escape, .control("c"), .control("g"): return .givenUp
    default: break
    }
    return .goesOn
  }
}
