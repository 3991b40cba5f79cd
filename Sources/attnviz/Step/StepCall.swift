import ArgumentParser
import Explanations
import Files
import Stepping
import Transformers

/// The call of the command line that shows what keys led to.
extension StepCommand {
  /// The command of a view: the one that was given, with what keys changed.
  func call(of stepper: Stepper) -> StepCommand {
    var call = self
    let (station, focus) = (stepper.station, stepper.focus)
    call.station = station.id
    (call.layer, call.stack) = (nil, nil)
    call.head =
      station.kind.isInHead
      ? focus.head.map { .one(HeadReference(plain: $0)) } ?? .all : nil
    call.token = station.kind == .text ? nil : "\(focus.token)"
    call.key = station.kind.isInHead ? focus.key.map { "\($0)" } : nil
    call.tau = focus.temperature == 1 ? nil : TemperatureArgument(argument: "\(focus.temperature)")
    (call.keys, call.screen, call.seed, call.plain) = (nil, nil, nil, false)
    call.change(stepper.shown == .original ? stepper.changes.filter(\.isAppended) : stepper.changes)
    return call
  }

  private mutating func change(_ changes: [Change]) {
    edit.off = changes.headsOff.sorted { $0.description < $1.description }.map(SilentHead.init)
    edit.append = changes.appended.map { "\($0)" }.joined(separator: ",")
    if edit.append?.isEmpty ?? true { edit.append = nil }
    attention.places = []
    edit.replace = []
    for change in changes {
      switch change {
      case .attention(let tau, let layer, let head):
        let place = (layer.map { "L\($0)" } ?? "") + (head.map { "H\($0)" } ?? "")
        let words = "\(tau)" + (place.isEmpty ? "" : "@" + place)
        attention.places += AttentionTemperatureArgument(argument: words).map { [$0] } ?? []
      case .replace(let token, _, let text):
        edit.replace.removeAll { $0.hasPrefix("\(token)=") }
        edit.replace.append("\(token)=\(text)")
      case .head, .append: continue
      }
    }
  }

  /// The words of the call, the program's name first.
  func words(text material: StepMaterial) -> [String] {
    let members = (try? GivenOptions.members(of: self)) ?? []
    let options = (try? FigureCall.words(members)) ?? []
    // `--station=L2.weights` reads better as two words.
    let spaced = options.flatMap { word -> [String] in
      guard let sign = word.firstIndex(of: "="), word.hasPrefix("--") else { return [word] }
      let value = String(word[word.index(after: sign)...])
      return value.isEmpty || value.hasPrefix("-") ? [word] : [String(word[..<sign]), value]
    }
    return ["attnviz", "step"] + spaced + textWords(material)
  }

  /// The model and the text, as they were given.
  func textWords(_ material: StepMaterial) -> [String] {
    var words = model.model.map { ["--model", $0] } ?? []
    if let pair = material.pair {
      words += text.pairFile.map { ["--pair-file", $0] } ?? ["--pair=\(pair)"]
    }
    if let file = text.textFile, file != "-" { return words + ["--text-file", file] }
    return words + (material.text.hasPrefix("-") ? ["--", material.text] : [material.text])
  }

  /// The changes that the options ask for.
  func changes(_ edits: WalkEdits, _ material: StepMaterial) throws -> [Change] {
    let encoding = try material.model.tokenizer.encode(material.text, pair: material.pair)
    var changes: [Change] = try edit.appended.map { id in
      guard material.model.tokenizer.token(id) != nil else {
        throw UsageError("--append: there is no entry \(id) in the vocabulary")
      }
      return .append(id, text: material.model.tokenizer.display(id: id).text)
    }
    changes += edits.replaced.sorted { $0.key < $1.key }.map { token, id in
      let typed = edit.replace.last { words in
        words.hasPrefix("\(token)=")
          || encoding.tokens.indices.contains(token)
            && words.hasPrefix(encoding.tokens[token] + "=")
      }
      let word = typed.map { String($0[$0.index(after: $0.dropFirst().firstIndex(of: "=")!)...]) }
      return .replace(token: token, by: id, text: word ?? "#\(id)")
    }
    for argument in attention.places {
      guard let layers = argument.layers else {
        changes.append(.attention(argument.temperature, layer: nil, head: argument.head))
        continue
      }
      changes += layers.map {
        .attention(argument.temperature, layer: $0, head: argument.head)
      }
    }
    return changes
      + edit.off.map { .head(isOff: true, $0.head) }
  }
}

extension HeadReference {
  /// A number whose meaning the option decides.
  init(plain: Int) { self.plain = plain }
}

extension SilentHead {
  init(_ head: WalkEdits.Head) { self.head = head }
}

extension Change {
  fileprivate var isAppended: Bool { if case .append = self { true } else { false } }
}
