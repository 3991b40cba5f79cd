import ArgumentParser
import Drawing
import Explanations
import Figures
import Files
import Training
import Transformers

/// How a figure is computed again from what its file says.
struct FigureOrigin {
  /// Whether what it was made from is what is here.
  enum Material {
    case same
    /// Why not.
    case other(String)
  }

  private let origin: PictureOrigin
  private let call: FigureCall

  /// - Parameters:
  ///   - model: The model to take in place of the one that is named.
  ///   - files: The files that the user named, by their option.
  /// - Throws: `FileError` when the file does not say enough, `UsageError` for a file too many.
  init(
    _ origin: PictureOrigin, path: String, model: String?,
    files: [(option: String, path: String?)], _ common: CommonOptions
  ) throws {
    guard let figure = origin["figure"], let given = origin.facts["given"]?.members else {
      throw FileError(
        .badData, path, "does not say with which options it was drawn; draw it anew to verify it")
    }
    self.origin = origin
    var call = FigureCall(
      place: path, figure: figure, text: origin["message"] ?? origin["text"],
      pair: origin["text_pair"], model: model ?? origin["model"],
      files: files.compactMap { file in file.path.map { (file.option, $0) } }, options: given,
      common: common)
    let facts = origin.facts
    if facts["trace_sha256"] != nil {
      (call.text, call.pair) = (nil, nil)
      call.model = origin["with_model"].map { model ?? $0 }
    } else if facts["options"]?["vectors_sha256"] != nil {
      call.model = nil
    }
    if let second = facts["options"]?["against"], second["trace_sha256"] == nil,
      !call.files.contains(where: { $0.option == "against" })
    {
      // Another text under the same model, or another model on the same text.
      let isText = second["model"] == facts["model"]
      let words = isText ? second["text"]?.string : second["model"]?.string
      call.files += words.map { [("against", $0)] } ?? []
    }
    self.call = call
  }

  /// Finds what the figure was made from and compares digests.
  ///
  /// - Throws: `FileError` of kind `notFound` when something is not here or not named.
  func material() throws -> Material {
    for (option, what, digest) in Self.files(origin.facts) {
      let path = call.files.first { $0.option == option }?.path
      guard let digest else {
        guard path == nil || option == "against" else {
          throw UsageError("\(call.place) is not drawn from \(what); leave --\(option) out")
        }
        continue
      }
      guard let path else {
        throw FileError(
          .notFound, call.place,
          "is drawn from \(what) (sha256 \(digest.prefix(8))…); name it with --\(option) FILE")
      }
      let here = try option == "log" ? AlignmentRuns(path).digest : ModelStore().digest(of: path)
      guard here == digest else {
        return .other("drawn from \(what) with another sha256", digest, here)
      }
    }
    return try modelMaterial()
  }

  private func modelMaterial() throws -> Material {
    guard origin["model"] != nil, let name = call.model else { return .same }
    let isRecorded = origin["trace_sha256"] != nil
    let store = ModelStore()
    let location: ModelLocation
    do {
      // A figure of anyone may name a model, but no place in this computer.
      guard name != origin["model"] || !(name.hasPrefix("/") || name.hasPrefix(".")) else {
        throw FileError(.notFound, name, "is a path")
      }
      location = try store.resolve(name)
    } catch let error as FileError where error.kind == .notFound {
      let isKnown = PinnedModel.named(name) != nil
      throw FileError(
        .notFound, call.place,
        "model \(name) is not here: "
          + (isKnown ? "attnviz models add \(name)" : "name its folder or file with --model"))
    }
    // The model beside a recording is compared with it where it is read.
    guard !isRecorded, let digest = origin["model_sha256"],
      let here = try store.digest(of: location),
      here != digest
    else { return .same }
    return .other("drawn with another model", digest, here)
  }

  /// The files that a figure can be made from: their option, what they are, and the digest when the
  /// figure is.
  private static func files(_ facts: JSON) -> [(option: String, what: String, digest: String?)] {
    [
      ("trace", "a recording", facts["trace_sha256"]?.string),
      ("against", "a second recording", facts["options"]?["against"]?["trace_sha256"]?.string),
      ("vectors", "word vectors", facts["options"]?["vectors_sha256"]?.string),
      ("log", "a log", facts["options"]?["log_sha256"]?.string),
      ("comparisons", "comparisons", facts["options"]?["comparisons_sha256"]?.string),
    ]
  }

  /// Computes the figure.
  func picture() throws -> DrawnPicture {
    try call.placing {
      switch origin["command"] {
      case nil: return try drawn()
      case "explain": return try explained()
      case "step": return try stepped()
      default:
        throw FileError(
          .badData, call.place, "comes from a command that this version does not know")
      }
    }
  }

  private func drawn() throws -> DrawnPicture {
    let (command, figure) = try call.command()
    return try command.picture(of: figure)
  }

  private func stepped() throws -> DrawnPicture {
    let words = try FigureCall.words(call.options) + (call.model.map { ["--model=\($0)"] } ?? [])
    let command = try StepCommand.parse(
      words + (call.pair.map { ["--pair=\($0)"] } ?? []) + ["--", call.text ?? ""])
    return try command.picture()
  }

  private func explained() throws -> DrawnPicture {
    let words = try FigureCall.words(call.options) + (call.model.map { ["--model=\($0)"] } ?? [])
    let command = try ExplainCommand.parse(
      words + (call.pair.map { ["--pair=\($0)"] } ?? []) + ["--", call.text ?? ""])
    let explained = try command.explained()
    let name = origin["name"]
    guard let drawn = explained.explanation.figures.first(where: { $0.name == name }),
      let provenance = explained.provenances[drawn.name]
    else {
      throw FileError(.badData, call.place, "the explanation has no such figure now")
    }
    return DrawnPicture(
      drawn.figure, name: type(of: drawn.figure).name, provenance, command.look)
  }
}

extension FigureOrigin.Material {
  /// Two digests that differ.
  fileprivate static func other(_ what: String, _ digest: String, _ here: String) -> Self {
    .other("\(what): sha256 \(digest.prefix(8))…, here \(here.prefix(8))…")
  }
}
