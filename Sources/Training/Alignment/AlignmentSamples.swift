public import Files

/// What the policy wrote after the same prompts, with the same chance, at one time of a run.
public struct AlignmentSamples: Sendable, Equatable {
  /// One text.
  public struct Text: Sendable, Equatable {
    /// What it continues.
    public var prompt: String
    /// The continuation.
    public var text: String
    /// Whether it was ended.
    public var isFinished: Bool
    /// r_θ, where there is a reward model.
    public var reward: Double?
    /// What the rule says, where there is one.
    public var score: Double?
  }

  /// After which iteration; 0 for the model as it was.
  public var iteration: Int
  /// The texts, one a prompt.
  public var texts: [Text]

  init(iteration: Int, texts: [Text]) {
    (self.iteration, self.texts) = (iteration, texts)
  }

  var json: JSON {
    [
      "iteration": .integer(iteration),
      "texts": .array(
        texts.map {
          [
            "prompt": .string($0.prompt), "text": .string($0.text),
            "finished": .bool($0.isFinished), "reward": $0.reward.map(JSON.number) ?? .null,
            "score": $0.score.map(JSON.number) ?? .null,
          ]
        }),
    ]
  }

  init?(_ json: JSON) {
    guard let iteration = json["iteration"]?.integer, let texts = json["texts"]?.elements else {
      return nil
    }
    self.init(
      iteration: iteration,
      texts: texts.compactMap {
        guard let prompt = $0["prompt"]?.string, let text = $0["text"]?.string else { return nil }
        return Text(
          prompt: prompt, text: text, isFinished: $0["finished"]?.bool ?? false,
          reward: $0["reward"]?.number, score: $0["score"]?.number)
      })
  }
}
