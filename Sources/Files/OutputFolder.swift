#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A folder that appears whole or not at all: filled beside its target under a temporary name,
/// then renamed.
public final class OutputFolder {
  private let target: String
  /// Where to write until the folder is committed; its name begins with a dot.
  public let path: String

  /// Creates the temporary folder, and the folders above it.
  ///
  /// - Throws: `FileError` of kind `cannotCreate` or `noPermission`.
  public init(_ name: String, in parent: String) throws {
    target = parent + "/" + name
    path = "\(parent)/.\(name).\(getpid()).\(UInt32.random(in: 0 ... .max)).partial"
    try createFolder(parent)
    guard mkdir(path, 0o777) == 0 else { throw FileError.creating(parent, errno) }
    TemporaryFiles.add(path)
  }

  /// Gives the folder its name.
  ///
  /// - Throws: `FileError` of kind `cannotCreate`, also when something stands there already.
  public func commit() throws {
    guard rename(path, target) == 0 else { throw FileError.creating(target, errno) }
    TemporaryFiles.remove(path)
  }

  /// Gives the folder its name in place of an earlier one, which is removed.
  ///
  /// - Throws: `FileError` of kind `cannotCreate`.
  public func commitReplacing() throws {
    guard folderExists(target) else { return try commit() }
    let old = path + ".old"
    guard rename(target, old) == 0 else { throw FileError.creating(target, errno) }
    try commit()
    try removeTree(old)
  }

  deinit {
    if TemporaryFiles.remove(path) { try? removeTree(path) }
  }
}
