public import Files
internal import Tokenization
internal import Transformers

extension StationPage {
  /// The page for programs: words as they are printed, numbers unrounded.
  public var json: JSON {
    let change: JSON =
      change.map { change in
        ["lines": .array(change.lines.map(JSON.string)), "largest": .number(change.largest)]
      } ?? .null
    return [
      "station": .string(station.id), "kind": .string(station.kind.rawValue),
      "stack": .string(station.stack.rawValue),
      "layer": station.layer.map(JSON.integer) ?? .null,
      "head": station.kind.isInHead ? focus.head.map(JSON.integer) ?? "all" : .null,
      "token": .integer(focus.token), "title": .string(title), "place": .string(place),
      "in": .array(inputs.map(\.json)), "out": .array(outputs.map(\.json)),
      "formula": .array(formula.map(JSON.string)), "happens": .string(happens),
      "look_for": .string(lookFor), "table": table?.json ?? .null, "numbers": numbers,
      "draw": command.map { .array($0.map(JSON.string)) } ?? .null, "change": change,
    ]
  }
}

extension StationPage.Quantity {
  fileprivate var json: JSON {
    [
      "name": .string(name), "symbol": .string(symbol),
      "shape": .array(shape.map(JSON.integer)),
    ]
  }
}

extension StationPage.Table {
  fileprivate var json: JSON {
    [
      "header": .array(header.map(JSON.string)),
      "rows": .array(rows.map { .array($0.map(JSON.string)) }), "note": .string(note),
    ]
  }
}

extension Walk {
  /// Some pages of the walk for programs.
  ///
  /// - Parameters:
  ///   - pages: The stations with what each looks at.
  ///   - edits: What was changed in the run, as it was given.
  public func json(of pages: [StationPage], edits: JSON) -> JSON {
    [
      "schema": "attnviz.walk/1", "model": .string(run.model),
      "model_sha256": run.modelDigest.map(JSON.string) ?? .null,
      "kind": .string(run.configuration.kind.rawValue), "text": .string(run.text),
      "text_pair": run.pair.map(JSON.string) ?? .null,
      "tokens": .array(run.tokens.map { .string($0.text) }),
      "target_tokens": run.target.map { .array($0.tokens.map { .string($0.text) }) } ?? .null,
      "edits": edits, "stations": .array(pages.map(\.json)),
    ]
  }
}
