extension Scene {
  /// The scene as text, one mark a line, lengths to three digits: for tests and comparisons.
  package var text: String {
    let page =
      "scene \(size.width.short) × \(size.height.short) \(background?.hexadecimal ?? "none")"
    return
      ([page, "title \(title)", "summary \(summary)"] + marks.flatMap { $0.lines(indent: "") })
      .joined(separator: "\n") + "\n"
  }
}

extension Mark {
  fileprivate func lines(indent: String) -> [String] {
    switch self {
    case .path(let path): return [indent + path.line]
    case .text(let text): return [indent + text.line]
    case .image(let image): return [indent + image.line]
    case .group(let group):
      let clip = group.clip.map { " clip " + $0.map(\.word).joined(separator: " ") } ?? ""
      return [indent + "group \(group.origin.short)\(clip)"]
        + group.marks.flatMap { $0.lines(indent: indent + "  ") }
    case .label(let label):
      let summary = label.summary.isEmpty ? "" : " “\(label.summary)”"
      return [indent + "label \(label.name)\(summary)"]
        + label.marks.flatMap { $0.lines(indent: indent + "  ") }
    }
  }
}

extension Path {
  fileprivate var line: String {
    let filled = fill.map { " fill \($0.hexadecimal)" } ?? ""
    let stroked = stroke.map { " stroke \($0.color.hexadecimal) \($0.width.short)" } ?? ""
    let dashed = stroke.map { $0.dash.map { " " + $0.short }.joined() } ?? ""
    return "path " + steps.map(\.word).joined(separator: " ") + filled + stroked + dashed
  }
}

extension Path.Step {
  fileprivate var word: String {
    switch self {
    case .move(let point): "M\(point.short)"
    case .line(let point): "L\(point.short)"
    case .curve(let first, let second, let end): "C\(first.short) \(second.short) \(end.short)"
    case .close: "Z"
    }
  }
}

extension Text {
  fileprivate var line: String {
    let turned = rotation == 0 ? "" : " turned \(rotation.short)"
    return "text “\(string)” \(alignment) \(position.short) \(font.family) \(font.size.short) "
      + "\(font.weight) \(color.hexadecimal)\(turned)"
  }
}

extension Image {
  fileprivate var line: String {
    let place = "\(frame.origin.short) \(frame.size.width.short) × \(frame.size.height.short)"
    let shown = cells.prefix(64).map { String($0) }.joined(separator: " ")
    return "image \(columns) × \(rows) at \(place), \(palette.count) colours: \(shown)"
      + (cells.count > 64 ? " …" : "")
  }
}

extension Point {
  fileprivate var short: String { "\(x.short),\(y.short)" }
}

extension Double {
  /// Up to three decimals, without trailing zeros.
  fileprivate var short: String {
    let thousandths = Int((self * 1000).rounded())
    let (whole, part) = (abs(thousandths) / 1000, abs(thousandths) % 1000)
    var text = "\(whole).\(part < 100 ? "0" : "")\(part < 10 ? "0" : "")\(part)"
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return thousandths < 0 ? "-" + text : text
  }
}

extension Color {
  fileprivate var hexadecimal: String {
    let digits = [red, green, blue].map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    return "#" + digits.joined() + (opacity == 1 ? "" : "@\(opacity.short)")
  }
}
