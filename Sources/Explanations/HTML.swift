internal import Files

extension Explanation {
  /// The explanation as one page that needs nothing else: inline figures, no script, no request.
  ///
  /// - Parameter svg: The SVG of a figure.
  public func html(svg: (Drawn) throws -> String) rethrows -> String {
    let body = try sections.map { section in
      "<section>\n<h2>\(section.heading.html)</h2>\n"
        + (try section.blocks.map { try $0.html(svg) }.joined()) + "</section>\n"
    }.joined()
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      style-src 'unsafe-inline'; img-src data:">
      <title>\(title.html)</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <main>
      <h1>\(title.html)</h1>
      <p class="subtitle">\(subtitle.html)</p>
      \(body)\(footer)
      </main>
      </body>
      </html>

      """
  }

  /// How to find the numbers, where the page cites some.
  private var footer: String {
    guard !traces.isEmpty else { return "" }
    let names = traces.map { "<code>\($0.html)</code>" }.joined(separator: " or ")
    return
      "<footer>Hold the pointer over an underlined number to see where it is in \(names).</footer>"
  }

  private static let style = """
    :root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --quiet: #57606a; \
    --line: #d0d7de; --accent: #0b5cad; --chip: #eef2f6; }
    @media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --ink: #e6edf3; \
    --quiet: #8b949e; --line: #30363d; --accent: #58a6ff; --chip: #1c2430; } }
    body { margin: 0; background: var(--paper); color: var(--ink); \
    font: 17px/1.6 Inter, system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
    main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
    h1 { font-size: 1.7rem; line-height: 1.25; margin: 0; text-wrap: balance; }
    h2 { font-size: 1.2rem; margin: 2.6rem 0 .6rem; }
    .subtitle, figcaption, footer { color: var(--quiet); font-size: .88rem; }
    .subtitle { margin: .5rem 0 0; }
    footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .8rem; }
    data { border-bottom: 1px dotted var(--accent); font-variant-numeric: tabular-nums; \
    cursor: help; }
    b { background: var(--chip); border-radius: .25em; padding: 0 .3em; font-weight: 500; \
    white-space: pre-wrap; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; padding: .25rem .9rem .25rem 0; \
    border-bottom: 1px solid var(--line); }
    th { color: var(--quiet); font-weight: 500; vertical-align: bottom; }
    .number { text-align: right; }
    figure { margin: 1.6rem 0; }
    figure > div { background: #fff; border: 1px solid var(--line); border-radius: 6px; \
    overflow-x: auto; text-align: center; }
    svg { max-width: 100%; height: auto; }
    @media print { body { font-size: 11pt; } figure { break-inside: avoid; } footer { display: none; } }
    """
}

extension Explanation.Block {
  fileprivate func html(_ svg: (Explanation.Drawn) throws -> String) rethrows -> String {
    switch self {
    case .paragraph(let sentences):
      let words = sentences.map { $0.pieces.map(\.html).joined() }.joined(separator: " ")
      return "<p>\(words)</p>\n"
    case .table(let header, let rows):
      let head = header.indices.map { column in
        "<th\(Self.alignment(rows.first?[column] ?? []))>\(header[column].html.withSubscripts)</th>"
      }.joined()
      let lines = rows.map { row in
        "<tr>"
          + row.map { "<td\(Self.alignment($0))>" + $0.map(\.html).joined() + "</td>" }.joined()
          + "</tr>\n"
      }
      return "<div class=\"scroll\"><table>\n<tr>\(head)</tr>\n\(lines.joined())</table></div>\n"
    case .figure(let drawn):
      return """
        <figure><div>
        \(try svg(drawn))
        </div><figcaption>\(drawn.caption.html)</figcaption></figure>

        """
    }
  }

  /// Cells that hold one number stand to the right.
  private static func alignment(_ cell: [Explanation.Piece]) -> String {
    switch cell.first {
    case .number, .derived: " class=\"number\""
    default: ""
    }
  }
}

extension Explanation.Piece {
  fileprivate var html: String {
    switch self {
    case .words(let words): words.html.withSubscripts
    case .token(let token): "<b>\(token.html)</b>"
    case .derived(let printed): printed.html
    case .number(let printed, let quote):
      "<data value=\"\(quote.value)\" title=\"\(quote.description.html) = \(Float(quote.value))\">"
        + printed.html + "</data>"
    }
  }
}

extension String {
  /// The output projection set as a letter with its index.
  var withSubscripts: String {
    replacing("W_O", with: "<i>W</i><sub>O</sub>").replacing("W\\_O", with: "*W*<sub>O</sub>")
  }

  /// The text escaped for HTML, in text and attributes alike.
  fileprivate var html: String {
    var out = ""
    for character in visible {
      switch character {
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "&": out += "&amp;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      default: out.append(character)
      }
    }
    return out
  }
}
