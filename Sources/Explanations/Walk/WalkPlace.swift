internal import Figures
internal import Files
internal import Tensors
internal import Tokenization
internal import Transformers

/// What a station shows before it is compared and clamped: filled by the makers of pages.
struct StationContent {
  var title: String
  var inputs: [StationPage.Quantity]
  var outputs: [StationPage.Quantity]
  var formula: [String]
  var line: String
  var happens: String
  var lookFor: String
  var table: StationPage.Table?
  var figure: (any Figure)?
  var command: [String]?
  var numbers: [JSON.Member] = []
  /// What is compared with a run without edits.
  var compared: Compared?

  /// The focused token's row, and where the station has one the whole matrix.
  struct Compared {
    /// The letter of the row in sentences: "α₅".
    var symbol: String
    /// What a place of the row is called: "“cat”", "dimension 3".
    var name: (Int) -> String
    /// How a number of the row is printed.
    var print: (Double) -> String
    /// The row of a run.
    var row: (WalkPlace) throws -> [Double]
    /// The whole of a run, where the picture shows it.
    var matrix: ((WalkPlace) throws -> Tensor)?
    /// The name of a map of the differences.
    var isWeights = false
  }
}

/// One station of one run with a focus: the numbers that its page is made of.
struct WalkPlace {
  let walk: Walk
  let station: Station
  let focus: Focus
  /// The part of the run that the station belongs to.
  let run: Run
  /// All of the run.
  let whole: Run

  init(_ walk: Walk, _ run: Run, _ station: Station, _ focus: Focus) {
    self.walk = walk
    self.station = station
    self.focus = focus
    self.run = run.part(station.stack)
    whole = run
  }

  // MARK: where

  var transformer: Transformer { walk.transformer }
  var stack: Site.Stack { station.stack }
  var isCross: Bool { stack == .cross }
  /// The shape of the stack; a decoder's look at its source has the decoder's.
  var shape: Configuration { run.configuration }
  var layer: Int { station.layer ?? 0 }
  /// The token whose row is followed.
  var i: Int { focus.token }
  /// The head whose numbers are printed; head 0 stands for all where all are looked at.
  var head: Int { focus.head ?? 0 }
  /// The key-value head that the head uses.
  var group: Int { head * shape.groups / max(shape.heads, 1) }
  /// What the blocks of the stack are made of; that of a look at a source is the decoder's.
  var anatomy: BlockAnatomy { transformer.anatomy(layer: layer, of: blocks) }
  /// The stack whose blocks the station is in.
  var blocks: Site.Stack { isCross ? .decoder : stack }
  var sublayer: BlockAnatomy.Sublayer { isCross ? .crossAttention : .attention }
  var norms: BlockAnatomy.Norms { isCross ? anatomy.cross ?? anatomy.attention : anatomy.attention }
  /// "LN" or "RMS".
  var norm: String { shape.normKind == .layer ? "LN" : "RMS" }
  /// Number of tokens that look, and of those that are looked at.
  var n: Int { run.count }
  var m: Int { run.keys.count }

  /// Whether a key may be looked at.
  func allows(_ key: Int) -> Bool {
    run.trace.masks[layer]?.allows(query: i, key: key) ?? true
  }

  /// The keys that the focused token may look at.
  var allowed: [Int] { (0..<m).filter(allows) }

  // MARK: numbers

  /// A recorded value of the layer, or outside the layers.
  func recorded(_ value: Site.Value, of other: Site.Stack? = nil, layer at: Int? = nil) throws
    -> Tensor
  {
    let layer = value.isInLayer ? at ?? layer : nil
    guard let tensor = run.trace[value, layer: layer, of: other] else {
      throw whole.missing(value, layer: layer)
    }
    return tensor
  }

  /// One head's part of a recorded value.
  func recorded(_ value: Site.Value, head: Int) throws -> Tensor {
    guard let tensor = run.trace[value, layer: layer, head: head] else {
      throw whole.missing(value, layer: layer)
    }
    return tensor
  }

  /// The focused token's row.
  func row(_ tensor: Tensor) -> [Double] { numbers(tensor, i) }

  func numbers(_ tensor: Tensor, _ row: Int) -> [Double] { tensor.row(row).map(Double.init) }

  /// The weights of the focused token's row in a head.
  func weights(head: Int) throws -> [Double] { row(try recorded(.weights, head: head)) }

  /// The key that is followed: the one in focus, else the one with the largest weight.
  func followed() throws -> Int {
    if let key = focus.key { return key }
    let weights = try weights(head: head)
    return allowed.max { (weights[$0], $1) < (weights[$1], $0) } ?? 0
  }

  /// q · k of the focused token and every key.
  func products(head: Int) throws -> [Double] {
    let (q, k) = (row(try recorded(.query, head: head)), try recorded(.key, head: head))
    return (0..<m).map { numbers(k, $0).dot(q) }
  }

  /// What enters the layer, `[n, D]`; of a look at a source what self-attention left.
  func stream() throws -> Tensor {
    if isCross { return try recorded(.residual, of: .decoder) }
    return layer == 0 ? try recorded(.embedding) : try recorded(.output, layer: layer - 1)
  }

  /// What the sublayer sees of some rows of the stream.
  func seen(_ stream: Tensor) -> Tensor {
    transformer.seen(stream, by: sublayer, layer: layer, of: blocks)
  }

  // MARK: words

  /// "layer 3, head 5 of 12, look at the source".
  var words: String {
    var parts: [String] = []
    if stack != .sole {
      parts.append(isCross ? "decoder’s look at the source" : stack.rawValue)
    }
    if station.kind.isInLayer { parts.append("layer \(layer)") }
    if station.kind.isInHead {
      parts.append(
        focus.head.map { "head \($0) of \(shape.heads)" }
          ?? "all \(shape.heads) heads; numbers of head 0")
    }
    if station.kind != .text, station.kind != .tokens {
      parts.append("token \(i) \(name(i))")
    }
    return parts.joined(separator: ", ")
  }

  /// A token that looks, in quotation marks.
  func name(_ token: Int) -> String { run.name(of: token).isolated.quoted }

  /// A token that is looked at, in quotation marks.
  func keyName(_ token: Int) -> String { run.keys.tokens.name(of: token).isolated.quoted }

  /// "L3H5".
  var headName: String { "L\(layer)H\(head)" }

  /// The words of `attnviz draw` that choose this head.
  var headWords: [String] {
    ["--layer", "\(layer)", "--head", "\(head)"] + stackWords
  }

  private var stackWords: [String] { stack == .sole ? [] : ["--stack", stack.rawValue] }
}

extension [Double] {
  /// Σ aᵢbᵢ.
  func dot(_ other: [Double]) -> Double { zip(self, other).reduce(0) { $0 + $1.0 * $1.1 } }

  /// The root of the sum of the squares.
  var length: Double { dot(self).squareRoot() }

  /// The mean and the root of the mean square distance from it.
  var meanAndDeviation: (mean: Double, deviation: Double) {
    let mean = reduce(0, +) / Double(Swift.max(count, 1))
    let square = reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(Swift.max(count, 1))
    return (mean, square.squareRoot())
  }

  /// The cosine with another vector; 0 where one has no length.
  func cosine(_ other: [Double]) -> Double {
    let lengths = length * other.length
    return lengths > 0 ? dot(other) / lengths : 0
  }

  /// Where the largest number stands, of equal ones the first.
  var indexOfLargest: Int? { indices.max { (self[$0], $1) < (self[$1], $0) } }
}
