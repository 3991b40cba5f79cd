import Drawing
import Explanations
import Figures
import Files
import Transformers

/// A figure of the catalogue that is ready to be written.
struct DrawnPicture: Sendable {
  /// The picture.
  let scene: Scene
  /// What it was made from, serialised.
  let description: String
  /// How it is written.
  let look: LookOptions

  init(_ figure: any Figure, name: String, _ provenance: Provenance, _ look: LookOptions) {
    scene = figure.scene(in: look.figureStyle)
    description = provenance.json(figure: name).text()
    self.look = look
  }

  /// The bytes of a file.
  func data(_ format: FileFormat) throws -> [UInt8] {
    try scene.data(look.export(format, description))
  }

  /// Says which characters no font has.
  func warn(_ common: CommonOptions, _ place: String) {
    for missing in Fonts.missing(in: scene) { common.say("warning: \(place): \(missing)") }
  }
}

extension DrawCommand {
  /// The figure, ready to be written.
  func picture(
    of figure: DrawnFigure, sharing shared: SharedRuns = SharedRuns()
  ) throws -> DrawnPicture {
    let drawn = try drawn(figure, sharing: shared)
    return DrawnPicture(drawn.figure, name: figure.name, drawn.provenance, options.look)
  }
}

/// What a picture's file says about its origin.
struct PictureOrigin {
  let facts: JSON

  /// - Throws: `FileError` of kind `badData` when the file is no picture or says nothing.
  init(_ bytes: [UInt8], path: String) throws {
    let text: String?
    do {
      text = try provenance(inFile: bytes)
    } catch let error as DrawingError {
      throw FileError(.badData, path, error.description)
    }
    guard let text else {
      throw FileError(
        .badData, path, "does not say what it was made from; figures of attnviz carry that inside")
    }
    facts = try JSON(parsing: Array(text.utf8), path: "\(path), provenance")
    guard self["schema"] == "attnviz.provenance/1" else {
      throw FileError(
        .badData, path, "its provenance is not of the kind attnviz.provenance/1")
    }
  }

  /// A text of the object.
  subscript(key: String) -> String? { facts[key]?.string }
}
