import Explanations
import Files

/// A list of figures in a JSON file.
struct FigureManifest {
  /// One figure.
  struct Entry: Sendable {
    /// The call that draws it.
    var call: FigureCall
    /// The files to write, relative to the current folder.
    var outputs: [String]
    /// Numbers that prose cites.
    var quotes: [CitedNumber]
  }

  /// A number that prose cites from what the figure is drawn from.
  struct CitedNumber: Sendable {
    /// The number's name as the file has it.
    var name: String
    var citation: Quote.Citation
    /// What prose says, and how far it may be off.
    var value: Double
    var tolerance: Double
  }

  /// The figures in the file's order.
  let entries: [Entry]

  /// Reads a manifest; paths in it are relative to its folder.
  ///
  /// - Throws: `FileError` of kind `badData` that names the figure.
  init(_ path: String, _ common: CommonOptions) throws {
    let document = try JSON(parsing: try readFile(path, limit: 16 << 20), path: path)
    guard let list = document.elements else {
      throw FileError(.badData, path, "a manifest is a list of figures, not \(document.kind)")
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    entries = try list.enumerated().map { index, value in
      try ManifestReader(value, "\(path), figure \(index + 1)", folder: folder).entry(common)
    }
    var seen: Set<String> = []
    for output in entries.flatMap(\.outputs) where !seen.insert(output).inserted {
      throw FileError(.badData, path, "two figures are written to \(output)")
    }
  }
}

/// Reads one entry.
private struct ManifestReader {
  private let members: [JSON.Member]
  private let place: String
  private let folder: String

  private static let known = [
    "figure", "text", "pair", "model", "trace", "against", "vectors", "log", "comparisons",
    "options", "output", "quotes",
  ]

  init(_ value: JSON, _ place: String, folder: String) throws {
    guard let members = value.members else {
      throw FileError(.badData, place, "\(value.kind) in place of an object")
    }
    (self.members, self.folder) = (members, folder)
    let output = value["output"]?.string ?? value["output"]?[0]?.string
    self.place = place + (output.map { " (\($0))" } ?? "")
    if let key = members.map(\.key).first(where: { !Self.known.contains($0) }) {
      throw broken("there is no key \"\(key)\"; known: " + Self.known.joined(separator: ", "))
    }
  }

  func entry(_ common: CommonOptions) throws -> FigureManifest.Entry {
    guard let figure = try text("figure") else { throw broken("\"figure\" is missing") }
    var call = FigureCall(
      place: place, figure: figure, text: try text("text"), pair: try text("pair"),
      model: try text("model"), options: try options(), common: common)
    if let model = call.model, model.hasPrefix("./") || model.hasPrefix("../") {
      call.model = inFolder(model)
    }
    for option in ["trace", "against", "vectors", "log", "comparisons"] {
      guard let path = try text(option) else { continue }
      // What is compared may be a text or a model as well.
      let isPath = option != "against" || fileExists(inFolder(path))
      call.files.append((option, isPath ? inFolder(path) : path))
    }
    return FigureManifest.Entry(call: call, outputs: try outputs(), quotes: try quotes())
  }

  private func value(_ key: String) -> JSON? { members.first { $0.key == key }?.value }

  private func text(_ key: String) throws -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.string else { throw broken("\"\(key)\" is \(value.kind), not a string") }
    return text
  }

  private func options() throws -> [JSON.Member] {
    guard let value = value("options") else { return [] }
    guard let members = value.members else {
      throw broken("\"options\" is \(value.kind), not an object")
    }
    return members
  }

  private func outputs() throws -> [String] {
    let value = value("output") ?? .null
    let list = (value.elements ?? [value]).map(\.string)
    let paths = list.compactMap(\.self).filter { !$0.isEmpty && !$0.utf8.contains(0) }
    guard !list.isEmpty, paths.count == list.count else {
      throw broken("\"output\" names the file to write, or a list of files")
    }
    return paths.map(inFolder)
  }

  private func quotes() throws -> [FigureManifest.CitedNumber] {
    guard let value = value("quotes") else { return [] }
    guard let list = value.elements else { throw broken("\"quotes\" is \(value.kind), not a list") }
    return try list.map { quote in
      let keys = Set(quote.members?.map(\.key) ?? [])
      guard keys == ["value", "is", "within"], let name = quote["value"]?.string,
        let number = quote["is"]?.number, let tolerance = quote["within"]?.number, tolerance >= 0
      else {
        throw broken(
          "a quote is {\"value\": a place of the trace, \"is\": a number, \"within\": its tolerance}"
        )
      }
      guard let citation = Quote.Citation(name) else {
        throw broken(
          "\"\(name)\" is no place of a trace; write for instance "
            + "layers.2.attention.weights[3, 5, 2] or norm(layers.0.residual[4, :])")
      }
      return FigureManifest.CitedNumber(
        name: name, citation: citation, value: number, tolerance: tolerance)
    }
  }

  private func inFolder(_ path: String) -> String { path.hasPrefix("/") ? path : folder + path }

  private func broken(_ fact: String) -> FileError { FileError(.badData, place, fact.visible) }
}
