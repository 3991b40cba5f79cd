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
    _ common: CommonOptions
  ) throws -> Run {
    let run = try run(text, pair: pair, digest: digest, pass: Pass(recording: recording)) {
      let bytes = recording.bytesOfMaps(configuration, tokens: $0)
      if bytes > 200 << 20, $0 <= configuration.maximumTokens {
        let heads = configuration.layers * configuration.heads
        common.say("\(heads) heads × \($0)²: \(bytes >> 20) MB of scores and weights")
      }
    }
    common.detail("\(name) from \(folder): \(run.count) tokens, products by \(BLAS.description)")
    if let site = run.notFinite { common.say("warning: \(site) is not finite") }
    return run
  }
}
