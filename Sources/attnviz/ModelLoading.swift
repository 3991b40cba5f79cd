import Files
import Tensors
import Tokenization
import Transformers

extension ModelOptions {
  /// Reads the model that the options, the environment or the store name, and its digest.
  func load() throws -> (model: Model, digest: String?) {
    let store = ModelStore()
    let location = try store.resolve(model)
    return (try Model(location), try store.digest(of: location))
  }

  /// Reads its tokenizer only; a folder with nothing but a tokenizer will do.
  func loadTokenizer() throws -> Tokenizer {
    if let model, fileExists(model + "/tokenizer.json") {
      return try Tokenizer.load(folder: model)
    }
    return try ModelStore().resolve(model).tokenizer()
  }
}

extension Model {
  /// Runs the model, says first what a long text costs, and warns when a number is not finite.
  func run(
    _ text: String, pair: String? = nil, digest: String?, recording: Recording = .everything,
    attentionTemperature: AttentionTemperature = .init(),
    target settings: Generation.Settings = .greedy(count: Generation.Settings.targetCount),
    _ common: CommonOptions
  ) throws -> Run {
    let pass = Pass(
      recording: recording, attentionTemperature: attentionTemperature,
      logits: recording.values.contains(.logits) ? .all : .none)
    let run = try run(text, pair: pair, digest: digest, pass: pass, target: settings) {
      announce(recording, tokens: $0, target: settings.count, common)
    }
    common.detail("\(name) from \(folder): \(run.count) tokens, products by \(BLAS.description)")
    if let site = run.notFinite { common.say("warning: \(site) is not finite") }
    return run
  }

  /// Says what it costs to record a long text: scores and weights grow with its square.
  ///
  /// - Parameter target: The most tokens of an encoder–decoder's target.
  func announce(
    _ recording: Recording, tokens: Int, target: Int = 0, _ common: CommonOptions
  ) {
    let target = min(target, configuration.maximumTokens)
    let bytes = recording.bytesOfMaps(configuration, tokens: tokens, target: target)
    guard bytes > Recording.mostInMemory, tokens <= configuration.maximumTokens else { return }
    common.say(cost(of: recording, tokens: tokens, target: target))
  }

  /// What the maps of every head take: "144 heads × 1024²: 604 MB of scores and 604 MB of weights".
  private func cost(of recording: Recording, tokens: Int, target: Int) -> String {
    let names: [(Site.Value, String)] = [
      (.products, "products q·k"), (.scores, "scores"), (.weights, "weights"),
    ]
    let parts: [String] = names.compactMap { value, name in
      let part = Recording(recording.values.intersection([value]), layers: recording.layers)
      let bytes = part.bytesOfMaps(configuration, tokens: tokens, target: target)
      return bytes == 0 ? nil : "\(bytes.megabytes) of \(name)"
    }
    let all = parts.count < 3 ? parts : [parts.dropLast().joined(separator: ", ")] + parts.suffix(1)
    let size = all.joined(separator: " and ")
    guard configuration.encoder == nil else {
      return "\(tokens) source tokens, \(target) of the target: \(size)"
    }
    let layers = recording.layers?.filter((0..<configuration.layers).contains).count
    let heads = (layers ?? configuration.layers) * configuration.heads
    return "\(heads) heads × \(tokens)²: \(size)"
  }
}
