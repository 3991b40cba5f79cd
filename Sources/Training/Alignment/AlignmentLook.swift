public import Files
internal import Tensors
internal import Transformers

/// One prompt before and after a run: what comes next, and where one head looks.
public struct AlignmentLook: Sendable, Equatable {
  /// A token that may come next.
  public struct Next: Sendable, Equatable {
    /// Its number.
    public var id: Int
    /// How it is shown.
    public var token: String
    /// Its probability before.
    public var before: Double
    /// Its probability after.
    public var after: Double
  }

  /// The prompt.
  public var prompt: String
  /// How its tokens are shown.
  public var tokens: [String]
  /// The most probable tokens of both times, in the order of the probability before.
  public var next: [Next]
  /// KL of the two distributions over the whole vocabulary, after to before, in nats.
  public var divergence: Double
  /// The head whose weights changed most, of all heads.
  public var layer: Int
  /// The same.
  public var head: Int
  /// Its weights before, `[n, n]` row by row, to five decimals.
  public var before: [Float]
  /// Its weights after.
  public var after: [Float]

  var json: JSON {
    func numbers(_ weights: [Float]) -> JSON {
      .array(weights.map { .number(Double("\($0)") ?? 0) })
    }
    return [
      "prompt": .string(prompt), "tokens": .array(tokens.map(JSON.string)),
      "next": .array(
        next.map {
          [
            "id": .integer($0.id), "token": .string($0.token), "before": .number($0.before),
            "after": .number($0.after),
          ]
        }),
      "next_kl": .number(divergence), "layer": .integer(layer), "head": .integer(head),
      "weights_before": numbers(before), "weights_after": numbers(after),
    ]
  }

  /// Reads what `json` wrote; `nil` where it does not fit together.
  init?(_ json: JSON) {
    func weights(_ key: String) -> [Float] {
      json[key]?.elements?.compactMap { $0.number.map { Float($0) } } ?? []
    }
    guard let prompt = json["prompt"]?.string, let layer = json["layer"]?.integer,
      let head = json["head"]?.integer, let divergence = json["next_kl"]?.number
    else { return nil }
    (self.prompt, self.layer, self.head) = (prompt, layer, head)
    self.divergence = divergence
    tokens = json["tokens"]?.elements?.compactMap(\.string) ?? []
    next = (json["next"]?.elements ?? []).compactMap {
      guard let id = $0["id"]?.integer, let token = $0["token"]?.string,
        let before = $0["before"]?.number, let after = $0["after"]?.number
      else { return nil }
      return Next(id: id, token: token, before: before, after: after)
    }
    (before, after) = (weights("weights_before"), weights("weights_after"))
    guard before.count == tokens.count * tokens.count, after.count == before.count else {
      return nil
    }
  }
}

extension AlignmentLook {
  /// Tokens of each time that are named.
  private static let named = 12

  /// Looks at a prompt with two models of one shape.
  ///
  /// - Throws: `ModelError` for a prompt that the model does not take.
  init(
    _ prompt: String, ids: [Int], before old: Transformer, after new: Transformer,
    show: (Int) -> String
  ) throws {
    let (first, second) = (try Glance(old, ids), try Glance(new, ids))
    self.prompt = prompt
    tokens = ids.map(show)
    let (p, q) = (first.next.probabilities(at: 1), second.next.probabilities(at: 1))
    let named = Set(first.next.ranking(Self.named) + second.next.ranking(Self.named))
    next = named.sorted { (p[$1], $0) < (p[$0], $1) }.map {
      Next(id: $0, token: show($0), before: p[$0], after: q[$0])
    }
    let logs = (first.next.logProbabilities(at: 1), second.next.logProbabilities(at: 1))
    divergence = max(0, q.indices.reduce(0) { $0 + q[$1] * (logs.1[$1] - logs.0[$1]) })
    var best = (layer: 0, head: 0, change: -1.0)
    for layer in first.weights.indices {
      for head in 0..<old.configuration.heads {
        let change = zip(first.weights(layer, head), second.weights(layer, head)).reduce(0) {
          $0 + Double(abs($1.0 - $1.1))
        }
        if change > best.change { best = (layer, head, change) }
      }
    }
    (layer, head) = (best.layer, best.head)
    before = first.weights(layer, head).map { ($0 * 1e5).rounded() / 1e5 }
    after = second.weights(layer, head).map { ($0 * 1e5).rounded() / 1e5 }
  }

  /// What one model does with a prompt.
  private struct Glance {
    let next: Distribution
    let weights: [Tensor]

    init(_ model: Transformer, _ ids: [Int]) throws {
      var pass = Pass(recording: Recording([.weights]), logits: .last)
      guard let logits = try model(ids, &pass), let next = Distribution(logits.slice(0)) else {
        throw ModelError(.badModel, "the model gives logits that are not finite")
      }
      self.next = next
      let trace = pass.trace
      weights = (0..<model.configuration.layers).compactMap { trace[.weights, layer: $0] }
    }

    func weights(_ layer: Int, _ head: Int) -> [Float] { weights[layer].slice(head).numbers }
  }
}
