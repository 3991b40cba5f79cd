import Files
import TensorFiles
import Training
import Transformers

/// Whether the figures that are there already are what would be drawn.
struct FigureAge {
  private let store = ModelStore()

  /// Whether every file of an entry says that it was made by this program from the same things. A
  /// file that is older than the program is drawn anew: it may draw otherwise now.
  func isCurrent(_ figure: ManifestDrawing.Prepared) -> Bool {
    guard let expected = try? expected(figure) else { return false }
    return figure.entry.outputs.allSatisfy { path in
      guard let bytes = try? readFile(path), let origin = try? PictureOrigin(bytes, path: path),
        let made = modificationTime(path)
      else { return false }
      if let built = Self.built, made < built { return false }
      return hasVectors(figure.command, origin.facts) && hasLog(figure.command, origin.facts)
        && hasSecondRun(figure.command, origin.facts)
        && expected.allSatisfy { (origin.facts[$0.key] ?? .null) == $0.value }
    }
  }

  /// What a figure's provenance would say, as far as it is known without running the model.
  private func expected(_ figure: ManifestDrawing.Prepared) throws -> [JSON.Member] {
    let call = figure.entry.call
    var all: [JSON.Member] = [
      JSON.Member("version", .string(Version.string)),
      JSON.Member("figure", .string(figure.figure.name)),
      JSON.Member("given", .object(try GivenOptions.members(of: figure.command))),
      JSON.Member(figure.command.generation.chat ? "message" : "text", .null),
    ]
    if let trace = figure.command.source.trace {
      all.removeLast()
      let companion = try call.model.map { try store.resolve($0).name }
      return all + [
        JSON.Member("trace_sha256", .string(try store.digest(of: trace))),
        JSON.Member("with_model", companion.map(JSON.string) ?? .null),
      ]
    }
    guard figure.figure.needsText, let text = call.text else { return all }
    all[3].value = .string(text)
    all.append(JSON.Member("text_pair", call.pair.map(JSON.string) ?? .null))
    guard figure.command.vectors.vectors == nil else { return all }
    let location = try store.resolve(call.model)
    return all + [
      JSON.Member("model", .string(location.name)),
      JSON.Member("model_sha256", try store.digest(of: location).map(JSON.string) ?? .null),
    ]
  }

  /// Whether word vectors are those that a file was drawn from.
  private func hasVectors(_ command: DrawCommand, _ facts: JSON) -> Bool {
    guard let path = command.vectors.vectors else { return true }
    return (try? store.digest(of: path)) == facts["options"]?["vectors_sha256"]?.string
  }

  /// Whether logs and comparisons are those that a file was drawn from.
  private func hasLog(_ command: DrawCommand, _ facts: JSON) -> Bool {
    guard let log = command.log.log else { return true }
    let comparisons = command.log.comparisons.map { try? store.digest(of: $0) }
    return (try? AlignmentRuns(log).digest) == facts["options"]?["log_sha256"]?.string
      && (comparisons ?? nil) == facts["options"]?["comparisons_sha256"]?.string
  }

  /// Whether a second run is the one that a file was compared with.
  private func hasSecondRun(_ command: DrawCommand, _ facts: JSON) -> Bool {
    guard let words = command.against.against else { return true }
    guard let second = facts["options"]?["against"] else { return false }
    if ArchiveFile.isName(words), fileExists(words) {
      return (try? store.digest(of: words)) == second["trace_sha256"]?.string
    }
    if let model = try? store.resolve(words) {
      return (try? store.digest(of: model)) == second["model_sha256"]?.string
    }
    return second["text"]?.string == words && second["model"] == facts["model"]
  }

  /// When the program was built; `nil` where the system does not tell.
  private static let built = modificationTime("/proc/self/exe")
}
