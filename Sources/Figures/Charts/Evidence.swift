/// For one predicted token, what several measures say each token of the text counts, on the same
/// rows, and how far they agree with what taking tokens away does.
public struct Evidence: Figure {
  /// A column: one number for every token.
  public struct Measure: Equatable, Sendable {
    /// What is measured, short: "raw attention".
    public var name: [Inline]
    /// The number of every token.
    public var values: [Double]
    /// Whether numbers have a sign, and are in nats; else they are shares.
    public var isSigned: Bool
    /// How far it agrees with what is measured; `nil` for that itself.
    public var agreement: Agreement?

    /// Creates a column.
    public init(
      _ name: [Inline], values: [Double], isSigned: Bool, agreement: Agreement? = nil
    ) {
      self.name = name
      self.values = values
      self.isSigned = isSigned
      self.agreement = agreement
    }
  }

  /// How far a column agrees with the measured one.
  public struct Agreement: Equatable, Sendable {
    /// Spearman's ρ over all rows; `nil` where there is none.
    public var correlation: Double?
    /// The same without the tokens that rest.
    public var ordinary: Double?
    /// Whether the token that counts most is the same.
    public var hasSameTop: Bool
    /// How many tokens have the same sign; `nil` where numbers have none.
    public var sameSigns: Int?

    /// Creates an agreement.
    public init(
      correlation: Double?, ordinary: Double? = nil, hasSameTop: Bool, sameSigns: Int? = nil
    ) {
      self.correlation = correlation
      self.ordinary = ordinary
      self.hasSameTop = hasSameTop
      self.sameSigns = sameSigns
    }
  }

  /// A head that was switched off.
  public struct Head: Equatable, Sendable {
    /// "L3H1".
    public var name: String
    /// What that takes away, in nats.
    public var effect: Double

    /// Creates a head.
    public init(_ name: String, effect: Double) {
      self.name = name
      self.effect = effect
    }
  }

  /// Its name in the catalogue.
  public static let name = "evidence"

  /// The words around the picture. Where `summary` is empty, the figure writes one.
  public var caption: Caption
  /// The tokens in reading order.
  public var tokens: [TokenLabel]
  /// The places of special tokens and sinks among them: grey.
  public var rests: Set<Int>
  /// The columns; what was measured comes last.
  public var measures: [Measure]
  /// The heads to show, the largest effect first.
  public var heads: [Head]
  /// What stands over them: "8 of 270 heads …".
  public var headsName: String

  /// Creates a figure.
  ///
  /// - Precondition: Every measure has a number for every token.
  public init(
    caption: Caption, tokens: [TokenLabel], rests: Set<Int>, measures: [Measure], heads: [Head],
    headsName: String
  ) {
    precondition(
      measures.allSatisfy { $0.values.count == tokens.count }, "a number for every token")
    self.caption = caption
    self.tokens = tokens
    self.rests = rests
    self.measures = measures
    self.heads = heads
    self.headsName = headsName
  }

  /// Lays the columns out.
  public func scene(in style: Style) -> Scene { EvidenceLayout(self, in: style).scene() }
}

extension Evidence.Measure {
  /// The place of the number that is largest in size, the first among equals.
  var top: Int? {
    values.indices.max { a, b in (values[a].magnitude, b) < (values[b].magnitude, a) }
  }

  /// A number as it is printed.
  func words(_ place: Int) -> String {
    isSigned ? Evidence.nats(values[place]) : NumberFormat.weight(values[place])
  }

  /// The name without its formulas' layout.
  fileprivate var plainName: String {
    name.map { inline in
      if case .text(let text) = inline { text } else { "‖a v W_O‖" }
    }.joined()
  }
}

extension Evidence {
  /// A number of nats with its sign: two decimals, "+2.31", "−.04"; below .005 "<.01" or ">−.01".
  package static func nats(_ value: Double) -> String {
    let size = value.magnitude
    guard value.isFinite, value != 0, size < 99.995 else { return NumberFormat.score(value) }
    if size < 0.005 { return value < 0 ? ">−.01" : "<.01" }
    let digits = size < 0.995 ? NumberFormat.weight(size) : NumberFormat.fixed(size, decimals: 2)
    return (value < 0 ? "−" : "+") + digits
  }

  /// A correlation: two decimals, ".83", "−.12"; "1" and "0" for exactly those; "–" where there is
  /// none.
  package static func correlation(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    let digits = NumberFormat.weight(value.magnitude)
    guard value < 0 else { return digits }
    if digits.hasPrefix(">") { return "<−" + digits.dropFirst() }
    return digits.hasPrefix("<") ? ">−" + digits.dropFirst() : "−" + digits
  }

  /// The picture in words.
  var summary: String {
    let columns = measures.map { measure -> String in
      let order = measure.values.indices.sorted {
        (measure.values[$1].magnitude, $0) < (measure.values[$0].magnitude, $1)
      }
      let first = order.prefix(3).map { "\(tokens[$0].text) \(measure.words($0))" }
      let agreement = measure.agreement.map {
        "; rank correlation with the measured effect \(Self.correlation($0.correlation))"
      }
      return "\(measure.plainName): \(first.joined(separator: ", "))\(agreement ?? "")."
    }
    let switched = heads.prefix(3).map { "\($0.name) \(Self.nats($0.effect))" }
    let last =
      heads.isEmpty ? "" : " Heads switched off: \(switched.joined(separator: ", "))."
    return
      "\(NumberFormat.count(measures.count)) measures of what each of "
      + "\(NumberFormat.count(tokens.count)) tokens counts for one prediction. Largest by "
      + columns.joined(separator: " ") + last
  }
}
