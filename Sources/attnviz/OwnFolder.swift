import Files

/// A folder that `explain` wrote, and nobody added anything to.
enum OwnFolder {
  /// The file by which the tool knows a folder as its own.
  static let marker = "explanation.json"

  private static let names: Set = [
    marker, "figures", "index.html", "index.md", "trace.safetensors",
  ]

  /// Whether everything in the folder is the tool's: it may be replaced.
  static func isOwn(_ folder: String) -> Bool {
    guard let found = try? namesInFolder(folder) else { return false }
    if found.isEmpty { return true }
    guard Set(found).isSubset(of: names),
      let bytes = try? readFile(folder + "/" + marker, limit: 1 << 28),
      let json = try? JSON(parsing: bytes, path: marker),
      json["schema"] == "attnviz.explanation/1"
    else { return false }
    let figures = (try? namesInFolder(folder + "/figures")) ?? []
    return Set(figures).isSubset(of: figureNames(json))
  }

  /// The files of the figures that an explanation names.
  private static func figureNames(_ json: JSON) -> Set<String> {
    let blocks = (json["sections"]?.elements ?? []).flatMap { $0["blocks"]?.elements ?? [] }
    let names = blocks.compactMap { $0["figure"]?.string }
    return Set(names.flatMap { name in ["svg", "png", "pdf"].map { name + "." + $0 } })
  }
}
