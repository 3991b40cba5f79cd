#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The folders of one user, as the XDG base directory specification names them, on every system.
public enum UserFolders {
  /// The home folder: `$HOME`, else the one that the user database gives.
  public static var home: String? {
    if let home = environment("HOME") { return home }
    guard let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir else { return nil }
    let path = String(cString: home)
    return path.isEmpty ? nil : path
  }

  /// What attnviz keeps: `$XDG_DATA_HOME/attnviz`, else `~/.local/share/attnviz`.
  ///
  /// - Throws: `FileError` when there is no home folder.
  public static func data() throws -> String {
    try folder("XDG_DATA_HOME", ".local/share") + "/attnviz"
  }

  /// What attnviz can make anew: `$XDG_CACHE_HOME/attnviz`, else `~/.cache/attnviz`.
  ///
  /// - Throws: `FileError` when there is no home folder.
  public static func cache() throws -> String {
    try baseOfCaches() + "/attnviz"
  }

  /// The folder of all programs' caches: `$XDG_CACHE_HOME`, else `~/.cache`.
  ///
  /// - Throws: `FileError` when there is no home folder.
  public static func baseOfCaches() throws -> String {
    try folder("XDG_CACHE_HOME", ".cache")
  }

  /// The variable's folder; the specification says to ignore one that is not absolute.
  private static func folder(_ variable: String, _ fallback: String) throws -> String {
    if let path = environment(variable), path.hasPrefix("/") { return path }
    guard let home else {
      throw FileError(.notFound, variable, "is not set and neither is HOME; set one of them")
    }
    return home + "/" + fallback
  }
}
