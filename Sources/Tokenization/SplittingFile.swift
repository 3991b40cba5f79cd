internal import Files

extension PreTokenizer {
  private static let known = [
    "BertPreTokenizer", "ByteLevel", "CharDelimiterSplit", "Digits", "Metaspace", "Punctuation",
    "Sequence", "Split", "Whitespace", "WhitespaceSplit",
  ]

  /// The words of GPT-2 (Radford et al. 2019, encoder.py).
  static let gpt2Words =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  /// Reads the pre-tokenizer of `tokenizer.json`.
  init(_ component: Component) throws {
    switch component.type {
    case "Sequence": self = .sequence(try component.parts("pretokenizers").map(PreTokenizer.init))
    case "ByteLevel":
      let usesWords = try component.flag("use_regex", default: true)
      self = .byteLevel(
        addsPrefixSpace: try component.flag("add_prefix_space", default: true),
        words: usesWords ? try Pattern(regex: Self.gpt2Words, path: component.path) : nil)
    case "BertPreTokenizer": self = .bert
    case "Split":
      self = .split(
        try component.pattern("pattern"), try component.choice("behavior", default: nil),
        isInverted: try component.flag("invert", default: false))
    case "Digits":
      self = .digits(individually: try component.flag("individual_digits", default: false))
    case "Punctuation":
      self = .punctuation(try component.choice("behavior", default: .isolated))
    case "Whitespace": self = .whitespace
    case "WhitespaceSplit": self = .whitespaceSplit
    case "CharDelimiterSplit": self = .delimiter(try component.scalar("delimiter"))
    case "Metaspace": self = .metaspace(try Metaspace(component))
    default: throw component.unknownType(Self.known)
    }
  }
}

extension Metaspace {
  /// Reads the pre-tokenizer or decoder; old files say `add_prefix_space` instead of a scheme.
  init(_ component: Component) throws {
    let addsPrefix = try component.flag("add_prefix_space", default: true)
    self.init(
      replacement: try component.scalar("replacement"),
      prepending: try component.choice(
        "prepend_scheme", default: addsPrefix ? .always : .never),
      splits: try component.flag("split", default: true))
  }
}
