import Files

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The machine: processors, memory, and the folder where maps of long texts wait.
struct MachineFindings {
  /// The threads that were asked for.
  var threads: Int?

  var all: [Finding] { [processors, memory, scratch] }

  private var processors: Finding {
    let online = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let used = min(threads ?? online, max(online, 1))
    return Finding(
      "machine", "processors", .ok, "\(online); \(used) of them used",
      [JSON.Member("processors", .integer(online)), JSON.Member("threads", .integer(used))])
  }

  /// A small model and a figure take about 85 MB (docs/performance.md).
  private static let leastMemory = 256_000_000

  private var memory: Finding {
    let size = Int(sysconf(Int32(_SC_PAGESIZE)))
    let total = Int(sysconf(Int32(_SC_PHYS_PAGES))) * size
    let free = Self.available ?? total
    let isEnough = free >= Self.leastMemory
    return Finding(
      "machine", "memory", isEnough ? .ok : .warning,
      "\(total.megabytes), \(Self.available.map { "\($0.megabytes) available" } ?? "of which free is not known")",
      advice: isEnough ? nil : "end other programs, or use small models and short texts",
      [
        JSON.Member("bytes", .integer(total)),
        JSON.Member("available", Self.available.map(JSON.integer) ?? .null),
      ])
  }

  /// What Linux says is available, and what is left where a container has a limit.
  private static var available: Int? {
    let line = text("/proc/meminfo").split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    let (limit, used) = (groupNumber("memory.max"), groupNumber("memory.current"))
    let left = limit.flatMap { limit in used.map { max(0, limit - $0) } }
    return [kilobytes.map { $0 << 10 }, left].compactMap(\.self).min()
  }

  /// A number of this container's control group.
  private static func groupNumber(_ name: String) -> Int? {
    Int(text("/sys/fs/cgroup/" + name).filter { !$0.isWhitespace })
  }

  /// The first 64 KiB of a file of the system, whose size is not known before; empty where it is not.
  private static func text(_ path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
  }

  private var scratch: Finding {
    guard let path = try? UserFolders.cache() else {
      return Finding(
        "machine", "cache folder", .warning, "there is no home folder; long texts stay in memory",
        advice: "set HOME or XDG_CACHE_HOME")
    }
    let isOpen = Self.canWrite(below: path)
    let free = Self.freeSpace(below: path)
    return Finding(
      "machine", "cache folder", isOpen ? .ok : .warning,
      path.visible
        + (isOpen ? ", \(free?.megabytes ?? "space not known") free" : " cannot be written"),
      advice: isOpen
        ? nil : "set XDG_CACHE_HOME to a folder of yours; maps of long texts wait there",
      [
        JSON.Member("path", .string(path)), JSON.Member("writable", .bool(isOpen)),
        JSON.Member("free", free.map(JSON.integer) ?? .null),
      ])
  }

  /// Whether a folder can be written, or made where it is missing.
  static func canWrite(below path: String) -> Bool { access(existing(path), W_OK | X_OK) == 0 }

  private static func freeSpace(below path: String) -> Int? {
    var status = statvfs()
    guard statvfs(existing(path), &status) == 0 else { return nil }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }

  /// The nearest folder above a path that is there.
  private static func existing(_ path: String) -> String {
    var parts = path.split(separator: "/")
    while !parts.isEmpty, !folderExists("/" + parts.joined(separator: "/")) { parts.removeLast() }
    return "/" + parts.joined(separator: "/")
  }
}
