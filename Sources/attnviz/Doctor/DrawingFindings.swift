import Drawing
import Figures
import Files

/// The drawing libraries, and whether a small picture can be drawn and read again.
enum DrawingFindings {
  static var all: [Finding] {
    let versions = DrawingLibraries.versions
    return [
      Finding(
        "drawing", "libraries", .ok,
        versions.map { "\($0.name) \($0.version)" }.joined(separator: ", "),
        [
          JSON.Member(
            "versions", .object(versions.map { JSON.Member($0.name, .string($0.version)) }))
        ])
    ] + FileFormat.allCases.map(picture)
  }

  /// A picture of a square and a word, whose provenance is read from the file's bytes.
  private static func picture(_ format: FileFormat) -> Finding {
    let name = format.rawValue.uppercased()
    let origin = "{\"schema\":\"attnviz.doctor/1\",\"text\":\"naïve\"}"
    let square = Path(
      [.move(Point(4, 4)), .line(Point(20, 4)), .line(Point(20, 20)), .close],
      fill: Color(0x0B2F5B))
    let word = Text("naïve", font: Font(size: 12), color: Color(0x000000), at: Point(24, 16))
    let scene = Scene(
      size: Size(80, 24), background: Color(0xFFFFFF), marks: [.path(square), .text(word)])
    do {
      let bytes = try scene.data(Export(format, provenance: origin))
      guard try provenance(inFile: bytes) == origin else {
        return failed(name, "what was written into the file is not read again")
      }
      return Finding(
        "drawing", name, .ok, "a picture of \(bytes.count) bytes was drawn and read again",
        [JSON.Member("bytes", .integer(bytes.count))])
    } catch {
      return failed(name, "\(error)")
    }
  }

  private static func failed(_ name: String, _ fact: String) -> Finding {
    Finding(
      "drawing", name, .problem, fact, advice: "install the drawing libraries of your system anew")
  }
}
