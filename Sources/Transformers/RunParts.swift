public import Tokenization

extension Run {
  /// The run of one stack of an encoder–decoder by itself, as that of a model of one stack: its
  /// shape, its tokens, its part of the trace. Where the decoder looks at its source the tokens are
  /// the target's, and what they look at is the source. Other runs have one part, and `sole` is all of it.
  public func part(_ stack: Site.Stack) -> Run {
    guard let target, configuration.encoder != nil, stack != .sole else { return self }
    var part = self
    part.trace.stack = stack
    part.source = Side(encoding: encoding, tokens: tokens, text: text)
    part.configuration = configuration.shape(of: stack)
    if stack != .decoder { part.trace.masks = [:] }
    if stack != .encoder {
      (part.encoding, part.tokens, part.text) = (target.encoding, target.tokens, target.text)
    }
    if stack == .decoder {
      part.configuration.kind = .decoder
      part.configuration.encoder = nil
    }
    if stack == .cross { part.configuration.relativePositions = nil }
    return part
  }

  /// Which part of an encoder–decoder's run it is.
  public var stack: Site.Stack { trace.stack }

  /// The tokens that are looked at.
  public var keys: Side {
    if stack == .cross, let source { return source }
    return Side(encoding: encoding, tokens: tokens, text: text)
  }
}
