/// How a vocabulary writes its tokens: what `Ġ`, `##` and `▁` stand for.
struct TokenSpelling {
  private var isByteLevel = false
  private var hasByteTokens = false
  private var continuingPrefix = ""
  private var wordSuffix = ""
  private var space: Unicode.Scalar = "▁"

  init(model: any TokenModel, decoder: Decoder?) {
    if let model = model as? BytePair {
      continuingPrefix = model.options.continuingPrefix
      wordSuffix = model.options.wordSuffix
    }
    for step in decoder?.steps ?? [] {
      switch step {
      case .byteLevel: isByteLevel = true
      case .byteFallback: hasByteTokens = true
      case .wordPiece(let prefix, _):
        continuingPrefix = String(String.UnicodeScalarView(prefix))
      case .metaspace(let metaspace): space = metaspace.replacement
      default: break
      }
    }
  }

  /// The spelling of tokens whose vocabulary is not there, by the marks that they show: `Ġ`, `▁`,
  /// spaces as they are; without any of them every token is a word that `##` may continue.
  init(of tokens: [String]) {
    let scalars = tokens.flatMap(\.unicodeScalars)
    if scalars.contains("Ġ") || scalars.contains("Ċ") || Self.areBytes(scalars) {
      isByteLevel = true
    } else if scalars.contains("▁") {
      hasByteTokens = true
    } else if !scalars.contains(" ") {
      continuingPrefix = "##"
    }
  }

  /// Whether characters beyond ASCII make sense as bytes only: `æĿ±` for 東.
  private static func areBytes(_ scalars: [Unicode.Scalar]) -> Bool {
    guard scalars.contains(where: { !$0.isASCII }), let bytes = ByteAlphabet.bytes(of: scalars)
    else { return false }
    return String(validating: bytes, as: UTF8.self) != nil
  }

  /// Whether a mark at the beginning or the end of tokens, and no space, tells the words apart.
  var marksWords: Bool { !continuingPrefix.isEmpty || !wordSuffix.isEmpty }

  /// The bytes of text that a token stands for.
  func bytes(of token: String) -> [UInt8] {
    let scalars = core(of: token).unicodeScalars
    if isByteLevel, let bytes = ByteAlphabet.bytes(of: scalars) { return bytes }
    if hasByteTokens, let byte = byteOfToken(scalars) { return [byte] }
    if isByteLevel || marksWords { return scalars.flatMap { UTF8.encode($0) ?? .init() } }
    return scalars.flatMap { UTF8.encode($0 == space ? " " : $0) ?? .init() }
  }

  /// Whether a token continues the word of the token before it, as far as marks tell.
  func continues(_ token: String, after previous: String) -> Bool {
    if !wordSuffix.isEmpty { return !previous.utf8.hasSuffix(wordSuffix.utf8) }
    return continuingPrefix.isEmpty || token.utf8.starts(with: continuingPrefix.utf8)
  }

  /// The token without its marks.
  private func core(of token: String) -> Substring {
    var core = token[...]
    if !continuingPrefix.isEmpty, token.utf8.starts(with: continuingPrefix.utf8) {
      core = Substring(core.utf8.dropFirst(continuingPrefix.utf8.count))
    }
    if !wordSuffix.isEmpty, token.utf8.hasSuffix(wordSuffix.utf8) {
      core = Substring(core.utf8.dropLast(wordSuffix.utf8.count))
    }
    return core
  }
}

extension String.UTF8View {
  fileprivate func hasSuffix(_ suffix: String.UTF8View) -> Bool {
    count >= suffix.count && dropFirst(count - suffix.count).elementsEqual(suffix)
  }
}
