import Files
import Training

/// A folder that a command wrote, and nobody added anything to: it may be replaced.
struct OwnFolder {
  /// The file by which the tool knows a folder as its own.
  let marker: String
  /// The schema that file has.
  let schema: String
  /// The names of other files and folders that the command writes, given the marker's contents.
  let names: @Sendable (JSON) -> Set<String>
  /// The names of the files in its folder of figures.
  let figures: @Sendable (JSON) -> Set<String>
  /// The names of the files in its other folders.
  var folders: @Sendable (JSON) -> [String: Set<String>] = { _ in [:] }

  /// What `explain` writes.
  static let explanation = OwnFolder(
    marker: "explanation.json", schema: "attnviz.explanation/1",
    names: { json in
      let runs = (json["run"]?["runs"]?.elements ?? []).compactMap { $0["trace"]?.string }
        .filter { $0.hasPrefix("trace-") && $0.hasSuffix(".safetensors") }
      return Set(["figures", "index.html", "index.md", "trace.safetensors"] + runs)
    },
    figures: { json in
      let blocks = (json["sections"]?.elements ?? []).flatMap { $0["blocks"]?.elements ?? [] }
      return files(blocks.compactMap { $0["figure"]?.string })
    })

  /// What `align demo` writes.
  static let alignment = OwnFolder(
    marker: "explanation.json", schema: "attnviz.explanation/1",
    names: { json in
      Set(["figures", "index.html", "index.md", "pairs.jsonl"] + alignmentFolders(json).keys)
    },
    figures: explanation.figures, folders: { alignmentFolders($0) })

  /// The folders of models.
  private static func alignmentFolders(_ json: JSON) -> [String: Set<String>] {
    guard json["run"]?["kind"]?.string == "alignment" else { return [:] }
    let model: Set = [
      "config.json", "tokenizer.json", "generation_config.json", "model.safetensors",
    ]
    let runs = (json["run"]?["runs"]?.elements ?? []).compactMap(\.string)
      .filter { $0.hasPrefix("kl-") && !$0.contains("/") }
    return Dictionary(
      runs.map { ($0, model.union([AlignmentLog.fileName])) }
        + [("reward", model.union([RewardModel.fileName]))], uniquingKeysWith: { $1 })
  }

  /// What `temperature` writes.
  static let temperature = OwnFolder(
    marker: "temperature.json", schema: "attnviz.temperature/1",
    names: { files(($0["figures"]?.elements ?? []).compactMap(\.string)) },
    figures: { _ in [] })

  /// The folder to fill at a path.
  ///
  /// - Throws: `FileError` when there is something else already.
  func target(_ path: String) throws -> OutputFolder {
    var parts = path.split(separator: "/").map(String.init)
    guard let name = parts.popLast(), name != ".", name != ".." else {
      throw FileError(.cannotCreate, path, "name a folder of its own, for instance out")
    }
    guard !folderExists(path) || isOwn(path), !fileExists(path) else {
      throw FileError(
        .cannotCreate, path, "exists and holds more than attnviz wrote; name another folder")
    }
    let parent = (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    return try OutputFolder(name, in: parent.isEmpty ? "." : parent)
  }

  /// Whether everything in the folder is the tool's.
  private func isOwn(_ folder: String) -> Bool {
    guard let found = try? namesInFolder(folder) else { return false }
    if found.isEmpty { return true }
    guard let bytes = try? readFile(folder + "/" + marker, limit: 1 << 28),
      let json = try? JSON(parsing: bytes, path: marker), json["schema"] == .string(schema),
      Set(found).isSubset(of: names(json).union([marker]))
    else { return false }
    return (folders(json).merging(["figures": figures(json)]) { $1 }).allSatisfy { name, files in
      Set((try? namesInFolder(folder + "/" + name)) ?? []).isSubset(of: files)
    }
  }

  /// The files of figures in every format.
  private static func files(_ names: [String]) -> Set<String> {
    Set(names.flatMap { name in ["svg", "png", "pdf"].map { name + "." + $0 } })
  }
}
