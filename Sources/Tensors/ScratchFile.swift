#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A file without a name, where large tensors wait until they are looked at, so that memory holds
/// only the parts in use.
///
/// A tensor that was moved here is mapped: its pages take memory once they are read and until the
/// last value that refers to them is gone. A slice of it is a mapping of its own, so to go through a
/// tensor slice by slice takes one slice's memory.
public final class ScratchFile: @unchecked Sendable {
  let descriptor: Int32
  private var end = 0

  /// Makes a file in a folder.
  ///
  /// - Returns: `nil` when the system refuses.
  public init?(in folder: String) {
    var path = Array("\(folder)/scratch-XXXXXX".utf8CString)
    descriptor = mkstemp(&path)
    guard descriptor >= 0 else { return nil }
    unlink(path)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// The same numbers, kept in the file; the tensor itself where the file takes no more. One thread
  /// at a time.
  public func moving(_ tensor: Tensor) -> Tensor {
    let page = Int(getpagesize())
    let start = (end + page - 1) / page * page
    guard tensor.withNumbers({ write(UnsafeRawBufferPointer($0), at: start) }),
      let storage = Storage(mapping: tensor.count, of: self, at: start)
    else { return tensor }
    end = start + tensor.count * MemoryLayout<Float>.stride
    return Tensor(shape: tensor.shape, storage: storage)
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    var written = 0
    while written < bytes.count {
      let rest = bytes[written...]
      let count = pwrite(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count,
        off_t(offset + written))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}

/// A part of a scratch file in memory.
final class Mapping {
  /// The file and the place in it, in bytes.
  let file: ScratchFile
  let offset: Int
  /// The mapped bytes at that place.
  let start: UnsafeMutableRawPointer
  private let base: UnsafeMutableRawPointer
  private let length: Int

  init?(_ file: ScratchFile, at offset: Int, bytes: Int) {
    let lead = offset % Int(getpagesize())
    length = lead + max(bytes, 1)
    guard
      let base = mmap(nil, length, PROT_READ, MAP_SHARED, file.descriptor, off_t(offset - lead)),
      base != MAP_FAILED
    else { return nil }
    (self.file, self.offset, self.base) = (file, offset, base)
    start = base + lead
  }

  deinit { munmap(base, length) }
}
