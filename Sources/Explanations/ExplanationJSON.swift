public import Files

extension Explanation {
  /// The explanation for programs: facts, sentences with their sources, tables, figures.
  public var json: JSON {
    [
      "schema": "attnviz.explanation/1",
      "title": .string(title),
      "subtitle": .string(subtitle),
      "run": facts,
      "sections": .array(
        sections.map { section in
          ["heading": .string(section.heading), "blocks": .array(section.blocks.map(\.json))]
        }),
    ]
  }
}

extension Explanation.Block {
  fileprivate var json: JSON {
    switch self {
    case .paragraph(let sentences):
      [
        "paragraph": .array(
          sentences.map { sentence in
            ["text": .string(sentence.text), "quotes": .array(sentence.pieces.compactMap(\.json))]
          })
      ]
    case .table(let header, let rows):
      [
        "table": [
          "header": .array(header.map(JSON.string)),
          "rows": .array(
            rows.map { row in
              .array(row.map { cell in .string(cell.map(\.bare).joined()) })
            }),
        ]
      ]
    case .figure(let drawn):
      ["figure": .string(drawn.name), "caption": .string(drawn.caption)]
    }
  }
}

extension Explanation.Piece {
  fileprivate var json: JSON? {
    guard case .number(let printed, let quote) = self else { return nil }
    return [
      "value": .string(quote.description), "is": .number(quote.value),
      "printed": .string(printed),
    ]
  }
}
