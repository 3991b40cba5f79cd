import Figures

/// Writes a scene as SVG: Pango lays texts out, Cairo gives the outlines of their glyphs, and the
/// structure is the scene's own.
///
/// Over the outlines lies a transparent layer of text, so that words can be selected and searched
/// while the picture looks the same without its fonts. Ids begin with a hash of the picture, so
/// that several pictures can stand in one page.
struct SVGWriter {
  /// Stands for the prefix of ids until the picture is complete; no text has it, for it is a
  /// character XML forbids.
  static let prefix = "\u{1}"

  private let typesetter: Typesetter
  private var glyphs = GlyphLibrary()
  /// How often the id of a label was asked for.
  private var ids = ["title": 1, "desc": 1]
  private var body = ""
  private var clips = ""
  private var clipCount = 0
  private var textLayer = ""

  init(_ typesetter: Typesetter) { self.typesetter = typesetter }

  /// The file.
  func data(_ scene: Scene, provenance: String?) throws -> [UInt8] {
    var writer = self
    try writer.write(scene.marks, at: Point(0, 0))
    var file = writer.head(scene, provenance)
    if let background = scene.background {
      file += "<path d=\"M0 0h\(number(scene.size.width))v\(number(scene.size.height))H0z\""
      file += " \(paint("fill", background))/>\n"
    }
    file += writer.body
    if !writer.textLayer.isEmpty {
      file +=
        "<g fill-opacity=\"0\" fill=\"#000\" xml:space=\"preserve\">\n\(writer.textLayer)</g>\n"
    }
    file += "</svg>\n"
    return Self.replacePrefix(in: file)
  }

  private func head(_ scene: Scene, _ provenance: String?) -> String {
    let (width, height) = (number(scene.size.width), number(scene.size.height))
    let parts = [("title", scene.title), ("desc", scene.summary)].filter { !$0.1.isEmpty }
    let names = parts.map { "\(Self.prefix)-\($0.0)" }.joined(separator: " ")
    var head = """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \
      width="\(width)pt" height="\(height)pt" viewBox="0 0 \(width) \(height)" role="img"\
      \(names.isEmpty ? "" : " aria-labelledby=\"\(names)\"") fill="none" stroke-miterlimit="10">

      """
    for (name, text) in parts {
      head += "<\(name) id=\"\(Self.prefix)-\(name)\">\(XML.escaped(text))</\(name)>\n"
    }
    if let provenance { head += "<metadata>\(XML.escaped(provenance))</metadata>\n" }
    let definitions = glyphs.definitions + clips
    if !definitions.isEmpty { head += "<defs>\n\(definitions)</defs>\n" }
    return head
  }

  /// Puts the hash of the file (FNV-1a, 32 bits) where its ids begin.
  private static func replacePrefix(in file: String) -> [UInt8] {
    let bytes = Array(file.utf8)
    let hash = bytes.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    let digits = String(UInt64(1) << 32 | UInt64(hash), radix: 16).dropFirst()
    let prefix = Array("a\(digits)".utf8)
    return bytes.split(separator: 1, omittingEmptySubsequences: false).map(Array.init)
      .joined(separator: prefix).map(\.self)
  }

  // MARK: Marks

  private mutating func write(_ marks: [Mark], at origin: Point) throws {
    for mark in marks {
      switch mark {
      case .path(let path): write(path)
      case .text(let text): try write(text, at: origin)
      case .image(let image): try write(image)
      case .group(let group): try write(group, at: origin)
      case .label(let label): try write(label, at: origin)
      }
    }
  }

  private mutating func write(_ group: Group, at origin: Point) throws {
    var attributes = ""
    if group.origin != Point(0, 0) {
      attributes += " transform=\"translate(\(number(group.origin.x)) \(number(group.origin.y)))\""
    }
    if let clip = group.clip {
      let id = "\(Self.prefix)-c\(clipCount)"
      clipCount += 1
      clips += "<clipPath id=\"\(id)\"><path d=\"\(outline(clip))\"/></clipPath>\n"
      attributes += " clip-path=\"url(#\(id))\""
    }
    body += "<g\(attributes)>\n"
    try write(group.marks, at: Point(origin.x + group.origin.x, origin.y + group.origin.y))
    body += "</g>\n"
  }

  private mutating func write(_ label: Label, at origin: Point) throws {
    let name = label.name.utf8.map { byte in
      let isPlain = byte | 32 >= 97 && byte | 32 <= 122 || byte >= 48 && byte <= 57
      return isPlain ? String(UnicodeScalar(byte)) : "-"
    }.joined()
    // The second label of a name, and one named like an element of the head, gets a number.
    ids[name, default: 0] += 1
    let count = ids[name] ?? 1
    let id = count > 1 ? "\(name)-\(count)" : name
    let words = XML.escaped(label.summary.isEmpty ? label.name : label.summary)
    body += "<g id=\"\(Self.prefix)-\(id)\" role=\"group\" aria-label=\"\(words)\">\n"
    try write(label.marks, at: origin)
    body += "</g>\n"
  }

  private mutating func write(_ path: Path) {
    body += "<path d=\"\(outline(path.steps))\""
    if let fill = path.fill { body += " \(paint("fill", fill))" }
    if let stroke = path.stroke {
      body += " \(paint("stroke", stroke.color)) stroke-width=\"\(number(stroke.width))\""
      if !stroke.visibleDash.isEmpty {
        let dash = stroke.visibleDash.map { number($0) }.joined(separator: " ")
        body += " stroke-dasharray=\"\(dash)\""
      }
      if stroke.isRound { body += " stroke-linecap=\"round\" stroke-linejoin=\"round\"" }
    }
    body += "/>\n"
  }

  private mutating func write(_ image: Image) throws {
    let (origin, size) = (image.frame.origin, image.frame.size)
    body += """
      <image x="\(number(origin.x))" y="\(number(origin.y))" width="\(number(size.width))" \
      height="\(number(size.height))" preserveAspectRatio="none" image-rendering="optimizeSpeed" \
      style="image-rendering:crisp-edges;image-rendering:pixelated" \
      xlink:href="data:image/png;base64,\(base64(try image.png()))"/>

      """
  }

  private mutating func write(_ text: Text, at origin: Point) throws {
    guard !text.string.isEmpty else { return }
    let line = typesetter.line(text.string, text.font)
    let shift = line.shift(text.alignment)
    let uses = try glyphs.uses(line)
    if !uses.isEmpty {
      let turn = text.rotation == 0 ? "" : " rotate(\(number(text.rotation)))"
      let move = text.rotation == 0 || shift == 0 ? "" : " translate(\(number(-shift)) 0)"
      let x = text.position.x - (text.rotation == 0 ? shift : 0)
      let scale = number(text.font.size / GlyphLibrary.em, decimals: 7)
      body += "<g transform=\"translate(\(number(x)) \(number(text.position.y)))\(turn)\(move)"
      body += " scale(\(scale))\" \(paint("fill", text.color)) aria-hidden=\"true\">\(uses)</g>\n"
    }
    writeSelectable(text, line, shift, at: origin)
  }

  private mutating func writeSelectable(
    _ text: Text, _ line: borrowing Line, _ shift: Double, at origin: Point
  ) {
    let words = XML.escaped(text.string)
    guard words.contains(where: { !$0.isWhitespace }), line.width > 0 else { return }
    let (x, y) = (text.position.x + origin.x, text.position.y + origin.y)
    let start = x - shift + (line.isRightToLeft ? line.width : 0)
    textLayer += "<text x=\"\(number(start))\" y=\"\(number(y))\""
    if text.rotation != 0 {
      textLayer += " transform=\"rotate(\(number(text.rotation)) \(number(x)) \(number(y)))\""
    }
    if line.isRightToLeft { textLayer += " direction=\"rtl\"" }
    textLayer += " style=\"unicode-bidi:isolate;font:\(text.font.css)\""
    textLayer +=
      " textLength=\"\(number(line.width))\" lengthAdjust=\"spacingAndGlyphs\">\(words)</text>\n"
  }

  private func outline(_ steps: [Path.Step]) -> String {
    steps.map { step in
      switch step {
      case .move(let p): "M\(number(p.x)) \(number(p.y))"
      case .line(let p): "L\(number(p.x)) \(number(p.y))"
      case .curve(let a, let b, let p):
        "C" + [a.x, a.y, b.x, b.y, p.x, p.y].map { number($0) }.joined(separator: " ")
      case .close: "Z"
      }
    }.joined()
  }

  private func number(_ value: Double, decimals: Int = 3) -> String {
    XML.number(value, decimals: decimals)
  }

  private func paint(_ property: String, _ color: Color) -> String {
    let value = Int(color.red) << 16 | Int(color.green) << 8 | Int(color.blue)
    let digits = String(1 << 24 | value, radix: 16).dropFirst()
    let opacity = Double(color.alpha) / 255
    return "\(property)=\"#\(digits)\""
      + (opacity == 1 ? "" : " \(property)-opacity=\"\(number(opacity))\"")
  }
}

extension Font {
  /// The font in CSS. No emoji font: some viewers take the digits from it.
  fileprivate var css: String {
    let families =
      family == .text
      ? "Inter,'Noto Sans','DejaVu Sans',sans-serif" : "STIXGeneral,'STIX Two Text',serif"
    let style = family == .variable ? "italic " : ""
    return "\(style)\(weight.rawValue) \(XML.number(size))px \(families)"
  }
}
