#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A regular file mapped into memory, read only; or bytes that are a part of the program.
///
/// Pages are read when they are touched, so opening 90 MB costs neither 90 MB nor the time to
/// read them. The file must not shrink while it is mapped: touching a page that is gone raises
/// SIGBUS.
public final class MappedFile: @unchecked Sendable {
  /// The file's bytes, valid as long as this object is: keep it, or use `withExtendedLifetime`.
  public let bytes: UnsafeRawBufferPointer
  /// The path that was opened.
  public let path: String
  private let isResident: Bool

  /// Refers to bytes that are a part of the program and so stay where they are.
  ///
  /// - Parameters:
  ///   - bytes: The bytes; they must stay for ever.
  ///   - path: What messages call them.
  public init(resident bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
    isResident = true
  }

  /// Maps the file at `path`.
  ///
  /// - Throws: `FileError` when there is no such file, it is not a regular file, or it cannot be
  ///   read.
  public init(_ path: String) throws {
    self.path = path
    isResident = false
    let descriptor = try openRegularFile(path)
    defer { close(descriptor.number) }
    guard descriptor.size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let address = mmap(nil, descriptor.size, PROT_READ, MAP_PRIVATE, descriptor.number, 0)
    guard let address, address != MAP_FAILED else {
      throw FileError(.inputOutput, path, "cannot be mapped: \(systemMessage(errno))")
    }
    bytes = UnsafeRawBufferPointer(start: address, count: descriptor.size)
  }

  deinit {
    if let address = bytes.baseAddress, !isResident {
      munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
    }
  }
}

/// Reads a whole regular file.
///
/// - Parameters:
///   - path: The file.
///   - limit: The most bytes to accept.
public func readFile(_ path: String, limit: Int = 1 << 30) throws -> [UInt8] {
  let descriptor = try openRegularFile(path)
  defer { close(descriptor.number) }
  guard descriptor.size <= limit else {
    throw FileError(
      .badData, path, "\(descriptor.size) bytes, more than the \(limit) that are accepted")
  }
  return try [UInt8](unsafeUninitializedCapacity: descriptor.size) { buffer, count in
    while count < descriptor.size {
      let got = read(
        descriptor.number, buffer.baseAddress?.advanced(by: count), descriptor.size - count)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw FileError(.inputOutput, path, systemMessage(errno)) }
      if got == 0 { break }
      count += got
    }
  }
}

/// The system's words for an error number.
public func systemMessage(_ code: Int32) -> String {
  String(cString: strerror(code))
}

/// Opens without waiting (a FIFO would block) and accepts regular files only.
private func openRegularFile(_ path: String) throws -> (number: Int32, size: Int) {
  guard !path.utf8.contains(0) else { throw FileError(.notFound, path.visible, "no such file") }
  let number = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  guard number >= 0 else { throw FileError.opening(path, errno) }
  var status = stat()
  guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    close(number)
    throw FileError(.badData, path, "not a regular file")
  }
  return (number, Int(status.st_size))
}

extension FileError {
  /// The error for a failed `open` with this `errno`.
  static func opening(_ path: String, _ code: Int32) -> FileError {
    switch code {
    case ENOENT, ENOTDIR: FileError(.notFound, path, "no such file")
    case EACCES, EPERM: FileError(.noPermission, path, "permission denied")
    default: FileError(.inputOutput, path, systemMessage(code))
    }
  }
}
