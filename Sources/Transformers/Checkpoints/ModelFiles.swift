internal import Files
internal import Tokenization

/// Which files make a model.
enum ModelFiles {
  /// The files beside the parameters that attnviz may read, and the words about the model.
  private static let known: Set<String> = [
    "config.json", "generation_config.json", "model.safetensors.index.json",
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "merges.txt", "vocab.txt", "tokenizer.model", "spiece.model",
    "sentencepiece.bpe.model", "spm.model", "source.spm", "target.spm",
    "pytorch_model.bin.index.json", "chat_template.jinja", Tokenizer.targetFileName,
    "README.md", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE", "NOTICE.md",
  ]

  /// Whether a file of this name belongs to a model.
  static func isNeeded(_ name: String) -> Bool {
    known.contains(name) || isParameters(name)
  }

  /// Whether a file of this name holds parameters.
  static func isParameters(_ name: String) -> Bool {
    name.hasSuffix(".safetensors") || name.hasSuffix(".gguf") || isTorch(name)
  }

  private static func isTorch(_ name: String) -> Bool {
    name == "pytorch_model.bin" || name.hasPrefix("pytorch_model-") && name.hasSuffix(".bin")
  }

  /// The files that hold the parameters, of all the names in a folder: `model.safetensors`, or
  /// its shards, or PyTorch's file or its shards, or the only GGUF file.
  static func parameters(among names: [String]) -> [String] {
    if names.contains("model.safetensors") { return ["model.safetensors"] }
    let shards = names.filter { $0.hasPrefix("model-") && $0.hasSuffix(".safetensors") }
    if !shards.isEmpty { return shards.sorted() }
    if names.contains("pytorch_model.bin") { return ["pytorch_model.bin"] }
    let pickled = names.filter(isTorch)
    if !pickled.isEmpty { return pickled.sorted() }
    return names.filter { $0.hasSuffix(".gguf") }.sorted()
  }

  /// The digest of the parameters: that of the file, or for shards that of the listing that
  /// `sha256sum model-*.safetensors` prints.
  static func digest(
    of names: [String], _ digest: (String) throws -> String?
  ) rethrows -> String? {
    let parameters = parameters(among: names)
    let digests = try parameters.map(digest)
    guard let first = digests.first, !digests.contains(nil) else { return nil }
    if digests.count == 1 { return first }
    let listing = zip(digests, parameters).map { "\($0 ?? "")  \($1)\n" }.joined()
    return Array(listing.utf8).withUnsafeBytes { Digest.of($0) }
  }

  /// The licence that a model card states between its first two "---" lines.
  static func licence(inCardOf folder: InputFolder) -> String? {
    guard let bytes = try? folder.read("README.md", limit: 1 << 24) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines.first == "---" else { return nil }
    for line in lines.dropFirst() where line != "---" {
      guard line.hasPrefix("license:") else { continue }
      let value = line.dropFirst("license:".count).filter { $0 != " " && $0 != "\"" }
      return value.isEmpty ? nil : String(value)
    }
    return nil
  }
}
