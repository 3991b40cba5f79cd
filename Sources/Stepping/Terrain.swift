package import Explanations
internal import Files
internal import Tokenization
package import Transformers

/// What can be walked: the stations of a run, and the tokens and heads that can be looked at there.
package struct Terrain: Sendable {
  /// A token as the sentence on top shows it.
  package struct Token: Hashable, Sendable {
    package var text: String
    /// Whether the tokenizer added it.
    package var isSpecial: Bool
    /// Whether it is a word or a part of one.
    package var isWord: Bool

    package init(_ text: String, isSpecial: Bool = false, isWord: Bool = true) {
      (self.text, self.isSpecial, self.isWord) = (text, isSpecial, isWord)
    }
  }

  /// One stack: its tokens and its shape.
  package struct Side: Hashable, Sendable {
    package var tokens: [Token]
    package var layers: Int
    package var heads: Int

    package init(_ tokens: [Token], layers: Int, heads: Int) {
      (self.tokens, self.layers, self.heads) = (tokens, layers, heads)
    }
  }

  /// The model's name.
  package var model: String
  /// What kind of model it is: decoders can be given another token.
  package var kind: Configuration.Kind
  /// Where the walk leads, in order; not empty.
  package var stations: [Station]
  /// The stacks by name: `sole`, or `encoder` and `decoder`.
  package var sides: [Site.Stack: Side]

  package init(
    model: String, kind: Configuration.Kind, stations: [Station], sides: [Site.Stack: Side]
  ) {
    precondition(!stations.isEmpty, "a walk without stations")
    (self.model, self.kind, self.stations, self.sides) = (model, kind, stations, sides)
  }

  /// The stack whose tokens are followed at a station.
  package func side(of station: Station) -> Side {
    sides[Self.owner(station.stack)] ?? sides.values.first ?? Side([], layers: 0, heads: 0)
  }

  /// The tokens that are looked at from a station: those of the source where a decoder looks there.
  package func keys(of station: Station) -> [Token] {
    station.stack == .cross ? sides[.encoder]?.tokens ?? [] : side(of: station).tokens
  }

  /// The stack that a stack's tokens are of: the decoder's own where it looks at its source.
  package static func owner(_ stack: Site.Stack) -> Site.Stack {
    stack == .cross ? .decoder : stack
  }
}

extension Terrain {
  /// What a run's walk leads through.
  package init(of run: Run, stations: [Station]) {
    let names: [Site.Stack] = run.target == nil ? [.sole] : [.encoder, .decoder]
    var sides: [Site.Stack: Side] = [:]
    for name in names {
      let part = run.part(name)
      let tokens = zip(part.tokens, part.encoding.isSpecial).map { token, isSpecial in
        Token(
          token.text.visible, isSpecial: isSpecial || token.kind == .special,
          isWord: token.kind == .word)
      }
      sides[name] = Side(
        tokens, layers: part.configuration.layers, heads: part.configuration.heads)
    }
    self.init(
      model: run.model, kind: run.configuration.kind, stations: stations, sides: sides)
  }
}
