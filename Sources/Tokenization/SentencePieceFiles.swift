internal import Files

/// The tokenizer of a folder that has a SentencePiece model and no `tokenizer.json`: the pieces are
/// in the model, the rules around them in the name of the tokenizer's class.
struct SentencePieceFiles {
  /// What the classes do around the pieces.
  private enum Kind {
    /// What the library sentencepiece itself does: for folders that name no class.
    case plain
    case llama, gemma, t5, albert, xlmRoberta, deberta, marian
  }

  private static let names = [
    "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "spm.model", "source.spm",
  ]
  private static let kinds: [(kind: Kind, names: [String])] = [
    (.llama, ["LlamaTokenizer", "llama", "mistral", "phi3"]),
    (.gemma, ["GemmaTokenizer", "gemma", "gemma2", "gemma3_text"]),
    (.t5, ["T5Tokenizer", "t5"]), (.albert, ["AlbertTokenizer", "albert"]),
    (.xlmRoberta, ["XLMRobertaTokenizer", "xlm-roberta"]),
    (.deberta, ["DebertaV2Tokenizer", "deberta-v2"]), (.marian, ["MarianTokenizer", "marian"]),
  ]

  private let settings: TokenizerSettings
  private let kind: Kind
  private var model: SentencePieceModel

  /// Opens a folder; nil when it has no SentencePiece model.
  ///
  /// - Throws: `FileError` when the model is broken, or the rules are not known: guessing would give
  ///   wrong tokens.
  init?(folder: InputFolder) throws {
    guard let name = Self.names.first(where: folder.contains) else { return nil }
    settings = try TokenizerSettings(folder: folder)
    if let rules = settings.kind {
      guard let kind = Self.kinds.first(where: { $0.names.contains(rules) })?.kind else {
        throw settings.unknownRules(rules)
      }
      self.kind = kind
    } else {
      kind = .plain
    }
    model = try SentencePieceModel(folder.map(name))
    guard (kind == .marian) == (name == "source.spm") else {
      throw FileError(.badData, folder.path, "\(name) does not go with its tokenizer's class")
    }
  }

  /// Puts the tokenizer together.
  func tokenizer() throws -> Tokenizer {
    let tokenModel = try tokenModel()
    let vocabulary = tokenModel.vocabulary
    let normalizer = try normalizer()
    let added = try AddedTokens(
      addedTokens(vocabulary), vocabulary: vocabulary, normalizer: normalizer,
      path: settings.folder.path)
    return Tokenizer(
      addedTokens: added, normalizer: normalizer, preTokenizer: try preTokenizer(),
      tokenModel: tokenModel,
      postProcessing: try postProcessing { added.id($0) ?? vocabulary.id($0) },
      decoder: decoder())
  }

  // MARK: pieces

  private func tokenModel() throws -> any TokenModel {
    let pieces = allPieces
    let unknownID = kind == .xlmRoberta ? 3 : try model.unknownID()
    if !model.isBytePair {
      let unigram = try Unigram(
        pieces: pieces.map { ($0.text, $0.score) }, hidden: hidden, unknownID: unknownID,
        fallsBackToBytes: model.fallsBackToBytes, path: model.path)
      return kind == .marian ? try renumbered(unigram) : unigram
    }
    let vocabulary = try Vocabulary(
      pieces.enumerated().map { (token: $1.text, id: $0) }, path: model.path)
    var options = BytePair.Options()
    options.unknownToken = pieces[unknownID].text
    options.fusesUnknown = true
    options.fallsBackToBytes = model.fallsBackToBytes
    let joined = pieces.indices.filter { [.normal, .userDefined].contains(pieces[$0].kind) }
    return try BytePair(
      vocabulary: vocabulary, scores: joined.map { ($0, pieces[$0].score) }, options: options,
      path: model.path)
  }

  /// The pieces that SentencePiece does not find in a text; `tokenizer.json` would let them be found.
  private var hidden: Set<Int> {
    guard kind == .plain || kind == .marian else { return [] }
    return Set(
      model.pieces.indices.filter { ![.normal, .userDefined].contains(model.pieces[$0].kind) })
  }

  /// The pieces by their ids: some classes have more than the file, or others at the beginning.
  private var allPieces: [SentencePieceModel.Piece] {
    func special(_ text: String) -> SentencePieceModel.Piece {
      SentencePieceModel.Piece(text: text, kind: .control)
    }
    switch kind {
    case .t5:
      let count = min(max(settings["extra_ids"]?.integer ?? 100, 0), 10_000)
      return model.pieces + (0..<count).reversed().map { special("<extra_id_\($0)>") }
    case .xlmRoberta:
      return ["<s>", "<pad>", "</s>", "<unk>"].map(special) + model.pieces.dropFirst(3)
        + [special("<mask>")]
    default: return model.pieces
    }
  }

  private func renumbered(_ model: any TokenModel) throws -> RenumberedModel {
    let path = settings.folder.path(of: "vocab.json")
    let json = try settings.folder.json("vocab.json")
    let entries = try (json.members ?? []).map { member in
      guard let id = member.value.integer else {
        throw FileError(.badData, path, "the id of \(member.key.quoted) is not a whole number")
      }
      return (token: member.key, id: id)
    }
    let vocabulary = try Vocabulary(entries, path: path)
    guard let unknownID = vocabulary.id("<unk>") else {
      throw FileError(.badData, path, "the vocabulary has no <unk>")
    }
    return RenumberedModel(model, vocabulary: vocabulary, unknownID: unknownID)
  }

  /// The tokens that are found in a text before the model sees it.
  private func addedTokens(_ vocabulary: Vocabulary) throws -> [AddedToken] {
    if let listed = try settings.listedTokens() { return listed }
    var tokens = allPieces.enumerated().compactMap { id, piece -> AddedToken? in
      guard kind != .marian, [.unknown, .control, .userDefined].contains(piece.kind) else {
        return nil
      }
      return AddedToken(
        id: id, content: piece.text,
        stripsLeft: piece.text == "<mask>" || piece.text == "[MASK]",
        isSpecial: piece.kind != .userDefined)
    }
    if kind == .marian {
      for id in 0..<vocabulary.idBound {
        guard let token = vocabulary.token(id) else { continue }
        let isLanguage = token.hasPrefix(">>") && token.hasSuffix("<<")
        guard isLanguage || ["</s>", "<unk>", "<pad>"].contains(token) else { continue }
        tokens.append(AddedToken(id: id, content: token, isSpecial: true))
      }
    }
    if kind == .deberta, vocabulary.id("[MASK]") == nil {
      tokens.append(AddedToken(id: vocabulary.idBound, content: "[MASK]", isSpecial: true))
    }
    let known = Set(tokens.map(\.id))
    return tokens + (try settings.addedTokens().filter { !known.contains($0.id) })
  }
}

// MARK: - rules

extension SentencePieceFiles {
  private static let mark: Unicode.Scalar = "▁"

  private func normalizer() throws -> Normalizer? {
    func spaces(to text: String) throws -> Normalizer {
      .replace(try Pattern(regex: " {2,}", path: model.path), Array(text.unicodeScalars))
    }
    let map =
      model.characterMap.isEmpty
      ? nil : try CharacterMap(bytes: model.characterMap, path: model.path)
    let mapped = map.map { [Normalizer.characterMap($0)] } ?? []
    let marked = Normalizer.replace(Pattern(literal: " "), [Self.mark])
    switch kind {
    case .llama:
      guard isLegacy else { return nil }
      return .sequence((addsPrefixSpace ? [.prepend([Self.mark])] : []) + [marked])
    case .gemma: return marked
    case .t5, .xlmRoberta:
      return .sequence(mapped + [.strip(left: false, right: true), try spaces(to: "▁")])
    case .albert:
      let quotes = ["``", "''"].map { Normalizer.replace(Pattern(literal: $0), ["\""]) }
      let accents: [Normalizer] =
        settings.flag("keep_accents") ?? false
        ? [] : [.form(.nfkd), .stripAccents]
      let lower: [Normalizer] = settings.flag("do_lower_case") ?? true ? [.lowercase] : []
      return .sequence(quotes + accents + lower + mapped + [try spaces(to: " ")])
    case .deberta:
      let lower: [Normalizer] = settings.flag("do_lower_case") ?? false ? [.lowercase] : []
      return .sequence(lower + [.strip(left: true, right: true)] + mapped + [try spaces(to: " ")])
    case .plain, .marian:
      return .sentencePiece(
        SentencePieceNormalizer(
          map: map, addsPrefix: model.addsPrefix, removesExtraSpaces: model.removesExtraSpaces))
    }
  }

  private func preTokenizer() throws -> PreTokenizer? {
    switch kind {
    case .plain, .gemma, .marian: return nil
    case .llama:
      guard !isLegacy else { return nil }
      return .metaspace(
        Metaspace(
          replacement: Self.mark, prepending: addsPrefixSpace ? .first : .never, splits: false))
    case .deberta where settings.flag("split_by_punct") ?? false:
      return .sequence([.punctuation(.isolated), .metaspace(Self.metaspace)])
    default: return .metaspace(Self.metaspace)
    }
  }

  private func decoder() -> Decoder {
    let text: [Decoder] = [.replace(Pattern(literal: "▁"), [" "]), .byteFallback, .fuse]
    switch kind {
    case .gemma: return .sequence(text)
    case .llama:
      return .sequence(text + (addsPrefixSpace ? [.strip(" ", start: 1, stop: 0)] : []))
    case .plain, .marian:
      return .sequence(text + (model.addsPrefix ? [.strip(" ", start: 1, stop: 0)] : []))
    default: return .metaspace(Self.metaspace)
    }
  }

  private static let metaspace = Metaspace(
    replacement: mark, prepending: .always, splits: true)

  private var isLegacy: Bool { settings.flag("legacy") ?? true }
  private var addsPrefixSpace: Bool { settings.flag("add_prefix_space") ?? true }

  private func postProcessing(_ id: (String) -> Int?) throws -> PostProcessing {
    func special(_ key: String, _ usual: String, _ type: Int = 0) throws -> PostProcessing.Place {
      let token = settings.special(key) ?? usual
      guard let id = id(token) else {
        throw FileError(.badData, model.path, "has no piece \(token.quoted), the \(key)")
      }
      return .special(id: id, token: token, type: type)
    }
    func text(_ sequence: Int, _ type: Int = 0) -> PostProcessing.Place {
      .text(sequence: sequence, type: type)
    }
    switch kind {
    case .plain: return PostProcessing()
    case .llama, .gemma:
      func around(_ sequence: Int) throws -> [PostProcessing.Place] {
        let first =
          try settings.flag("add_bos_token") ?? true
          ? [special("bos_token", kind == .gemma ? "<bos>" : "<s>", sequence)] : []
        let last =
          try settings.flag("add_eos_token") ?? false
          ? [special("eos_token", kind == .gemma ? "<eos>" : "</s>", sequence)] : []
        return first + [text(sequence, sequence)] + last
      }
      return PostProcessing(single: try around(0), pair: try around(0) + around(1))
    case .t5, .marian:
      let end = try special("eos_token", "</s>")
      return PostProcessing(
        single: [text(0), end], pair: [text(0)] + (kind == .t5 ? [end] : []) + [text(1), end])
    case .xlmRoberta:
      let (first, end) = (try special("cls_token", "<s>"), try special("sep_token", "</s>"))
      return PostProcessing(
        single: [first, text(0), end], pair: [first, text(0), end, end, text(1), end])
    case .albert, .deberta:
      let (first, end) = (try special("cls_token", "[CLS]"), try special("sep_token", "[SEP]"))
      let last = try special("sep_token", "[SEP]", 1)
      return PostProcessing(
        single: [first, text(0), end], pair: [first, text(0), end, text(1, 1), last])
    }
  }
}
