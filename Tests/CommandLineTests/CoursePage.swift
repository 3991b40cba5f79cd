import Files
import Foundation
import TestSupport

/// A page of the course, taken apart.
struct CoursePage {
  /// A fenced block: the words behind the fence, and its lines.
  typealias Block = (kind: String, lines: [String])

  /// The file's name.
  let name: String
  /// The lines outside fenced blocks.
  let prose: [String]
  let blocks: [Block]

  static let folder = Fixtures.folder + "/../../docs/course"

  /// All pages, the table of contents not among them.
  static let names: [String] = ((try? namesInFolder(folder)) ?? [])
    .filter { $0.hasSuffix(".md") && $0 != "README.md" }.sorted()

  init(_ name: String) throws {
    self.name = name
    let text = String(decoding: try readFile(Self.folder + "/" + name), as: UTF8.self)
    var (prose, blocks, open) = ([String](), [Block](), Block?.none)
    for line in text.components(separatedBy: "\n") {
      if let rest = line.wholeMatch(of: /\s*```(.*)/)?.1 {
        if let done = open {
          blocks.append(done)
          open = nil
        } else {
          open = (String(rest), [])
        }
      } else if open != nil {
        open?.lines.append(line)
      } else {
        prose.append(line)
      }
    }
    (self.prose, self.blocks) = (prose, blocks)
  }

  /// The pictures that it shows, light and dark, in order.
  var pictures: [(light: String, dark: String?, words: String)] {
    prose.joined(separator: "\n").matches(
      of: /(?:srcset="figures\/([^"]+)"[^>]*>\s*)?<img src="figures\/([^"]+)" alt="([^"]*)"/
    ).map { (String($0.2), $0.1.map(String.init), String($0.3)) }
  }

  /// Calls of the program with what they print, the words of a shell taken apart.
  var calls: [(line: String, arguments: [String], output: [String])] {
    blocks.filter { $0.kind == "console" }.flatMap { block in
      var calls: [(line: String, arguments: [String], output: [String])] = []
      for line in block.lines {
        if line.hasPrefix("$ ") {
          let words = ShellWords.split(String(line.dropFirst(2)))
          calls.append((line, words.first == "attnviz" ? Array(words.dropFirst()) : [], []))
        } else if !calls.isEmpty {
          calls[calls.count - 1].output.append(line)
        }
      }
      return calls
    }
  }

  /// The numbers with a decimal point in its sentences, as they are printed.
  var numbers: [String] {
    let plain = prose.map {
      $0.replacing(/`[^`]*`/, with: "").replacing(/\]\([^)]*\)/, with: "]")
        .replacing(/<(?:img src|source|a )[^>]*?(?:alt="([^"]*)"[^>]*)?>/) { $0.1 ?? "" }
    }
    return plain.flatMap { $0.numbersWithPoint }
  }
}

extension String {
  /// "0.61", ".61", "12.5": numbers with a point, without their signs.
  var numbersWithPoint: [String] {
    matches(of: /(?:^|[^\w.§])(\d*\.\d+)(?![\w.]*\d)/.asciiOnlyDigits()).map { String($0.1) }
  }
}

/// Words of a shell's line with simple and double quotes.
enum ShellWords {
  static func split(_ line: String) -> [String] {
    var (words, word, quote) = ([String](), String?.none, Character?.none)
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
      } else if character == "\"" || character == "'" {
        (quote, word) = (character, word ?? "")
      } else if character == " " {
        words += word.map { [$0] } ?? []
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }
}
