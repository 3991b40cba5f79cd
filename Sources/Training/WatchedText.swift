public import Files
internal import Tensors
internal import Transformers

/// A text, and where the heads of a model in training looked in it after some of the steps.
public struct WatchedText: Sendable, Equatable {
  /// The weights of all heads after a step.
  public struct Moment: Sendable, Equatable {
    /// After which step; 0 for the new model.
    public var step: Int
    /// The weights of every layer, `[H, n, n]` row by row, to five decimals.
    public var layers: [[Float]]
  }

  /// The text.
  public var text: String
  /// Its tokens.
  public var ids: [Int]
  /// The moments, first to last.
  public internal(set) var moments: [Moment] = []

  /// A text that is not looked at yet.
  public init(_ text: String, ids: [Int]) {
    self.text = text
    self.ids = ids
  }

  /// After which steps of a run the heads are looked at: before the first one, and after a 64th, a
  /// 16th, a quarter and all of them, because a model learns most at the beginning.
  public static func steps(of all: Int) -> [Int] {
    Set([0] + [64, 16, 4, 1].map { all / $0 }).sorted()
  }

  /// The text with where the heads look now.
  ///
  /// - Throws: `ModelError` for a text that the model does not take.
  func looked(at learner: Learner, after step: Int) throws -> WatchedText {
    guard moments.last?.step ?? -1 < step else { return self }
    let model = try learner.model()
    var pass = Pass(recording: Recording([.weights]), logits: .none)
    _ = try model(ids, &pass)
    let layers = (0..<model.configuration.layers).map { layer in
      (pass.trace[.weights, layer: layer]?.numbers ?? []).map { ($0 * 1e5).rounded() / 1e5 }
    }
    var next = self
    next.moments.append(Moment(step: step, layers: layers))
    return next
  }

  var json: JSON {
    [
      "text": .string(text), "ids": .array(ids.map(JSON.integer)),
      "step": .array(moments.map { .integer($0.step) }),
      "weights": .array(
        moments.map { moment in
          .array(moment.layers.map { .array($0.map { .number(Double("\($0)") ?? 0) }) })
        }),
    ]
  }

  /// Reads what `json` wrote, up to a step; `nil` where it does not fit together.
  init?(_ json: JSON, until last: Int) {
    guard let text = json["text"]?.string, let ids = json["ids"]?.elements?.compactMap(\.integer),
      let steps = json["step"]?.elements?.compactMap(\.integer),
      let weights = json["weights"]?.elements, weights.count == steps.count, !ids.isEmpty
    else { return nil }
    self.init(text, ids: ids)
    for (step, layers) in zip(steps, weights) where step <= last {
      let numbers = (layers.elements ?? []).map { layer in
        (layer.elements ?? []).compactMap { $0.number.map { Float($0) } }
      }
      let heads = (numbers.first?.count ?? 0) / (ids.count * ids.count)
      guard heads > 0, numbers.allSatisfy({ $0.count == heads * ids.count * ids.count }) else {
        return nil
      }
      moments.append(Moment(step: step, layers: numbers))
    }
  }
}
