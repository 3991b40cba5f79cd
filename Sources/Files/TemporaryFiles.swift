import Synchronization

/// The files and folders that an interrupted program must remove.
public enum TemporaryFiles {
  private static let names = Mutex<Set<String>>([])

  /// Notes a file or folder that is not finished.
  public static func add(_ name: String) {
    names.withLock { _ = $0.insert(name) }
  }

  /// Forgets a file or folder; returns whether it was noted.
  @discardableResult
  public static func remove(_ name: String) -> Bool {
    names.withLock { $0.remove(name) != nil }
  }

  /// Removes everything unfinished. For the way out after Ctrl-C, on an ordinary thread.
  public static func removeAll() {
    for name in names.withLock({ $0 }) { try? removeTree(name) }
  }
}
