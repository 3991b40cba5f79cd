import ArgumentParser
import Files
import Transformers

extension ModelsCommand {
  /// `attnviz models info`.
  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Describes a model: layers, heads, widths, parameters, tokenizer, licence, file.")

    @Argument(
      help: "A stored name, a folder, a .gguf file or ORG/NAME; else the default model.",
      completion: .models)
    var model: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      let store = ModelStore()
      let facts = try ModelFacts(of: try store.resolve(model), in: store)
      if json { return try Output.data(facts.json) }
      let width = facts.lines.reduce(0) { max($0, $1.0.count) }
      let lines = facts.lines.map { name, value in
        name + String(repeating: " ", count: width - name.count + 2) + value.visible + "\n"
      }
      try Output.data(lines.joined())
    }
  }
}

extension ModelFacts {
  /// The facts as pairs of a name and a value, in the order people read them.
  fileprivate var lines: [(String, String)] {
    var lines = [("model", location.name)]
    if let obstacle { lines.append(("does not run", obstacle)) }
    if let shape = configuration {
      lines += [
        ("family", "\(shape.family), \(shape.kind.rawValue)"),
        ("layers", shape.perStack { "\($0.layers)" }),
        ("heads", shape.perStack(\.headsInWords)),
        ("width", "\(shape.width), feed-forward " + shape.perStack { "\($0.hidden)" }),
        ("longest text", "\(shape.maximumTokens) tokens"),
      ]
    }
    if let parameters { lines.append(("parameters", parameters.grouped)) }
    if let tokenizer { lines.append(("tokenizer", tokenizer)) }
    lines += [
      ("licence", licence ?? "not stated"),
      ("file", files.joined(separator: ", ") + " (\(size.megabytes))"),
    ]
    if !types.isEmpty { lines.append(("type", types.joined(separator: ", "))) }
    if let sha256 { lines.append(("sha256", sha256)) }
    if let source = location.source { lines.append(("from", source)) }
    return location.isEmbedded ? lines : lines + [("folder", location.folder)]
  }

  fileprivate var json: JSON {
    var members: [JSON.Member] = [
      .init("schema", "attnviz.model/1"), .init("name", .string(location.name)),
      .init("path", location.isEmbedded ? .null : .string(location.path)),
    ]
    if let shape = configuration {
      members += [
        .init("family", .string(shape.family)), .init("kind", .string(shape.kind.rawValue)),
        .init("layers", .integer(shape.layers)), .init("heads", .integer(shape.heads)),
        .init("key_value_heads", .integer(shape.groups)), .init("width", .integer(shape.width)),
        .init("head_width", .integer(shape.headWidth)),
        .init("feed_forward_width", .integer(shape.hidden)),
        .init("vocabulary", .integer(shape.vocabulary)),
        .init("maximum_tokens", .integer(shape.maximumTokens)),
      ]
    }
    if let encoder = configuration?.encoder {
      members.append(
        .init(
          "encoder",
          [
            "layers": .integer(encoder.layers), "heads": .integer(encoder.heads),
            "head_width": .integer(encoder.headWidth),
            "feed_forward_width": .integer(encoder.hidden),
          ]))
    }
    func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
    members += [
      .init("obstacle", text(obstacle)),
      .init("parameters", parameters.map(JSON.integer) ?? .null),
      .init("types", .array(types.map(JSON.string))), .init("tokenizer", text(tokenizer)),
      .init("licence", text(licence)), .init("files", .array(files.map(JSON.string))),
      .init("bytes", .integer(size)), .init("sha256", text(sha256)),
      .init("source", text(location.source)),
    ]
    return .object(members)
  }
}

extension Configuration {
  /// A fact of the stack, or of both.
  fileprivate func perStack(_ fact: (Configuration) -> String) -> String {
    guard encoder != nil else { return fact(self) }
    return "\(fact(shape(of: .encoder))) in the encoder, \(fact(self)) in the decoder"
  }

  fileprivate var headsInWords: String {
    let shared = groups == heads ? "" : ", \(groups) key-value heads"
    return "\(heads) of width \(headWidth)\(shared)"
  }
}
