import Files
import Foundation
import TestSupport

/// The built program, run as a user runs it.
struct Program {
  /// What a run printed and returned.
  struct Result {
    var code: Int32
    var out: String
    var error: String
  }

  /// Beside the tests' own executable.
  static var path: String {
    let bundle = Bundle.allBundles.map(\.bundlePath).first { $0.hasSuffix(".xctest") }
    let folder = bundle.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    return
      (folder ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path)
      + "/attnviz"
  }

  /// A model that the tests bring along.
  static func model(_ name: String) -> String { Fixtures.folder + "/models/" + name }

  /// Runs the program; the user's own settings play no part.
  static func run(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
    in folder: String? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    var variables = ProcessInfo.processInfo.environment
    for name in ["ATTNVIZ_MODEL", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLORTERM"] {
      variables[name] = nil
    }
    process.environment = variables.merging(environment) { $1 }
    let (out, error) = (Pipe(), Pipe())
    process.standardOutput = out
    process.standardError = error
    let given = Pipe()
    process.standardInput = input == nil ? FileHandle.nullDevice : given
    try process.run()
    if let input {
      try given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try given.fileHandleForWriting.close()
    }
    let printed = out.fileHandleForReading.readDataToEndOfFile()
    let said = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      code: process.terminationReason == .exit ? process.terminationStatus : -1,
      out: String(decoding: printed, as: UTF8.self), error: String(decoding: said, as: UTF8.self))
  }
}
