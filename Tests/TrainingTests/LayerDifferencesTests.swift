import Files
import Tensors
import Testing
import Training
import Transformers

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The gradient of every parameter of whole layers, against differences of the layers' published
/// formulas in double precision: attention with and without a mask, over a source, with shared
/// keys and turned ones; feed-forward networks with and without a gate; norms before and after.
@Suite struct LayerDifferencesTests {
  private static let tokens = [3, 1, 4, 1, 5]

  @Test func aDecoderBlockWithItsNormsBefore() throws {
    let config: JSON = [
      "model_type": "gpt2", "vocab_size": 9, "n_positions": 6, "n_embd": 8, "n_head": 2,
      "n_layer": 1, "layer_norm_epsilon": 0.002, "activation_function": "gelu_new",
    ]
    try expectGradients(config, Example(next: Self.tokens)) { model in
      let (read, block) = (Array(Self.tokens.dropLast()), "transformer.h.0.")
      var x = model.rows("transformer.wte.weight", of: read, width: 8)
      x = x + model.rows("transformer.wpe.weight", of: Array(read.indices), width: 8)
      let seen = model.layerNorm(x, block + "ln_1", epsilon: 0.002)
      let parts = (0..<3).map {
        model.linear(
          seen, block + "attn.c_attn.weight", bias: block + "attn.c_attn.bias",
          outputs: $0 * 8..<($0 + 1) * 8, isTransposed: true)
      }
      let context = model.attention(parts[0], parts[1], parts[2], heads: 2, isCausal: true)
      x =
        x
        + model.linear(
          context, block + "attn.c_proj.weight", bias: block + "attn.c_proj.bias",
          isTransposed: true)
      let inside = model.linear(
        model.layerNorm(x, block + "ln_2", epsilon: 0.002), block + "mlp.c_fc.weight",
        bias: block + "mlp.c_fc.bias", isTransposed: true
      ).each { $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
      x =
        x
        + model.linear(
          inside, block + "mlp.c_proj.weight", bias: block + "mlp.c_proj.bias", isTransposed: true)
      let end = model.layerNorm(x, "transformer.ln_f", epsilon: 0.002)
      return model.loss(
        model.linear(end, "transformer.wte.weight"), answers: Array(Self.tokens.dropFirst()))
    }
  }

  @Test func aDecoderBlockWithSharedTurnedKeysAndAGate() throws {
    let config: JSON = [
      "model_type": "llama", "vocab_size": 9, "hidden_size": 8, "intermediate_size": 12,
      "num_hidden_layers": 1, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 2,
      "rms_norm_eps": 0.002, "rope_theta": 100.0, "max_position_embeddings": 8,
      "hidden_act": "silu", "tie_word_embeddings": false,
    ]
    try expectGradients(config, Example(next: Self.tokens)) { model in
      let block = "model.layers.0."
      var x = model.rows("model.embed_tokens.weight", of: Self.tokens.dropLast(), width: 8)
      let seen = model.rootMeanSquareNorm(x, block + "input_layernorm", epsilon: 0.002)
      let parts = ["q", "k", "v"].map { model.linear(seen, block + "self_attn.\($0)_proj.weight") }
      let context = model.attention(
        model.rotated(parts[0], width: 2, base: 100), model.rotated(parts[1], width: 2, base: 100),
        parts[2], heads: 4, isCausal: true)
      x = x + model.linear(context, block + "self_attn.o_proj.weight")
      let shown = model.rootMeanSquareNorm(x, block + "post_attention_layernorm", epsilon: 0.002)
      let gate = model.linear(shown, block + "mlp.gate_proj.weight").each { $0 / (1 + exp(-$0)) }
      let up = model.linear(shown, block + "mlp.up_proj.weight")
      let inside = zip(gate, up).map { zip($0, $1).map { $0 * $1 } }
      x = x + model.linear(inside, block + "mlp.down_proj.weight")
      let end = model.rootMeanSquareNorm(x, "model.norm", epsilon: 0.002)
      return model.loss(
        model.linear(end, "lm_head.weight"), answers: Array(Self.tokens.dropFirst()))
    }
  }

  @Test func anEncoderBlockAndADecoderBlockThatLooksAtIt() throws {
    let config: JSON = [
      "model_type": "vaswani", "is_encoder_decoder": true, "vocab_size": 9, "d_model": 8,
      "nhead": 2, "num_encoder_layers": 1, "num_decoder_layers": 1, "dim_feedforward": 12,
      "activation": "relu", "norm_first": false, "final_norm": true, "scale_embedding": true,
      "tie_word_embeddings": true, "layer_norm_eps": 0.002, "eos_token_id": 0,
      "decoder_start_token_id": 8,
    ]
    let target = [2, 7, 0]
    try expectGradients(config, Example(source: Self.tokens, start: 8, target: target)) { model in
      let source = Self.blocks(model, Self.tokens, "encoder", over: nil)
      let end = Self.blocks(model, [8] + target.dropLast(), "decoder", over: source)
      return model.loss(
        model.linear(end, "transformer.embedding.weight", bias: "generator.bias"), answers: target)
    }
  }

  /// One stack of the original transformer with its last norm (Vaswani et al. 2017, §3).
  private static func blocks(
    _ model: LayerFormulas, _ tokens: [Int], _ stack: String, over source: Rows?
  ) -> Rows {
    let block = "transformer.\(stack).layers.0."
    var x = model.rows("transformer.embedding.weight", of: tokens, width: 8).each {
      $0 * 8.0.squareRoot()
    }
    x =
      x
      + tokens.indices.map { position in
        (0..<8).map { place in
          let angle = Double(position) / pow(10000, Double(place / 2 * 2) / 8)
          return place.isMultiple(of: 2) ? sin(angle) : cos(angle)
        }
      }
    func attended(_ name: String, over keys: Rows, isCausal: Bool) -> Rows {
      let parts = [x, keys, keys].enumerated().map { place, rows in
        model.linear(
          rows, block + name + ".in_proj_weight", bias: block + name + ".in_proj_bias",
          outputs: place * 8..<(place + 1) * 8)
      }
      let context = model.attention(parts[0], parts[1], parts[2], heads: 2, isCausal: isCausal)
      return model.linear(
        context, block + name + ".out_proj.weight", bias: block + name + ".out_proj.bias")
    }
    x = x + attended("self_attn", over: x, isCausal: source != nil)
    x = model.layerNorm(x, block + "norm1", epsilon: 0.002)
    if let source {
      x = x + attended("multihead_attn", over: source, isCausal: false)
      x = model.layerNorm(x, block + "norm2", epsilon: 0.002)
    }
    let inside = model.linear(x, block + "linear1.weight", bias: block + "linear1.bias")
      .each { max($0, 0) }
    x = x + model.linear(inside, block + "linear2.weight", bias: block + "linear2.bias")
    x = model.layerNorm(x, block + (source == nil ? "norm2" : "norm3"), epsilon: 0.002)
    return model.layerNorm(x, "transformer.\(stack).norm", epsilon: 0.002)
  }

  /// Compares the loss and every gradient of a model with random parameters.
  private func expectGradients(
    _ config: JSON, _ example: Example, _ location: SourceLocation = #_sourceLocation,
    formula: (LayerFormulas) -> Double
  ) throws {
    let blueprint = try Blueprint(config, path: "config.json")
    var random = RandomNumbers(seed: 7)
    let made = try Learner.newParameters(blueprint, seed: 1)
    let parameters: [String: Tensor] = Dictionary(
      uniqueKeysWithValues: made.sorted { $0.key < $1.key }.map { name, tensor in
        let center: Float =
          (name.contains("norm") || name.contains(".ln_")) && name.hasSuffix("weight") ? 1 : 0
        let numbers = tensor.numbers.map { _ in center + Float(2 * random.uniform() - 1) }
        return (name, Tensor(numbers, shape: tensor.shape))
      })
    let learner = Learner(blueprint, parameters: parameters, optimizer: Optimizer())
    let (loss, gradients) = try learner.gradients(of: [example])
    var model = LayerFormulas(parameters: parameters.mapValues { $0.numbers.map(Double.init) })
    #expect(abs(loss - formula(model)) < 1e-5, sourceLocation: location)
    #expect(Set(gradients.keys) == Set(parameters.keys), sourceLocation: location)
    var differences: [String: [Double]] = [:]
    for (name, numbers) in model.parameters {
      differences[name] = numbers.indices.map { place in
        let step = 1e-5
        model.parameters[name]?[place] = numbers[place] + step
        let above = formula(model)
        model.parameters[name]?[place] = numbers[place] - step
        let below = formula(model)
        model.parameters[name]?[place] = numbers[place]
        return (above - below) / (2 * step)
      }
    }
    let top = differences.values.reduce(0) { $1.reduce($0) { max($0, abs($1)) } }
    for (name, expected) in differences {
      let found = try #require(gradients[name]).numbers
      let worst = zip(found, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
      #expect(worst <= 2e-5 * top, "\(name): \(worst) of \(top)", sourceLocation: location)
    }
  }
}
