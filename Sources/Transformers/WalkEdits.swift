public import Tokenization
internal import Tensors

/// What is changed on purpose in a run, as data: equal edits of equal texts give equal runs.
public struct WalkEdits: Hashable, Sendable {
  /// A head of one attention.
  public struct Head: Hashable, Sendable, CustomStringConvertible {
    /// The stack; `cross` for a decoder's look at its source.
    public var stack: Site.Stack
    /// The layer, counted from 0.
    public var layer: Int
    /// The head, counted from 0.
    public var head: Int

    /// Creates a reference.
    public init(_ layer: Int, _ head: Int, of stack: Site.Stack = .sole) {
      self.layer = layer
      self.head = head
      self.stack = stack
    }

    /// `L3H5`, in an encoder–decoder `cross.L3H5`.
    public var description: String {
      (stack == .sole ? "" : stack.rawValue + ".") + "L\(layer)H\(head)"
    }
  }

  /// The temperature τ inside attention.
  public var attentionTemperature: AttentionTemperature
  /// The heads that are switched off: what they gather, their context, is 0.
  public var off: Set<Head>
  /// The tokens that stand in place of others: ids by position in the text.
  public var replaced: [Int: Int]
  /// Tokens that follow the text: the run is that of the longer text.
  public var appended: [Int]

  /// Creates edits; none unless asked for.
  public init(
    attentionTemperature: AttentionTemperature = .init(), off: Set<Head> = [],
    replaced: [Int: Int] = [:], appended: [Int] = []
  ) {
    self.attentionTemperature = attentionTemperature
    self.off = off
    self.replaced = replaced
    self.appended = appended
  }

  /// Whether the run is the model's own.
  public var isEmpty: Bool { self == own }

  /// The edits of the model's own run of the same tokens: none, but for what follows the text.
  public var own: WalkEdits { WalkEdits(appended: appended) }

  /// Refuses heads that the model does not have.
  ///
  /// - Throws: `ModelError` of kind `noSuchPlace`.
  public func check(_ shape: Configuration) throws {
    guard appended.isEmpty || shape.kind == .decoder else {
      throw ModelError(
        .noSuchPlace, "a model of the kind \(shape.kind.rawValue) does not continue a text")
    }
    if let id = appended.first(where: { !(0..<shape.vocabulary).contains($0) }) {
      throw ModelError(
        .noSuchPlace, "there is no entry \(id) in a vocabulary of \(shape.vocabulary)")
    }
    for head in off.sorted(by: { $0.description < $1.description }) {
      guard shape.stacks.contains(head.stack) else {
        let names = shape.stacks.map { "\($0.rawValue).L\(head.layer)H\(head.head)" }
        throw ModelError(
          .noSuchPlace,
          shape.encoder == nil
            ? "the model has one stack: say L\(head.layer)H\(head.head)"
            : "the model has three attentions: say \(names.joined(separator: ", "))")
      }
      try shape.shape(of: head.stack).check(layer: head.layer, head: head.head)
    }
  }

  /// A pass with the temperatures and without the heads.
  ///
  /// - Parameter recording: What to keep.
  public func pass(recording: Recording) -> Pass {
    var edits: [Site: @Sendable (Tensor) -> Tensor] = [:]
    for (site, heads) in Dictionary(
      grouping: off, by: { Site(.context, layer: $0.layer, of: $0.stack) })
    {
      let silent = Set(heads.map(\.head))
      edits[site] = { $0.silencing(heads: silent) }
    }
    return Pass(
      recording: recording, attentionTemperature: attentionTemperature,
      logits: recording.values.contains(.logits) ? .all : .none, edits: edits)
  }
}

extension Tensor {
  /// What the heads gathered, `[H, n, d]`, 0 where a head is switched off.
  fileprivate func silencing(heads: Set<Int>) -> Tensor {
    let size = count / max(shape[0], 1)
    return Tensor(shape: shape) { out in
      withNumbers { numbers in
        for index in numbers.indices {
          out[index] = heads.contains(index / size) ? 0 : numbers[index]
        }
      }
    }
  }
}

extension Model {
  /// Runs the model on a text with edits and records; an encoder–decoder writes its target anew.
  ///
  /// - Parameters:
  ///   - text: The text, exactly as given.
  ///   - pair: A second text for models that take two.
  ///   - edits: What is changed. Replaced tokens change the run's text where they stand.
  ///   - recording: What to keep.
  ///   - digest: SHA-256 of the parameter file, for provenance.
  ///   - settings: How an encoder–decoder writes its target.
  ///   - goesOn: Is told of every layer before it is computed; see `Pass.goesOn`.
  ///   - announce: Learns the number of tokens before the work begins.
  /// - Throws: `ModelError` when the text yields no tokens or too many, or the edits name what is
  ///   not there.
  public func run(
    _ text: String, pair: String? = nil, edits: WalkEdits, recording: Recording,
    digest: String? = nil,
    target settings: Generation.Settings = .greedy(count: Generation.Settings.targetCount),
    announce: (Int) -> Void = { _ in },
    goesOn: (@Sendable (_ layer: Int, _ stack: Site.Stack) -> Bool)? = nil
  ) throws -> Run {
    try edits.check(configuration)
    var read = ReplacedText(
      encoding: try tokenizer.encode(text, pair: pair), text: text, pair: pair)
    if !edits.appended.isEmpty {
      (read.encoding, read.text) = tokenizer.continuing(
        read.encoding, of: text, with: edits.appended)
    }
    for (position, id) in edits.replaced.sorted(by: { $0.key < $1.key }) {
      try read.replace(position, by: id, tokenizer)
    }
    announce(read.encoding.ids.count)
    var pass = edits.pass(recording: recording)
    pass.goesOn = goesOn
    return try run(
      read.encoding, of: read.text, pair: read.pair, digest: digest, pass: pass, target: settings)
  }

  /// The entry of the vocabulary that a word stands for in place of a token.
  ///
  /// The same mark of a word's beginning as the token's is tried first: `dog` in place of `Ġcat` is
  /// `Ġdog`. `#464` is the entry with this number.
  ///
  /// - Parameters:
  ///   - word: What is to stand there.
  ///   - token: The string of the vocabulary that it replaces.
  /// - Throws: `ModelError` of kind `noSuchPlace` when it is not one token.
  public func replacement(_ word: String, of token: String) throws -> Int {
    if word.hasPrefix("#"), let id = Int(word.dropFirst()) {
      guard tokenizer.token(id) != nil, id < configuration.vocabulary else {
        throw ModelError(
          .noSuchPlace,
          "there is no entry #\(id); \(name) has \(configuration.vocabulary), from #0")
      }
      return id
    }
    let marks = ["Ġ", "▁", "##"].filter(token.hasPrefix)
    for spelled in marks.map({ $0 + word }) + [word] {
      if let id = tokenizer.id(spelled), id < configuration.vocabulary { return id }
    }
    let pieces = try tokenizer.encode(word, addSpecialTokens: false)
    if pieces.ids.count == 1, let id = pieces.ids.first { return id }
    let names = tokenizer.display(pieces, text: word).map(\.text).joined(separator: " ")
    throw ModelError(
      .noSuchPlace,
      "“\(word)” is not one token of \(name) but \(pieces.ids.count): \(names); replace a token by one"
    )
  }
}

/// A text some of whose tokens were replaced: ids, words and places stay together.
private struct ReplacedText {
  var encoding: Encoding
  var text: String
  var pair: String?

  mutating func replace(_ position: Int, by id: Int, _ tokenizer: Tokenizer) throws {
    guard encoding.ids.indices.contains(position) else {
      throw ModelError(
        .noSuchPlace,
        "there is no token \(position); the text has tokens 0 to \(encoding.ids.count - 1)")
    }
    guard let part = encoding.sequence[position] else {
      throw ModelError(
        .noSuchPlace,
        "token \(position) is \(encoding.tokens[position]), which the tokenizer added; replace one of the text"
      )
    }
    let range = encoding.offsets[position]
    let others = encoding.offsets.indices.filter {
      $0 != position && encoding.sequence[$0] == part && encoding.offsets[$0].overlaps(range)
    }
    guard others.isEmpty else {
      throw ModelError(
        .noSuchPlace, "token \(position) is a part of a character; replace a whole one")
    }
    encoding.ids[position] = id
    encoding.tokens[position] = tokenizer.token(id) ?? "#\(id)"
    splice(position, part, words(of: id, in: range, part, tokenizer))
  }

  /// What the new token says, with a space before it where the old one had one.
  private func words(
    of id: Int, in range: Range<Int>, _ part: Int, _ tokenizer: Tokenizer
  ) -> [Unicode.Scalar] {
    let whole = Array((part == 0 ? text : pair ?? "").unicodeScalars)
    let old = whole[range.clamped(to: whole.indices)]
    let new = Array(tokenizer.display(id: id).source.unicodeScalars).drop { $0 == " " }
    let word = new.isEmpty ? Array((tokenizer.token(id) ?? "").unicodeScalars)[...] : new
    return Array(old.prefix { $0 == " " }) + word
  }

  /// Puts words in place of a token's and moves what stands behind it.
  private mutating func splice(_ position: Int, _ part: Int, _ words: [Unicode.Scalar]) {
    let range = encoding.offsets[position]
    var scalars = Array((part == 0 ? text : pair ?? "").unicodeScalars)
    scalars.replaceSubrange(range.clamped(to: 0..<scalars.count), with: words)
    let changed = String(String.UnicodeScalarView(scalars))
    if part == 0 { text = changed } else { pair = changed }
    let shift = words.count - range.count
    for index in encoding.offsets.indices
    where index > position && encoding.sequence[index] == part {
      let old = encoding.offsets[index]
      encoding.offsets[index] = old.lowerBound + shift..<old.upperBound + shift
    }
    encoding.offsets[position] = range.lowerBound..<range.lowerBound + words.count
  }
}
