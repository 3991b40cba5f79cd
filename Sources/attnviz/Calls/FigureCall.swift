import ArgumentParser
import Drawing
import Explanations
import Figures
import Files
import Transformers

/// A call of `attnviz draw` that is made from data: an entry of a manifest, or what a figure says
/// about its origin. It goes through the same parser as a call of a person.
struct FigureCall: Sendable {
  /// What stands before every message, for instance `figures.json, figure 3 (map.svg)`.
  var place: String
  /// The name in the catalogue.
  var figure: String
  /// The text, where it takes one.
  var text: String?
  /// The second text of a pair.
  var pair: String?
  /// The model; the default one when `nil`.
  var model: String?
  /// The files that it is made from, by the name of their option.
  var files: [(option: String, path: String)] = []
  /// Options by their names without dashes.
  var options: [JSON.Member]
  /// Options of the call that changes no number: threads, quiet.
  var common: CommonOptions

  /// The parsed command and its figure, with every option checked.
  func command() throws -> (command: DrawCommand, figure: DrawnFigure) {
    try placing {
      let figure = try DrawnFigure.named(figure)
      var words = [figure.name, "--output=-"] + (try FigureCall.words(options))
      words += files.map { "--\($0.option)=\($0.path)" }
      words += model.map { ["--model=\($0)"] } ?? []
      words += pair.map { ["--pair=\($0)"] } ?? []
      words += common.threads.map { ["--threads=\($0)"] } ?? []
      words += (common.quiet ? ["--quiet"] : []) + (common.verbose ? ["--verbose"] : [])
      words += text.map { ["--", $0] } ?? []
      let command = try DrawCommand.parse(words)
      try figure.check(command)
      return (command, figure)
    }
  }

  /// Options as words of the command line: `true` is a flag, a list is joined by commas.
  static func words(_ options: [JSON.Member]) throws -> [String] {
    try options.flatMap { option -> [String] in
      let name = option.key
      guard !name.isEmpty, name.utf8.allSatisfy({ (97...122).contains($0) || $0 == 45 }),
        name.first != "-"
      else { throw UsageError("an option cannot be called \(name.visible.quotedForMessage)") }
      guard !refused.contains(name) else {
        throw UsageError("\"\(name)\" is not one of a figure's options")
      }
      switch option.value {
      case .bool(let value): return [value ? "--\(name)" : "--no-\(name)"]
      case .array(let list):
        let values = try list.map { try word($0, name) }
        guard !values.isEmpty else { throw UsageError("\"\(name)\" is an empty list") }
        return repeated.contains(name)
          ? values.map { "--\(name)=\($0)" } : ["--\(name)=" + values.joined(separator: ",")]
      default: return ["--\(name)=" + (try word(option.value, name))]
      }
    }
  }

  private static func word(_ value: JSON, _ name: String) throws -> String {
    switch value {
    case .string(let text): return text
    case .integer(let number): return "\(number)"
    case .number(let number): return "\(number)"
    default:
      throw UsageError("\"\(name)\" is \(value.kind); a text, a number, true or a list is needed")
    }
  }

  /// Options that are given once for each place.
  private static let repeated: Set<String> = ["attention-tau", "off", "replace"]

  /// Options that have a place of their own, or none, in data.
  private static let refused = GivenOptions.elsewhere.union([
    "model", "pair", "pair-file", "text", "text-file", "threads", "quiet", "verbose", "help",
    "help-hidden", "version", "generate-completion-script", "experimental-dump-help",
  ])
}

extension FigureCall {
  /// Does something, and says in every message where it was.
  func placing<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as FileError {
      error.path = "\(place): \(error.path)"
      throw error
    } catch var error as ModelError {
      error.description = "\(place): \(error.description)"
      throw error
    } catch var error as DrawingError {
      error.description = "\(place): \(error.description)"
      throw error
    } catch let error as UsageError {
      throw UsageError("\(place): \(error.description)")
    } catch let error as ValidationError {
      throw UsageError("\(place): \(error.message)")
    } catch {
      throw UsageError("\(place): \(DrawCommand.message(for: error))")
    }
  }
}

extension String {
  fileprivate var quotedForMessage: String { "\"\(prefix(60))\"" }
}
