public import Tensors

/// One way through the model: what to keep, what to change, what was kept, and what attention
/// remembers.
///
/// The model hands every intermediate value to `tap` once, where it is computed. There is no
/// other path: nothing depends on whether a value is kept. A pass that went through a decoder
/// holds the keys and values of its tokens, so the next call with it continues the text; a copy
/// of a pass continues on its own. The pass of an encoder–decoder holds the source that was read,
/// with its keys and values, and what the decoder wrote.
public struct Pass: Sendable {
  /// Which rows get logits: they cost as much as a layer.
  public enum Rows: Sendable {
    case all, last, none
    /// Those at some places.
    case some([Int])
  }

  /// What to keep.
  public var recording: Recording
  /// The temperature τ of the softmax inside attention; 1 is the model's own.
  public var attentionTemperature: AttentionTemperature
  /// Functions that replace the value of a site. A call that continues a text hands them the rows
  /// of its own tokens.
  public var edits: [Site: @Sendable (Tensor) -> Tensor]
  /// Which rows get logits.
  public var logits: Rows
  /// Takes a value that is to be kept, and says whether it did; else the trace keeps it.
  var keep: (@Sendable (Site, Tensor) -> Bool)?
  /// Is told of every layer before it is computed, and says whether to go on; if not, the call throws
  /// `Interruption`.
  public var goesOn: (@Sendable (_ layer: Int, _ stack: Site.Stack) -> Bool)?
  /// Whether `goesOn` ended the call.
  private(set) var isInterrupted = false
  /// Where maps of all pairs of tokens that are kept wait; memory when `nil`.
  package var scratch: ScratchFile?
  /// The positions of the tokens of the latest call, in an encoder–decoder those of the target.
  public private(set) var positions = 0..<0
  /// The tokens so far.
  private(set) var ids: [Int] = []
  /// Several texts that are computed at once, one behind the other; `nil` for one text.
  private(set) var batch: Batch?
  /// The texts of the source that was read at once.
  private(set) var sourceBatch: Batch?
  /// What is left out by chance while a model is trained.
  package var dropout: Dropout?
  /// Whether what a sublayer adds is added to the stream, as in every model; if not, it takes the
  /// stream's place. This measures what the connections are for.
  package var hasResiduals = true
  /// What the encoder made of the source, `[m, D]`, in an encoder–decoder.
  private(set) var source: Tensor?
  /// The stack that is being computed; set by itself.
  var stack = Site.Stack.sole
  /// The layer that is being computed; set by the stack.
  var layer: Int?
  /// The rotation of queries and keys of this layer; set by the stack.
  var rotation: Rotation?
  /// What the distance of two tokens adds to their score, `[H, n, m]`; set by the stack.
  var bias: Tensor?
  /// What every call kept.
  private var parts = [Trace()]
  /// Keys and values of the tokens so far, or of the source, one of each a layer.
  private var memory: [Site.Stack: [(keys: GrowingRows, values: GrowingRows)]] = [:]

  /// Creates a pass.
  public init(
    recording: Recording = .everything, attentionTemperature: AttentionTemperature = .init(),
    logits: Rows = .all, edits: [Site: @Sendable (Tensor) -> Tensor] = [:]
  ) {
    self.recording = recording
    self.attentionTemperature = attentionTemperature
    self.logits = logits
    self.edits = edits
  }

  /// What was kept of all tokens; put together anew whenever it is asked for.
  public var trace: Trace { Trace(joining: parts) }

  /// Begins a call.
  ///
  /// - Parameters:
  ///   - new: Its tokens.
  ///   - continues: Whether they follow those of the calls before; if not, these are forgotten.
  ///   - batch: The texts they are of, where these are several.
  mutating func begin(_ new: [Int], continues: Bool, batch: Batch? = nil) {
    ids = continues ? ids + new : new
    if let batch {
      let seen = continues ? positions.upperBound : 0
      positions = seen..<seen + batch.width
    } else {
      positions = ids.count - new.count..<ids.count
    }
    self.batch = batch
    isInterrupted = false
    if !continues {
      (memory, source, sourceBatch) = ([:], nil, nil)
      parts = [Trace()]
    } else if parts.last?.tensors.isEmpty == false {
      parts.append(Trace())
    }
  }

  /// Begins a layer, unless the call is to end.
  mutating func begin(layer: Int) -> Bool {
    isInterrupted = isInterrupted || goesOn?(layer, stack) == false
    self.layer = layer
    return !isInterrupted
  }

  /// Ends a call.
  ///
  /// - Throws: `Interruption` when it was ended before.
  func end() throws {
    if isInterrupted { throw Interruption() }
  }

  /// Keeps what the encoder made of the source; the next call begins the target.
  mutating func remember(source hidden: Tensor) {
    source = hidden
    sourceBatch = batch
    memory = [:]
    (ids, positions) = ([], 0..<0)
  }

  /// Names a value: replaces it when an edit says so, keeps it when the recording says so.
  mutating func tap(_ value: Site.Value, _ tensor: Tensor) -> Tensor {
    let site = Site(value, layer: value.isInLayer ? layer : nil, of: stack)
    var result = edits[site].map { $0(tensor) } ?? tensor
    if dropout != nil, let dropped = dropout?(result, at: value) { result = dropped }
    if recording.keeps(site), keep?(site, result) != true {
      parts[parts.count - 1].tensors[site] =
        site.value.isMap ? scratch?.moving(result) ?? result : result
    }
    return result
  }

  /// The stream with what a sublayer adds to it.
  func adding(_ change: Tensor, to stream: Tensor) -> Tensor {
    hasResiduals ? stream + change : change
  }

  /// All keys and values that the layer looks at.
  ///
  /// - Parameters:
  ///   - grows: Whether every call adds those of its tokens; if not, those of the first call stay.
  ///   - compute: Makes the keys and values that are to be added.
  mutating func remember(
    growing grows: Bool, _ compute: (inout Pass) -> (keys: Tensor, values: Tensor)
  ) -> (keys: GrowingRows, values: GrowingRows) {
    let place = layer ?? 0
    let isFirst = memory[stack, default: []].count <= place
    if isFirst || grows {
      let (keys, values) = compute(&self)
      if isFirst {
        memory[stack, default: []].append((GrowingRows(keys), GrowingRows(values)))
      } else {
        memory[stack, default: []][place].keys.append(keys)
        memory[stack, default: []][place].values.append(values)
      }
    }
    return memory[stack, default: []][place]
  }

  /// Notes which keys the queries of this layer may look at.
  mutating func note(mask: KeyRanges?) {
    guard let mask, let layer, recording.keepsMask(of: layer) else { return }
    parts[parts.count - 1].masks[layer] = mask
  }
}

/// A run that was ended before it was done, by `Pass.goesOn`.
public struct Interruption: Error {}
