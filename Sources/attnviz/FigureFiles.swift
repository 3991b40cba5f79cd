import Drawing
import Figures
import Files

/// Writes figures to the files of a folder.
struct FigureFiles {
  let look: LookOptions
  let formats: [FileFormat]
  let common: CommonOptions

  /// Writes a figure in every format.
  func write(
    _ figure: any Figure, as name: String, _ provenance: Provenance, into folder: String
  ) throws {
    let scene = figure.scene(in: look.figureStyle)
    for missing in Fonts.missing(in: scene) { common.say("warning: \(missing)") }
    let description = provenance.json(figure: type(of: figure).name).text()
    for format in formats {
      let file = try scene.data(look.export(format, description))
      try writeFile("\(folder)/\(name).\(format.rawValue)", file)
    }
  }

  /// A figure as an element of a page: SVG at the size of screens, without the XML declaration.
  func inline(_ figure: any Figure, _ provenance: Provenance) throws -> String {
    var screen = look.figureStyle
    screen.scale = StyleName.web.scale
    let description = provenance.json(figure: type(of: figure).name).text()
    let bytes = try figure.scene(in: screen).data(Export(.svg, provenance: description))
    let svg = String(decoding: bytes, as: UTF8.self)
    guard svg.hasPrefix("<?xml"), let end = svg.firstIndex(of: ">") else { return svg }
    return String(svg[svg.index(after: end)...])
  }
}
