import Files
import TestSupport
import Testing

/// A page of the documentation, in Markdown.
struct DocumentPage: CustomTestStringConvertible, Sendable {
  /// A stretch of code between two fences.
  struct Block {
    /// `sh`, `python` and so on; empty where nothing is said.
    var language: String
    /// What else the opening fence says.
    var marks: [String]
    var code: String
    /// The line of the opening fence, from 1.
    var line: Int
  }

  static let root = Fixtures.folder + "/../.."

  /// Every page.
  static let all: [DocumentPage] = {
    let docs =
      pages(in: "docs")
      + ((try? namesInFolder(root + "/docs")) ?? []).flatMap { name in
        folderExists(root + "/docs/" + name) ? pages(in: "docs/" + name) : []
      }
    return (["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] + docs).map { DocumentPage(path: $0) }
  }()

  private static func pages(in folder: String) -> [String] {
    ((try? namesInFolder(root + "/" + folder)) ?? []).filter { $0.hasSuffix(".md") }
      .map { folder + "/" + $0 }
  }

  /// The path from the root of the checkout.
  let path: String
  /// The stretches of code.
  let blocks: [Block]
  /// The lines outside them.
  let prose: [(line: Int, text: String)]

  var testDescription: String { path }

  init(path: String) {
    self.path = path
    let bytes = (try? readFile(Self.root + "/" + path)) ?? []
    var blocks: [Block] = []
    var prose: [(line: Int, text: String)] = []
    var open: Block?
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in zip(1..., lines) {
      let bare = line.drop { $0 == " " }
      if bare.hasPrefix("```") {
        if let block = open {
          blocks.append(block)
          open = nil
        } else {
          let words = bare.dropFirst(3).split(separator: " ").map(String.init)
          open = Block(
            language: words.first ?? "", marks: Array(words.dropFirst()), code: "", line: number)
        }
      } else if open != nil {
        open?.code += line + "\n"
      } else {
        prose.append((number, String(line)))
      }
    }
    (self.blocks, self.prose) = (blocks, prose)
  }

  /// The anchors of its headings, as GitHub makes them: lower case, spaces as dashes, signs left out,
  /// a number after those that were there before.
  var anchors: Set<String> {
    var found: Set<String> = []
    for (_, text) in prose {
      let level = text.prefix { $0 == "#" }.count
      guard (1...6).contains(level), text.dropFirst(level).first == " " else { continue }
      let kept = text.dropFirst(level + 1).lowercased().filter {
        $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_"
      }
      let anchor = kept.replacing(" ", with: "-")
      let count = (1...).first { !found.contains($0 == 1 ? anchor : "\(anchor)-\($0 - 1)") } ?? 1
      found.insert(count == 1 ? anchor : "\(anchor)-\(count - 1)")
    }
    return found
  }

  /// What its links and pictures point to, with the line.
  var targets: [(line: Int, target: String)] {
    prose.flatMap { line, text -> [(Int, String)] in
      // What stands in backquotes is no link.
      let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
      let plain = pieces.indices.filter { $0 % 2 == 0 }.map { String(pieces[$0]) }
        .joined(separator: "code")
      let links = plain.components(after: "](", until: ")")
      let sources = plain.components(after: "src=\"", until: "\"")
      return (links + sources).map { (line, $0) }
    }
  }
}

extension String {
  /// Every stretch between two marks.
  fileprivate func components(after start: String, until end: Character) -> [String] {
    ranges(of: start).compactMap { range in
      self[range.upperBound...].firstIndex(of: end).map { String(self[range.upperBound..<$0]) }
    }
  }
}
