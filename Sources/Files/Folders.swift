#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Creates a folder and the folders above it; one that is there already is fine.
///
/// - Throws: `FileError` of kind `cannotCreate` or `noPermission`.
public func createFolder(_ path: String) throws {
  if mkdir(path, 0o777) == 0 || (errno == EEXIST && folderExists(path)) { return }
  guard errno == ENOENT, let slash = path.trimmedOfSlashes.lastIndex(of: "/"),
    slash > path.startIndex
  else { throw FileError.creating(path, errno) }
  try createFolder(String(path[..<slash]))
  guard mkdir(path, 0o777) == 0 || (errno == EEXIST && folderExists(path)) else {
    throw FileError.creating(path, errno)
  }
}

/// The names in a folder, sorted by their bytes, without "." and "..".
///
/// - Throws: `FileError` of kind `notFound`, `noPermission` or `inputOutput`.
public func namesInFolder(_ path: String) throws -> [String] {
  guard let folder = opendir(path) else { throw FileError.opening(path, errno) }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Removes a file, a link, or a folder with everything in it; links are not followed.
///
/// - Throws: `FileError` for the first thing that cannot be removed.
public func removeTree(_ path: String) throws {
  var status = stat()
  guard lstat(path, &status) == 0 else { throw FileError.opening(path, errno) }
  if status.st_mode & S_IFMT == S_IFDIR {
    for name in try namesInFolder(path) { try removeTree(path + "/" + name) }
  }
  guard remove(path) == 0 else { throw FileError.opening(path, errno) }
}

/// The bytes of every regular file below a path, or of the file itself; 0 when nothing is there.
public func sizeOfTree(_ path: String) -> Int {
  var status = stat()
  guard lstat(path, &status) == 0 else { return 0 }
  switch status.st_mode & S_IFMT {
  case S_IFREG: return Int(status.st_size)
  case S_IFDIR:
    return ((try? namesInFolder(path)) ?? []).reduce(0) { $0 + sizeOfTree(path + "/" + $1) }
  default: return 0
  }
}

extension String {
  fileprivate var trimmedOfSlashes: Substring {
    var rest = self[...]
    while rest.count > 1, rest.last == "/" { rest.removeLast() }
    return rest
  }
}
