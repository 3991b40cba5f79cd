public import Files
internal import TensorFiles
package import Tensors
public import Transformers

/// The transformer with a scalar head: it reads a prompt and a continuation and says how good that
/// is, one number made of the final hidden state of the last token.
public struct RewardModel: Sendable {
  /// What it was evaluated with.
  public internal(set) var evaluation = RewardEvaluation()
  /// The rule behind the preferences, where there is one.
  public internal(set) var rule: PreferenceRule?
  var model: StartingModel
  private let transformer: Transformer

  /// The name of the file that says how good it is.
  public static let fileName = "reward.json"
  static let schema = "attnviz.reward/1"

  /// Puts the model together from its parameters, the head's among them.
  init(_ model: StartingModel) throws {
    self.model = model
    transformer = try model.transformer()
    guard ScalarHead.reward.isIn(model.parameters, width: transformer.configuration.width) else {
      throw ModelError(.badModel, "\(model.name) has no scalar head; it is no reward model")
    }
  }

  /// Reads the folder of a reward model: a model's folder whose parameters have the head's among
  /// them, and `reward.json`.
  ///
  /// - Throws: `FileError` where it is no reward model, or broken.
  public init(folder: String) throws {
    let path = folder + "/" + Self.fileName
    let json = try JSON(parsing: try readFile(path, limit: 1 << 26), path: path)
    guard json["schema"]?.string == Self.schema,
      let evaluation = json["evaluation"].flatMap(RewardEvaluation.init)
    else { throw FileError(.badData, path, "is no evaluation of a reward model") }
    let model = try Model(folder: folder, name: json["model"]?.string ?? folder)
    var start = try StartingModel(model)
    for name in ScalarHead.reward.names {
      guard let tensor = try model.checkpoint.tensor(name) else {
        throw FileError(.badData, folder, "\(name) is missing; it is no reward model")
      }
      start.parameters[name] = Tensor(tensor.numbers, shape: tensor.shape)
    }
    try self.init(start)
    self.evaluation = evaluation
    rule = json["rule"]?.string.flatMap(PreferenceRule.init)
  }

  /// Writes the folder.
  ///
  /// - Throws: `FileError` for what cannot be written.
  public func write(to folder: String) throws {
    try model.write(to: folder)
    try writeFile(folder + "/" + Self.fileName, json.text(indented: true) + "\n")
  }

  /// What `reward.json` says.
  public var json: JSON {
    [
      "schema": .string(Self.schema), "model": .string(model.name),
      "rule": rule.map { .string($0.rawValue) } ?? .null, "evaluation": evaluation.json,
    ]
  }

  /// The reward of every text, as the head gives it: only differences mean something.
  ///
  /// - Parameter texts: Prompts with their continuations.
  /// - Throws: `ModelError` for tokens that the model does not take.
  public func rawRewards(of texts: [[Int]]) throws -> [Double] {
    let items = texts.enumerated().map { PlacedText(place: $0, tokens: $1) }
    let parts = Learner.cut(items).concurrentLanes { runs in
      try runs.map { run in
        (run, try transformer.rewards(of: run.map(\.tokens), model.parameters).numbers)
      }
    }
    var rewards = texts.map { _ in 0.0 }
    for part in parts {
      for (run, numbers) in try part.get() {
        for (item, number) in zip(run, numbers) { rewards[item.place] = Double(number) }
      }
    }
    return rewards
  }

  /// r_θ: the rewards with the mean of the evaluated texts taken off, in units of their deviation.
  ///
  /// - Throws: `ModelError` for tokens that the model does not take.
  public func rewards(of texts: [[Int]]) throws -> [Double] {
    try rawRewards(of: texts).map { ($0 - evaluation.mean) / evaluation.deviation }
  }
}

/// A text and where it stands in a list.
struct PlacedText: LearningItem {
  var place: Int
  var tokens: [Int]
  var size: Int { tokens.count }
}

extension Transformer {
  /// The scalar head on the last token of every text, `[texts]`.
  package func rewards(
    of texts: [[Int]], _ parameters: [String: Tensor], dropout: Dropout? = nil
  ) throws -> Tensor {
    var pass = Pass(recording: .nothing, logits: .none)
    pass.dropout = dropout
    let hidden = try hidden(texts: texts, &pass)
    let width = hidden.rows / max(1, texts.count)
    let last = texts.enumerated().map { $0 * width + $1.count - 1 }
    return ScalarHead.reward(hidden.gatheringRows(last), parameters)
  }
}
