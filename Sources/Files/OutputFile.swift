#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that appears whole or not at all: written beside its target under a temporary name,
/// then renamed. It is not forced onto the disk, which would take longer than most pictures do: only
/// a crash of the whole machine can lose it.
///
/// A device or a pipe that exists already is written to directly: a rename would replace it.
public final class OutputFile {
  private let path: String
  private let temporary: String?
  private var descriptor: Int32

  /// Opens the output.
  ///
  /// - Throws: `FileError` of kind `cannotCreate` or `noPermission`.
  public init(_ path: String) throws {
    self.path = path
    temporary =
      try Self.isDevice(path)
      ? nil : "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).partial"
    if let temporary {
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    } else {
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    }
    guard descriptor >= 0 else { throw FileError.creating(path, errno) }
    if let temporary { TemporaryFiles.add(temporary) }
  }

  /// Whether something that is neither a regular file nor a folder stands at `path`.
  private static func isDevice(_ path: String) throws -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw FileError(.cannotCreate, path, "is a folder; name a file in it")
    }
    return status.st_mode & S_IFMT != S_IFREG
  }

  /// Appends bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    try writeAll(bytes, to: descriptor, path: path)
  }

  /// Completes the file and gives it its name; nothing can be written afterwards.
  ///
  /// - Throws: `FileError` when the system kept an error until the end, or refuses the name.
  public func commit() throws {
    let result = close(descriptor)
    descriptor = -1
    guard result == 0 else { throw FileError(.inputOutput, path, systemMessage(errno)) }
    guard let temporary else { return }
    guard rename(temporary, path) == 0 else { throw FileError.creating(path, errno) }
    TemporaryFiles.remove(temporary)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if let temporary, TemporaryFiles.remove(temporary) { unlink(temporary) }
  }
}

/// Writes bytes to a file that appears whole or not at all.
public func writeFile(_ path: String, _ bytes: [UInt8]) throws {
  let file = try OutputFile(path)
  try bytes.withUnsafeBytes { try file.write($0) }
  try file.commit()
}

/// Writes text to a file that appears whole or not at all.
public func writeFile(_ path: String, _ text: String) throws {
  try writeFile(path, [UInt8](text.utf8))
}

/// Writes every byte to a descriptor.
public func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
  var rest = bytes
  while !rest.isEmpty {
    let count = write(descriptor, rest.baseAddress, rest.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw FileError(.inputOutput, path, systemMessage(errno)) }
    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
  }
}

extension FileError {
  /// The error for an output that could not be created.
  static func creating(_ path: String, _ code: Int32) -> FileError {
    switch code {
    case EACCES, EPERM, EROFS: FileError(.noPermission, path, systemMessage(code).lowercased())
    case ENOENT: FileError(.cannotCreate, path, "the folder to write into does not exist")
    default: FileError(.cannotCreate, path, systemMessage(code).lowercased())
    }
  }
}
