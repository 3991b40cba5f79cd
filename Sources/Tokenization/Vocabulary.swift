internal import Files

/// The strings a model knows and their ids, kept as a trie of bytes: one walk finds a token, the
/// longest token a text begins with, or all of them. Nothing is compared as `String`, which holds
/// canonically equivalent spellings for equal.
struct Vocabulary: Sendable {
  /// Ids are below this; a table by id never gets larger.
  static let idLimit = 1 << 22
  /// Keeps the nodes below 2^24.
  private static let byteLimit = 1 << 24 - 1

  /// A place in the trie.
  typealias Node = UInt32
  static let root: Node = 0

  /// From a node and a byte to the next node.
  private var edges: IntegerTable<UInt32, Node>
  private var idsByNode: [Int32] = [-1]
  private var bytes: [UInt8] = []
  private var spansByID: [Range<Int32>?] = []
  /// How many ids have a token.
  private(set) var count = 0

  /// Builds the trie.
  ///
  /// - Throws: `FileError` for an id out of range or given twice.
  init(_ entries: some Collection<(token: String, id: Int)>, path: String) throws {
    let nodes = min(entries.count, Self.byteLimit) * 2  // as many as large vocabularies have
    edges = IntegerTable(capacity: nodes)
    idsByNode.reserveCapacity(nodes)
    spansByID.reserveCapacity(entries.count)
    for entry in entries { try add(entry.token, entry.id, path: path) }
  }

  private mutating func add(_ token: String, _ id: Int, path: String) throws {
    guard id >= 0, id < Self.idLimit else {
      throw FileError(
        .badData, path,
        "the token \(token.quoted) has the id \(id); ids from 0 to \(Self.idLimit - 1) are accepted"
      )
    }
    while spansByID.count <= id { spansByID.append(nil) }
    if let other = self.token(id) {
      throw FileError(
        .badData, path, "two tokens have the id \(id): \(other.quoted) and \(token.quoted)")
    }
    let start = bytes.count
    bytes.append(contentsOf: token.utf8)
    guard bytes.count <= Self.byteLimit else {
      throw FileError(.badData, path, "a vocabulary of more than \(Self.byteLimit) bytes")
    }
    spansByID[id] = Int32(start)..<Int32(bytes.count)
    count += 1
    idsByNode[Int(makePath(start..<bytes.count))] = Int32(id)
  }

  /// Adds the nodes that are missing on the way to `range` of the bytes.
  private mutating func makePath(_ range: Range<Int>) -> Node {
    var node = Self.root
    for index in range {
      let key = node << 8 | Node(bytes[index])
      if let next = edges[key] {
        node = next
      } else {
        node = Node(idsByNode.count)
        idsByNode.append(-1)
        edges.set(key, node)
      }
    }
    return node
  }

  // MARK: looking up

  /// The highest id plus one.
  var idBound: Int { spansByID.count }

  /// The token with this id.
  func token(_ id: Int) -> String? {
    guard id >= 0, id < spansByID.count, let span = spansByID[id] else { return nil }
    return String(decoding: bytes[Int(span.lowerBound)..<Int(span.upperBound)], as: UTF8.self)
  }

  /// The id of exactly these bytes.
  func id(_ token: some Sequence<UInt8>) -> Int? {
    node(token).flatMap(id(at:))
  }

  /// The id of a text.
  func id(_ token: String) -> Int? { id(token.utf8) }

  /// The node that these bytes lead to.
  func node(_ bytes: some Sequence<UInt8>, from start: Node = root) -> Node? {
    var node = start
    for byte in bytes {
      guard let next = child(of: node, byte) else { return nil }
      node = next
    }
    return node
  }

  /// The node one byte further.
  func child(of node: Node, _ byte: UInt8) -> Node? {
    edges[node << 8 | Node(byte)]
  }

  /// The id of the token that ends at a node.
  func id(at node: Node) -> Int? {
    let id = idsByNode[Int(node)]
    return id < 0 ? nil : Int(id)
  }
}

extension String {
  /// The text in quotation marks, shortened and made visible, for messages.
  var quoted: String {
    let head = String(String.UnicodeScalarView(unicodeScalars.prefix(60)))
    return "\"" + head.visible + (head.utf8.count < utf8.count ? "…" : "") + "\""
  }
}
