#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
private import FoundationEssentials
import Synchronization

/// What became of a program that was run.
public struct ProgramResult: Sendable, Equatable {
  /// The exit code, or 128 and the signal that ended it.
  public var code: Int32
  /// Standard output and standard error together: the last 64 KiB.
  public var output: String
}

/// The programs that run for us, each in a process group of its own.
public enum RunningPrograms {
  fileprivate static let groups = Mutex<Set<pid_t>>([])

  /// Ends every program at once, then calls `body`. Meanwhile `runProgram` does not return, so
  /// that the way out after Ctrl-C is not crossed by an error about a program that was ended.
  public static func end(then body: () -> Void) {
    groups.withLock { groups in
      for group in groups { kill(-group, SIGKILL) }
      body()
    }
  }
}

/// Runs a program without a shell, with nothing to read, and waits for it.
///
/// - Parameters:
///   - arguments: The program, looked up in PATH, and its arguments.
///   - variables: Environment variables to add or replace.
///   - waiting: Called about five times a second while the program runs.
/// - Returns: `nil` when there is no such program that may be run.
/// - Throws: `FileError` when the program is there and cannot be started.
public func runProgram(
  _ arguments: [String], variables: [String: String] = [:], waiting: () -> Void = {}
) throws -> ProgramResult? {
  let name = arguments.first ?? ""
  var ends: [Int32] = [0, 0]
  guard pipe(&ends) == 0 else { throw FileError(.inputOutput, name, systemMessage(errno)) }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  defer { close(ends[0]) }
  let (process, code) = RunningPrograms.groups.withLock { groups in
    let result = spawn(arguments, variables, output: ends[1])
    if result.code == 0 { groups.insert(result.process) }
    return result
  }
  close(ends[1])
  if code == ENOENT || code == EACCES { return nil }
  guard code == 0 else {
    throw FileError(.serviceUnavailable, name, "cannot be started: \(systemMessage(code))")
  }
  let output = collect(ends[0], waiting)
  return ProgramResult(code: wait(for: process), output: output)
}

private func spawn(
  _ arguments: [String], _ variables: [String: String], output: Int32
) -> (process: pid_t, code: Int32) {
  #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
  #else
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
  #endif
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var signals = sigset_t()
  sigfillset(&signals)
  posix_spawnattr_setsigdefault(&attributes, &signals)
  sigemptyset(&signals)
  posix_spawnattr_setsigmask(&attributes, &signals)
  posix_spawnattr_setpgroup(&attributes, 0)
  posix_spawnattr_setflags(
    &attributes,
    Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_adddup2(&actions, output, 1)
  posix_spawn_file_actions_adddup2(&actions, output, 2)

  let words = arguments.map { strdup($0) }
  let settings = ProcessInfo.processInfo.environment
    .merging(variables) { _, new in new }
    .map { strdup("\($0.key)=\($0.value)") }
  defer { for pointer in words + settings { free(pointer) } }
  var process: pid_t = 0
  let code = posix_spawnp(
    &process, arguments.first ?? "", &actions, &attributes, words + [nil], settings + [nil])
  return (process, code)
}

/// Reads until the other end is closed, and keeps the last 64 KiB.
private func collect(_ descriptor: Int32, _ waiting: () -> Void) -> String {
  let limit = 1 << 16
  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 14)
  while true {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&request, 1, 200)
    waiting()
    if ready == 0 || (ready < 0 && errno == EINTR) { continue }
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { break }
    text += buffer[..<count]
    if text.count > limit { text.removeFirst(text.count - limit) }
  }
  return String(decoding: text, as: UTF8.self)
}

private func wait(for process: pid_t) -> Int32 {
  var status: Int32 = 0
  while waitpid(process, &status, 0) < 0, errno == EINTR {}
  RunningPrograms.groups.withLock { _ = $0.remove(process) }
  let signal = status & 0x7F
  return signal == 0 ? status >> 8 & 0xFF : 128 + signal
}
