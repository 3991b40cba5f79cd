import Explanations
import Files
import Foundation
import TensorFiles
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// Walks through a model of every family, and a reader of the lines they print.
enum WalkSamples {
  /// Models with a tokenizer of their own.
  static let models = [
    "bert", "bert_base_model", "distilbert", "gpt2", "llama", "roberta", "letters",
  ]
  /// The folders with a model of each choice; their tokens are given by number.
  static let families = try? namesInFolder(Fixtures.folder + "/families").filter {
    !$0.contains(".")
  }
  static let sources = try? namesInFolder(Fixtures.folder + "/seq2seq").filter { !$0.contains(".") }
  /// Every one by its name.
  static let names =
    models + (families ?? []).map { "families/" + $0 } + (sources ?? []).map { "seq2seq/" + $0 }

  static let text = "The cat sat on the mat."

  static func model(_ name: String) throws -> Model {
    guard name.contains("/") else {
      return try Model(folder: Fixtures.folder + "/models/" + name, name: name)
    }
    return try withTemporaryFolder { folder in
      let source = Fixtures.folder + "/" + name
      for file in ["config.json", "model.safetensors"] {
        try writeFile(folder + "/" + file, try readFile(source + "/" + file))
      }
      try writeFile(
        folder + "/tokenizer.json",
        try readFile(Fixtures.folder + "/models/llama/tokenizer.json"))
      return try Model(folder: folder, name: name)
    }
  }

  static func run(_ model: Model, _ name: String, edits: WalkEdits = WalkEdits()) throws -> Run {
    guard name.contains("/") else {
      return try model.run(
        name == "letters" ? "bad head" : text, edits: edits, recording: Walk.recording,
        target: .greedy(count: 6))
    }
    let file = try SafeTensors(Fixtures.folder + "/\(name)/expected.safetensors")
    let ids = try #require(file.integers("ids"))
    var encoding = Encoding()
    encoding.ids = ids
    encoding.tokens = ids.map { "t\($0)" }
    encoding.offsets = ids.indices.map { $0..<$0 + 1 }
    encoding.typeIDs = ids.map { _ in 0 }
    encoding.isSpecial = ids.map { _ in false }
    encoding.sequence = ids.map { _ in 0 }
    return try model.run(
      encoding, of: String(repeating: "x", count: ids.count), pair: nil, digest: nil,
      pass: edits.pass(recording: Walk.recording), target: .greedy(count: 6))
  }

  static func walk(_ name: String) throws -> Walk {
    let model = try model(name)
    return try Walk(of: run(model, name), by: model)
  }
}

/// The parts of a printed line that can be calculated: "q₅·k₃ / √d_k = 7.12 / √16 = 1.78" has two.
struct PrintedLine {
  /// The values of the parts, in their order.
  let values: [Double]
  /// The largest magnitude of a number in the line.
  let size: Double

  init(_ line: String) {
    var (values, size) = ([Double](), 0.0)
    for part in line.components(separatedBy: " = ") {
      let words = part.components(separatedBy: ", ")[0]
      var reader = Reader(words)
      if let value = reader.whole() { values.append(value) }
      size = max(size, reader.size)
    }
    (self.values, self.size) = (values, size)
  }

  /// The result of the line.
  var result: Double? { values.last }

  /// Whether what can be calculated comes out as printed: every number is rounded to three digits.
  var agrees: Bool {
    guard let result else { return false }
    return values.allSatisfy { abs($0 - result) <= 0.03 * max(size, abs(result)) + 2e-3 }
  }

  /// A recursive descent over sums, products, powers of e and a few functions.
  private struct Reader {
    private var rest: Substring
    private(set) var size = 0.0

    init(_ text: String) {
      let exponents: [Character: Character] = [
        "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
        "⁹": "9", "⁻": "-",
      ]
      var words = ""
      var isRaised = false
      for character in text where character != "," && character != " " {
        if let digit = exponents[character] {
          // "4.4·10⁻⁵" as one number.
          if !isRaised, words.hasSuffix("·10") { words.removeLast(3); words += "E" }
          isRaised = true
          words.append(digit)
        } else {
          isRaised = false
          words.append(character == "−" ? "-" : character)
        }
      }
      rest = Substring(words)
    }

    mutating func whole() -> Double? {
      guard let value = sum(), rest.isEmpty else { return nil }
      return value
    }

    private mutating func take(_ text: String) -> Bool {
      guard rest.hasPrefix(text) else { return false }
      rest = rest.dropFirst(text.count)
      return true
    }

    private mutating func sum() -> Double? {
      guard var value = product() else { return nil }
      while true {
        if take("+") {
          guard let next = product() else { return nil }; value += next
        } else if take("-") {
          guard let next = product() else { return nil }; value -= next
        } else {
          return value
        }
      }
    }

    private mutating func product() -> Double? {
      guard var value = factor() else { return nil }
      while true {
        if take("·") {
          guard let next = factor() else { return nil }; value *= next
        } else if take("/") {
          guard let next = factor() else { return nil }; value /= next
        } else {
          return value
        }
      }
    }

    private mutating func factor() -> Double? {
      for (name, function) in [("cos", { cos($0) }), ("sin", { sin($0) }), ("tanh", { tanh($0) })]
        as [(String, (Double) -> Double)] where take(name)
      {
        return parenthesis().map(function)
      }
      if take("√") { return number().map { $0.squareRoot() } }
      if take("e^") { return (rest.first == "(" ? parenthesis() : number()).map { exp($0) } }
      if rest.first == "(" { return parenthesis() }
      if take("-") { return factor().map { -$0 } }
      return number()
    }

    private mutating func parenthesis() -> Double? {
      guard take("("), let value = sum(), take(")") else { return nil }
      return value
    }

    private mutating func number() -> Double? {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      var length = digits.count
      if rest.dropFirst(length).first == "E" {
        length +=
          1 + rest.dropFirst(length + 1).prefix { $0 == "-" || $0.isASCII && $0.isNumber }.count
      }
      let word = String(rest.prefix(length))
      guard let value = Double(word.hasPrefix(".") ? "0" + word : word) else { return nil }
      rest = rest.dropFirst(length)
      size = max(size, abs(value))
      return value
    }
  }
}

extension [String] {
  /// The lines in which a letter's dimension 0 is calculated: "h₅[0] = …".
  func dimension0(of name: String) -> [String] { filter { $0.hasPrefix("\(name)[0] = ") } }
}

/// Whether a printed number stands for a value: it is off by half of its last digit at most.
func isPrinted(_ printed: Double?, _ value: Double) -> Bool {
  let size = abs(value)
  let unit =
    [(99.99, 0.1), (0.0994, 0.01), (0.00994, 0.001), (0.00049, 0.0001)]
    .first { size >= $0.0 }?.1 ?? 0.1 * size
  return printed.map { abs($0 - value) <= (size >= 999.9 ? 0.501 : 0.51 * unit) + 1e-6 * size }
    ?? false
}
