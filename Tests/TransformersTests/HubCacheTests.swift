import Files
import TestSupport
import Testing
import Transformers

@Suite struct HubCacheTests {
  private let commit = "0123456789abcdef0123456789abcdef01234567"

  /// A cache with one model: `main` and a branch `refs/pr/1` at one commit.
  private func withCache(_ body: (HubCache, String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let repository = folder + "/models--org--tiny"
      let snapshot = repository + "/snapshots/" + commit
      try createFolder(snapshot)
      try createFolder(repository + "/refs/refs/pr")
      try writeFile(repository + "/refs/main", commit)
      try writeFile(repository + "/refs/refs/pr/1", commit + "\n")
      try writeFile(snapshot + "/config.json", "{}")
      try body(HubCache(folder: folder), snapshot)
    }
  }

  @Test func findsRevisions() throws {
    try withCache { cache, snapshot in
      for revision in ["", "@main", "@refs/pr/1", "@" + commit] {
        let found = try cache.snapshot(of: "org/tiny" + revision)
        #expect(found == snapshot)
      }
    }
  }

  @Test func saysHowToGetWhatIsNotThere() throws {
    try withCache { cache, _ in
      let model = try #require(fileError { _ = try cache.snapshot(of: "org/other") })
      #expect(model.kind == .notFound)
      #expect(model.fact.hasSuffix("get it with: hf download org/other"))
      let revision = try #require(fileError { _ = try cache.snapshot(of: "org/tiny@v2") })
      #expect(revision.fact.hasSuffix("get it with: hf download org/tiny --revision v2"))
    }
  }

  @Test(arguments: [
    "", "/", "org/", "/tiny", "a/b/c", "org/ti--ny", "org/..", "../org", "org/tiny.git", "ti ny",
    "org/tiny@", "org/tiny@..", "org/tiny@../../x", "org/tiny@a//b", "org/tiny@\u{1B}",
  ])
  func refusesOddNames(name: String) throws {
    try withCache { cache, _ in
      #expect(fileError { _ = try cache.snapshot(of: name) }?.kind == .notFound)
    }
  }

  @Test func doesNotFollowABrokenReference() throws {
    try withCache { cache, _ in
      let reference = cache.folder + "/models--org--tiny/refs/main"
      try writeFile(reference, "../../../secret")
      #expect(fileError { _ = try cache.snapshot(of: "org/tiny") }?.kind == .notFound)
    }
  }

  @Test func expandsVariables() throws {
    let home = try #require(UserFolders.home)
    #expect(HubCache.expanded("~/hub") == home + "/hub")
    #expect(HubCache.expanded("~") == home)
    #expect(HubCache.expanded("/a~b") == "/a~b")
    let path = try #require(environment("PATH"))
    #expect(HubCache.expanded("/x/$PATH/${PATH}y") == "/x/\(path)/\(path)y")
    #expect(
      HubCache.expanded("$NOT_SET_ANYWHERE/${NOT_SET_ANYWHERE}/$")
        == "$NOT_SET_ANYWHERE/${NOT_SET_ANYWHERE}/$")
  }
}
