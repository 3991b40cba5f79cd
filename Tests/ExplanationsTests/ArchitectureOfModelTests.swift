import Explanations
import Figures
import Files
import TensorFiles
import TestSupport
import Testing
import Transformers

/// A model's diagram agrees with its file and with what is known of its family.
@Suite struct ArchitectureOfModelTests {
  /// A model of the fixtures; those without a tokenizer borrow one.
  private func model(_ path: String) throws -> Model {
    let folder = Fixtures.folder + "/" + path
    let name = path.split(separator: "/").last.map(String.init) ?? path
    if try namesInFolder(folder).contains("tokenizer.json") {
      return try Model(folder: folder, name: name)
    }
    return try withTemporaryFolder { copy in
      for (source, file) in [
        (folder, "config.json"), (folder, "model.safetensors"),
        (Fixtures.folder + "/models/llama", "tokenizer.json"),
      ] {
        try writeFile(copy + "/" + file, try readFile(source + "/" + file))
      }
      return try Model(folder: copy, name: name)
    }
  }

  private func figure(_ path: String) throws -> Architecture {
    let model = try model(path)
    return Architecture(of: model.transformer, named: model.name)
  }

  static let all =
    ["bert", "distilbert", "gpt2", "llama", "letters", "roberta"].map { "models/" + $0 }
    + [
      "albert", "deberta_v2", "deberta_v2_apart", "electra", "gemma2", "gemma3_text", "gpt_neo",
      "gpt_neox", "mistral", "modernbert", "mpnet", "olmo2", "opt", "opt_narrow_words", "phi",
      "phi_norms", "phi3_long", "qwen2", "qwen3",
    ].map { "families/" + $0 }
    + ["bart", "flan_t5", "marian", "t5", "vaswani", "vaswani_norm_first"].map { "seq2seq/" + $0 }

  /// Tables that are no parameters, and parameters that a file has twice.
  private func isCounted(_ name: String, _ shape: Configuration) -> Bool {
    let constants = ["position_ids", ".attn.bias", "masked_bias", "rotary_emb.inv_freq"]
    if constants.contains(where: name.hasSuffix) { return false }
    return
      !(shape.isHeadTied
      && ["lm_head.weight", "decoder.weight", "embed_out.weight"].contains {
        name == $0 || name.hasSuffix("predictions.decoder.weight")
      })
  }

  @Test(arguments: all)
  func countsAreThoseOfTheFile(path: String) throws {
    let model = try model(path)
    let file = try SafeTensors(Fixtures.folder + "/\(path)/model.safetensors")
    let expected = file.entries.filter { isCounted($0.name, model.configuration) }
      .reduce(0) { $0 + $1.shape.reduce(1, *) }
    let figure = Architecture(of: model.transformer, named: "m")
    #expect(figure.total == expected)
    #expect(figure.total == model.transformer.parameters.total)
  }

  @Test(arguments: [
    ("models/bert", ["[Multi-head self-attention → Add & Norm → Feed-forward → Add & Norm]"]),
    ("models/gpt2", ["[Norm → Masked self-attention → Add → Norm → Feed-forward → Add] → Norm"]),
    (
      "families/gemma2",
      [
        "[Norm → Masked self-attention → Norm → Add → Norm → Feed-forward → Norm → Add]"
      ]
    ),
    ("families/olmo2", ["[Masked self-attention → Norm → Add → Feed-forward → Norm → Add]"]),
    (
      "families/gpt_neox",
      ["[(Norm → Masked self-attention | Norm → Feed-forward) → Add]"]
    ),
    ("families/phi", ["[Norm → (Masked self-attention | Feed-forward) → Add]"]),
    (
      "families/modernbert",
      ["× 1 [Multi-head self-attention → Add → Norm → Feed-forward → Add]"]
    ),
    (
      "seq2seq/bart",
      [
        "[Multi-head self-attention → Add & Norm → Feed-forward → Add & Norm]",
        "[Masked self-attention → Add & Norm → Cross-attention → Add & Norm → Feed-forward → Add & Norm]",
      ]
    ),
    (
      "seq2seq/t5",
      [
        "[Norm → Multi-head self-attention → Add → Norm → Feed-forward → Add] → Norm",
        "[Norm → Masked self-attention → Add → Norm → Cross-attention → Add → Norm → Feed-forward → Add]",
      ]
    ),
  ])
  func blocksAreTheFamilys(path: String, words: [String]) throws {
    let outlines = try figure(path).towers.map(\.outline)
    #expect(outlines.count == words.count)
    for (outline, words) in zip(outlines, words) {
      #expect(outline.contains(words), "\(outline)")
    }
  }

  @Test func sharedLayersAndWindowsAreSaid() throws {
    let albert = try figure("families/albert").scene(in: Style()).text
    #expect(albert.contains("shared"))
    let gemma = try figure("families/gemma2").scene(in: Style()).text
    #expect(gemma.contains("window of") && gemma.contains("scores within ±"))
    let opt = try figure("families/opt_narrow_words").towers[0].outline
    #expect(opt.contains("Embedding") && opt.contains("Linear"))
  }
}
