import ArgumentParser
import Explanations
import Files
import Stepping
import Tokenization
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
    edit.append = changes.appended.isEmpty ? nil : TokenNumbers(changes.appended)
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
  func changes(_ material: StepMaterial) throws -> [Change] {
    let model = material.model
    let temperature = try attention.temperature(model.configuration)
    _ = try edit.edits(temperature, model, text: material.text, pair: material.pair)
    var changes: [Change] = (edit.append?.ids ?? []).map { id in
      .append(id, text: model.tokenizer.display(id: id).text)
    }
    changes += try edit.replacements(model, text: material.text, pair: material.pair).map {
      .replace(token: $0.token, by: $0.id, text: $0.word)
    }
    for argument in attention.places {
      let layers = argument.layers.map { Array($0).map(Int?.some) } ?? [nil]
      changes += layers.map { .attention(argument.temperature, layer: $0, head: argument.head) }
    }
    return changes + edit.off.map { .head(isOff: true, $0.head) }
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
