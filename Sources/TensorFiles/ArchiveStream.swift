public import Files

/// An archive that is written while its arrays come to be: none has to be kept.
///
/// Nothing is written before the first array. The arrays come in the order of the outline; one
/// that comes too early is not taken. One thread at a time may use it.
public final class ArchiveStream: @unchecked Sendable {
  private let outline: Archive.Outline
  private let format: any ArchiveWriter.Type
  private let write: ArchiveWriter.Write
  private var writer: (any ArchiveWriter)?
  private var written = 0
  private var failure: (any Error)?

  /// Prepares an archive.
  ///
  /// - Parameters:
  ///   - outline: What it will hold.
  ///   - format: How it is written.
  ///   - write: Takes the bytes.
  public init(
    _ outline: Archive.Outline, as format: any ArchiveWriter.Type,
    to write: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) {
    self.outline = outline
    self.format = format
    self.write = write
  }

  /// Writes an array when it is the next one. What fails is told by `finish`.
  ///
  /// - Returns: Whether it was the next one.
  public func take(_ name: String, _ content: Archive.Content) -> Bool {
    let entry = Archive.Outline.Entry(name, content.element, shape: content.shape)
    guard written < outline.entries.count, outline.entries[written] == entry else { return false }
    written += 1
    guard failure == nil else { return true }
    do {
      if writer == nil { writer = try format.init(outline, to: write) }
      try writer?.add(name, content, to: write)
    } catch { failure = error }
    return true
  }

  /// Writes the arrays that are left, and the end.
  ///
  /// - Throws: What went wrong so far; `FileError` when arrays are missing or too many.
  public func finish(_ rest: [(name: String, content: Archive.Content)]) throws {
    for (name, content) in rest {
      guard take(name, content) else { throw disagreement(name) }
    }
    if let failure { throw failure }
    guard written == outline.entries.count else {
      throw disagreement(outline.entries[written].name)
    }
    if writer == nil { writer = try format.init(outline, to: write) }
    try writer?.finish(to: write)
  }

  private func disagreement(_ name: String) -> FileError {
    FileError(.badData, "trace", "\(name) is not what was announced")
  }
}
