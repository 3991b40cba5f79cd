public import Files

/// Calls `body` with a new folder that is removed afterwards.
public func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let parent = absolutePath(environment("TMPDIR") ?? "/tmp")
  let folder = try OutputFolder("attnviz-test", in: parent)
  return try withExtendedLifetime(folder) { try body(folder.path) }
}

/// The error of a kind that `body` throws; `nil` when it throws none or another.
public func fileError(_ body: () throws -> Void) -> FileError? {
  do {
    try body()
    return nil
  } catch {
    return error as? FileError
  }
}
