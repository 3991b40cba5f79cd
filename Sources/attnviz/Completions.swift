public import ArgumentParser
import Files
import Transformers

extension CompletionKind {
  /// The models of the store and the program, folders and `.gguf` files.
  static let models = custom { _, _, prefix in ModelStore().names + paths(prefix, "gguf") }

  /// The models that a command can change: those of the store.
  static let storedModels = custom { _, _, _ in ((try? ModelStore().models()) ?? []).map(\.name) }

  /// The models that can be fetched.
  static let pinnedModels = list(PinnedModel.all.map(\.name))

  /// The figures of the catalogue.
  static let figures = list(DrawnFigure.all.map(\.name))

  /// Words of one's own. It is said, because zsh offers options beside a word only where it is told what
  /// the word could be.
  static let nothing = list([])

  /// A layer, or a layer and a head, of the model that the words name: `L0`, `L3H5`.
  static let layers = custom { words, _, prefix in
    guard let shape = Configuration(namedIn: words) else { return [] }
    return (0..<shape.layers).flatMap { layer -> [String] in
      let start = "L\(layer)"
      // Heads are offered once a layer is written, so that the first list stays short.
      guard prefix.uppercased().hasPrefix(start) else { return [start] }
      return [start] + (0..<shape.heads).map { "\(start)H\($0)" }
    }
  }

  /// A head of the model that the words name: `H5`, or `mean`.
  static let heads = custom { words, _, _ in
    guard let shape = Configuration(namedIn: words) else { return ["mean"] }
    return ["mean"] + (0..<shape.heads).map { "H\($0)" }
  }

  /// A list of heads: what is written up to the last comma, and every head.
  static let headList = custom { words, _, prefix in
    guard let shape = Configuration(namedIn: words) else { return [] }
    let end = prefix.lastIndex(of: ",").map { prefix.index(after: $0) } ?? prefix.startIndex
    let written = prefix[..<end]
    return (0..<shape.layers).flatMap { layer in
      (0..<shape.heads).map { "\(written)L\(layer)H\($0)" }
    }
  }

  /// A recording.
  static let recordings = file(extensions: ["safetensors", "npz", "json"])

  /// A figure in a file.
  static let pictures = file(extensions: ["svg", "png", "pdf", "txt"])

  /// The folders that go on with what is written, and the files of one kind among them; nothing where
  /// it does not look like a path.
  private static func paths(_ prefix: String, _ fileExtension: String) -> [String] {
    guard let slash = prefix.lastIndex(of: "/") else { return [] }
    let folder = String(prefix[...slash])
    return ((try? namesInFolder(folder)) ?? []).compactMap { name in
      if folderExists(folder + name) { return folder + name + "/" }
      return name.hasSuffix("." + fileExtension) ? folder + name : nil
    }
  }
}

extension Configuration {
  /// The shape of the model that the words of a command line name with --model or -m, else of the one
  /// that runs without it; its parameters are not read.
  fileprivate init?(namedIn words: [String]) {
    var name: String?
    for (option, value) in zip(words, words.dropFirst()) where ["-m", "--model"].contains(option) {
      name = value
    }
    name = words.last { $0.hasPrefix("--model=") }.map { String($0.dropFirst(8)) } ?? name
    guard let location = try? ModelStore().resolve(name), let shape = try? Model.shape(of: location)
    else { return nil }
    self = shape
  }
}
