internal import Files

/// The local cache of the Hugging Face hub: models that other tools have downloaded. Nothing is
/// ever downloaded from here.
///
/// Layout: huggingface_hub, "Understand caching". A snapshot may hold links or real files.
public struct HubCache: Sendable {
  /// The folder with the `models--ORG--NAME` folders.
  public let folder: String

  /// A cache in a folder.
  public init(folder: String) {
    self.folder = folder
  }

  /// The user's cache: `$HF_HUB_CACHE`, else `$HUGGINGFACE_HUB_CACHE`, else `$HF_HOME/hub`, else
  /// `huggingface/hub` in the folder of caches; "~" and variables in them are expanded.
  ///
  /// - Throws: `FileError` when there is no home folder.
  public init() throws {
    if let path = environment("HF_HUB_CACHE") ?? environment("HUGGINGFACE_HUB_CACHE") {
      folder = Self.expanded(path)
    } else if let home = environment("HF_HOME") {
      folder = Self.expanded(home) + "/hub"
    } else {
      folder = try UserFolders.baseOfCaches() + "/huggingface/hub"
    }
  }

  /// Finds the snapshot of `NAME`, `ORG/NAME` or `ORG/NAME@REVISION`; the revision is a branch, a
  /// tag or a commit, `main` when none is given.
  ///
  /// - Throws: `FileError` of kind `notFound` that says how to get the model.
  public func snapshot(of model: String) throws -> String {
    let parts = model.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let revision = parts.count > 1 ? String(parts[1]) : "main"
    guard Self.isRepository(name), Self.isRevision(revision) else {
      throw FileError(
        .notFound, model.visible, "neither a file nor a name like ORG/NAME[@REVISION]")
    }
    let repository = place(of: name)
    let get = "hf download \(name)" + (parts.count > 1 ? " --revision \(revision)" : "")
    guard folderExists(repository) else {
      throw FileError(
        .notFound, model, "not in the hub cache \(folder.visible); get it with: \(get)")
    }
    let snapshot = repository + "/snapshots/" + (commit(revision, in: repository) ?? revision)
    guard folderExists(snapshot) else {
      throw FileError(
        .notFound, model, "the hub cache has no revision \(revision) of it; get it with: \(get)")
    }
    return snapshot
  }

  /// Whether the cache has a folder for `NAME`, `ORG/NAME` or either with `@REVISION`.
  func contains(_ model: String) -> Bool {
    folderExists(place(of: String(model.prefix { $0 != "@" })))
  }

  private func place(of name: String) -> String {
    folder + "/models--" + name.split(separator: "/").joined(separator: "--")
  }

  /// Whether a text can be `NAME` or `ORG/NAME`: word characters, "-" and "."; the cache gives
  /// "--" and ".." a meaning.
  static func isRepository(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count) && !name.contains("--") && !name.contains("..")
      && !name.hasSuffix(".git")
      && parts.allSatisfy { part in
        (1...96).contains(part.utf8.count) && part != "." && part.utf8.allSatisfy(\.isWordByte)
      }
  }

  private static func isRevision(_ revision: String) -> Bool {
    revision.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part != "." && part != ".." && part.utf8.allSatisfy(\.isWordByte)
    }
  }

  private func commit(_ revision: String, in repository: String) -> String? {
    guard let bytes = try? readFile(repository + "/refs/" + revision, limit: 256) else {
      return nil
    }
    let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
    return !text.isEmpty && text.utf8.allSatisfy(\.isHexadecimal) ? text : nil
  }

  /// A path with a leading "~", `$NAME` and `${NAME}` replaced, as Python's `expandvars` does:
  /// what is not set stays as it is.
  package static func expanded(_ path: String) -> String {
    var out = ""
    var rest = path[...]
    if rest == "~" || rest.hasPrefix("~/"), let home = UserFolders.home {
      out = home
      rest = rest.dropFirst()
    }
    while let dollar = rest.firstIndex(of: "$") {
      out += rest[..<dollar]
      rest = rest[dollar...].dropFirst()
      let braced = rest.hasPrefix("{")
      let inner = braced ? rest.dropFirst() : rest
      let name = inner.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
      let after = inner.dropFirst(name.count)
      if let value = environment(String(name)), !braced || after.hasPrefix("}") {
        out += value
        rest = braced ? after.dropFirst() : after
      } else {
        out += "$"
      }
    }
    return out + rest
  }
}

extension UInt8 {
  fileprivate var isHexadecimal: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }

  /// A letter, a digit, "_", "-" or ".".
  var isWordByte: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }
}
