package import Tensors
package import Transformers

/// What a policy wrote after a prompt.
public struct Continuation: Sendable, Equatable {
  /// The tokens before it.
  public var prompt: [Int]
  /// Its tokens, the end token included where it was written.
  public var ids: [Int]
  /// Whether the writer ended it, and was not cut off.
  public var isFinished: Bool

  /// Creates a continuation.
  public init(prompt: [Int], ids: [Int], isFinished: Bool) {
    (self.prompt, self.ids, self.isFinished) = (prompt, ids, isFinished)
  }

  /// All tokens.
  public var tokens: [Int] { prompt + ids }
}

/// Writes many texts at once at τ = 1, so that a token's probability is the policy's own.
package struct ContinuationWriter: Sendable {
  package var model: Transformer
  /// The tokens that end a text.
  package var ends: Set<Int>
  /// The most tokens of a continuation.
  package var most: Int
  /// What chance depends on, besides the place of the text.
  package var seed: UInt64

  /// Creates a writer.
  package init(_ model: Transformer, ends: Set<Int>, most: Int, seed: UInt64) {
    (self.model, self.ends, self.most, self.seed) = (model, ends, most, seed)
  }

  /// Texts that are computed at once.
  private static let group = 32

  /// A continuation of every prompt, in order. Prompts of one length are written together, in
  /// groups that do not depend on threads.
  ///
  /// - Throws: `ModelError` for a prompt that the model does not take, and for logits that are not
  ///   finite.
  package func callAsFunction(_ prompts: [[Int]]) throws -> [Continuation] {
    var places: [Int: [Int]] = [:]
    for (place, prompt) in prompts.enumerated() { places[prompt.count, default: []].append(place) }
    let groups = places.sorted { $0.key < $1.key }.flatMap { _, places in
      stride(from: 0, to: places.count, by: Self.group).map {
        Array(places[$0..<min($0 + Self.group, places.count)])
      }
    }
    let written = groups.concurrentLanes { try write(prompts, $0) }
    var result = prompts.map { Continuation(prompt: $0, ids: [], isFinished: false) }
    for (group, ids) in zip(groups, written) {
      for (place, ids) in zip(group, try ids.get()) {
        result[place].ids = ids
        result[place].isFinished = ids.last.map(ends.contains) ?? false
      }
    }
    return result
  }

  /// Writes after the prompts at some places, all of one length.
  private func write(_ prompts: [[Int]], _ places: [Int]) throws -> [[Int]] {
    let width = prompts[places[0]].count
    let room = min(most, model.configuration.maximumTokens - width)
    var samplers = places.map {
      Sampler(seed: Learner.mix([seed, UInt64($0)]))
    }
    var written = places.map { _ in [Int]() }
    var pass = Pass(
      recording: .nothing, logits: .some(places.indices.map { ($0 + 1) * width - 1 }))
    var next = places.map { prompts[$0] }
    var isOpen = places.map { _ in true }
    for step in 0..<max(0, room) {
      guard let logits = try model(texts: next, continues: step > 0, &pass) else {
        throw ModelError(.badModel, "the model has no logits to choose a token from")
      }
      pass.logits = .all
      for text in places.indices where isOpen[text] {
        guard let own = Distribution(logits.slice(text)) else {
          throw ModelError(.badModel, "the model gives logits that are not finite")
        }
        let id = samplers[text].choose(from: own, at: 1).id
        written[text].append(id)
        isOpen[text] = !ends.contains(id)
      }
      guard isOpen.contains(true) else { break }
      // A text that has ended is computed on, and nobody looks.
      next = written.map { [$0.last ?? 0] }
    }
    return written
  }
}
