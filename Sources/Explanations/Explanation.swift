public import Files
public import Figures

/// What a model did with a text, told from one run's numbers: words, tables and figures.
public struct Explanation: Sendable {
  /// The heading of the whole.
  public var title: String
  /// One line under it: model, tokens, layers, heads.
  public var subtitle: String
  /// The link the story is about: its layer and head, and the token that looks; `nil` when no two
  /// ordinary tokens are linked.
  public var focus: (layer: Int, head: Int, query: Int)?
  /// The parts, in reading order.
  public var sections: [Section]
  /// Facts about the run for programs: model, digest, tokens, ….
  public var facts: JSON
  /// The names of the files that hold the numbers which sentences cite.
  public internal(set) var traces = ["trace.safetensors"]

  /// One part.
  public struct Section: Sendable {
    /// The heading.
    public var heading: String
    /// Paragraphs, tables and figures.
    public var blocks: [Block]

    /// Creates a section.
    public init(_ heading: String, _ blocks: [Block]) {
      self.heading = heading
      self.blocks = blocks
    }
  }

  /// A paragraph, a table or a figure.
  public enum Block: Sendable {
    case paragraph([Sentence])
    case table(header: [String], rows: [[[Piece]]])
    case figure(Drawn)
  }

  /// A sentence and the numbers it rests on.
  public struct Sentence: Sendable {
    /// Words, numbers and tokens in order.
    public var pieces: [Piece]

    /// Creates a sentence.
    public init(_ pieces: [Piece]) {
      self.pieces = pieces
    }

    /// The numbers of the trace that the sentence cites.
    public var quotes: [Quote] {
      pieces.compactMap { piece in
        if case .number(_, let quote) = piece { return quote }
        return nil
      }
    }
  }

  /// A part of a sentence.
  public enum Piece: Sendable, Equatable {
    /// Words.
    case words(String)
    /// A token of the text.
    case token(String)
    /// A printed number and where it comes from.
    case number(String, Quote)
    /// A printed number that follows from cited ones.
    case derived(String)
  }

  /// A figure with the name of its file.
  public struct Drawn: Sendable {
    /// The name of the file without its extension.
    public var name: String
    /// The figure.
    public var figure: any Figure
    /// What stands under it.
    public var caption: String
    /// What its provenance must say to draw it again.
    public var options: [JSON.Member]
    /// The generation that it tells; `nil` for a figure of the run itself.
    public var told: ToldGeneration?

    /// Creates a drawn figure.
    public init(
      name: String, figure: any Figure, caption: String, options: [JSON.Member] = [],
      told: ToldGeneration? = nil
    ) {
      self.name = name
      self.figure = figure
      self.caption = caption
      self.options = options
      self.told = told
    }
  }

  /// The figures in reading order.
  public var figures: [Drawn] {
    sections.flatMap(\.blocks).compactMap { block in
      if case .figure(let drawn) = block { return drawn }
      return nil
    }
  }

  /// The sentences in reading order.
  public var sentences: [Sentence] {
    sections.flatMap(\.blocks).flatMap { block in
      if case .paragraph(let sentences) = block { return sentences }
      return []
    }
  }
}

extension Explanation.Sentence: ExpressibleByStringInterpolation {
  /// Collects pieces from an interpolated string: `"The weight is \(quote, .weight)."`.
  public struct StringInterpolation: StringInterpolationProtocol {
    var pieces: [Explanation.Piece] = []

    /// Begins a sentence.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Adds words.
    public mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { pieces.append(.words(literal)) }
    }

    /// Adds a piece.
    public mutating func appendInterpolation(_ piece: Explanation.Piece) {
      pieces.append(piece)
    }

    /// Adds words that were chosen by the numbers.
    public mutating func appendInterpolation(_ words: String) {
      appendLiteral(words)
    }

    /// Adds a cited number.
    public mutating func appendInterpolation(_ quote: Quote, _ format: Precision) {
      pieces.append(.number(format(quote.value), quote))
    }

    /// Adds a number that follows from cited ones.
    public mutating func appendInterpolation(_ value: Double, _ format: Precision) {
      pieces.append(.derived(format(value)))
    }

    /// Adds a count.
    public mutating func appendInterpolation(_ count: Int) {
      pieces.append(.derived(NumberFormat.count(count)))
    }
  }

  /// Creates a sentence of plain words.
  public init(stringLiteral text: String) {
    self.init([.words(text)])
  }

  /// Creates a sentence from its pieces.
  public init(stringInterpolation: StringInterpolation) {
    self.init(stringInterpolation.pieces)
  }
}
