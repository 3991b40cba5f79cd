#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The value of an environment variable, when it is set and not empty.
public func environment(_ name: String) -> String? {
  guard let value = getenv(name) else { return nil }
  let text = String(cString: value)
  return text.isEmpty ? nil : text
}

/// Whether a regular file is at `path`, through links.
public func fileExists(_ path: String) -> Bool {
  mode(of: path).map { $0 & S_IFMT == S_IFREG } ?? false
}

/// Whether a folder is at `path`, through links.
public func folderExists(_ path: String) -> Bool {
  mode(of: path).map { $0 & S_IFMT == S_IFDIR } ?? false
}

/// When the file at `path` was last changed, in seconds; `nil` when nothing is there.
public func modificationTime(_ path: String) -> Double? {
  var status = stat()
  guard stat(path, &status) == 0 else { return nil }
  #if canImport(Darwin)
    let time = status.st_mtimespec
  #else
    let time = status.st_mtim
  #endif
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The path from the root, without links; the path itself when nothing is there.
public func absolutePath(_ path: String) -> String {
  guard let real = realpath(path, nil) else { return path }
  defer { free(real) }
  return String(cString: real)
}

private func mode(of path: String) -> mode_t? {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode : nil
}
