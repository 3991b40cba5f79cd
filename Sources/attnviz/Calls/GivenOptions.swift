import ArgumentParser
import Explanations
import Files
import Transformers

/// The options that a call was given, by their names without dashes: what must be said to make the
/// same figure again. Paths, texts and models are no part of it; what is the default anyway, neither.
///
/// They are read off the declared options themselves, so that no option can be forgotten here.
enum GivenOptions {
  /// The options of a parsed command, sorted by name.
  static func members(of command: some ParsableArguments) throws -> [JSON.Member] {
    let usual = members(in: try LookOptions.parse([]))
    return members(in: command)
      .filter { member in !usual.contains { $0 == member } }
      .sorted { $0.key < $1.key }
  }

  /// Options that say where figures come from and go, and what is told meanwhile.
  static let elsewhere: Set<String> = [
    "against", "alt", "color", "comparisons", "format", "json", "list", "log", "output", "plain",
    "trace", "vectors",
  ]

  private static func members(in arguments: any ParsableArguments) -> [JSON.Member] {
    if arguments is TextOptions || arguments is ModelOptions || arguments is CommonOptions {
      return []
    }
    if let place = arguments as? HeadOptions { return members(of: place) }
    return Mirror(reflecting: arguments).children.flatMap { child -> [JSON.Member] in
      if let group = child.value as? any OptionsInside { return members(in: group.inside) }
      guard let option = child.value as? any ValueInside, let label = child.label else { return [] }
      let name = name(label)
      guard !elsewhere.contains(name), let value = json(option.inside) else { return [] }
      return [JSON.Member(name, value)]
    }
  }

  /// A layer and head, however they were written.
  private static func members(of place: HeadOptions) -> [JSON.Member] {
    let (layer, head) = (try? place.resolved()) ?? (nil, nil)
    let ofLayer = layer.map { [JSON.Member("layer", .integer($0))] } ?? []
    if place.isMean { return ofLayer + [JSON.Member("head", "mean")] }
    return ofLayer + (head.map { [JSON.Member("head", .integer($0))] } ?? [])
  }

  /// `_noSpecial` is `no-special`.
  private static func name(_ label: String) -> String {
    let letters = label.drop { $0 == "_" }.map { $0.isUppercase ? "-" + $0.lowercased() : "\($0)" }
    let name = letters.joined()
    return name == "places" ? "attention-tau" : name
  }

  /// A value as files keep it; `nil` for what was not given.
  private static func json(_ value: Any) -> JSON? {
    switch value {
    case let value as any GivenValue: value.given
    case let flag as Bool:
      // A flag that can only be set is false when it was not given.
      flag || Mirror(reflecting: value).displayStyle == .optional ? .bool(flag) : nil
    case let number as Int: .integer(number)
    case let number as UInt64:
      number <= Int.max ? .integer(Int(number)) : .string("\(number)")
    case let number as Double: .number(number)
    case let text as String: .string(text)
    case let choice as any RawRepresentable: (choice.rawValue as? String).map(JSON.string)
    case let list as [AttentionTemperatureArgument]:
      list.isEmpty ? nil : .array(list.map(\.given))
    case let list as [SilentHead]:
      list.isEmpty ? nil : .array(list.map { .string($0.head.description) })
    case let list as [String]: list.isEmpty ? nil : .array(list.map(JSON.string))
    default: nil
    }
  }
}

/// An option or a flag, whatever its type.
private protocol ValueInside {
  var inside: Any { get }
}

extension Option: ValueInside {
  fileprivate var inside: Any { wrappedValue }
}

extension Flag: ValueInside {
  fileprivate var inside: Any { wrappedValue }
}

/// A group of options, whatever its type.
private protocol OptionsInside {
  var inside: any ParsableArguments { get }
}

extension OptionGroup: OptionsInside {
  fileprivate var inside: any ParsableArguments { wrappedValue }
}

// MARK: values that are written in a way of their own

private protocol GivenValue {
  var given: JSON { get }
}

extension Length: GivenValue {
  fileprivate var given: JSON { .string("\(points)pt") }
}

extension TemperatureList: GivenValue {
  fileprivate var given: JSON { .array(values.map { JSON(temperature: $0) }) }
}

extension TemperatureArgument: GivenValue {
  fileprivate var given: JSON { JSON(temperature: value) }
}

extension TokenNumbers: GivenValue {
  fileprivate var given: JSON { .array(ids.map(JSON.integer)) }
}

extension ScreenSize: GivenValue {
  fileprivate var given: JSON { .string("\(columns)x\(rows)") }
}

extension HeadOrAll: GivenValue {
  fileprivate var given: JSON {
    switch self {
    case .all: "all"
    case .one(let place): place.given
    }
  }
}

extension HeadReference: GivenValue {
  fileprivate var given: JSON {
    if isMean { return "mean" }
    if let plain { return .integer(plain) }
    return .string((layer.map { "L\($0)" } ?? "") + (head.map { "H\($0)" } ?? ""))
  }
}

extension HeadList: GivenValue {
  fileprivate var given: JSON { .array(places.map { .string("L\($0.layer)H\($0.head)") }) }
}

extension AnnealingArgument: GivenValue {
  fileprivate var given: JSON {
    .string("\(schedule.shape?.rawValue ?? ""):\(schedule.first)..\(schedule.last)")
  }
}

extension AttentionTemperatureArgument: GivenValue {
  fileprivate var given: JSON {
    let tau = "\(temperature)"
    guard layers != nil || head != nil else { return .string(tau) }
    let ends = layers.map { [$0.lowerBound, $0.upperBound] } ?? []
    let places = Set(ends).sorted().map(String.init).joined(separator: "-")
    return .string(
      tau + "@" + (ends.isEmpty ? "" : "L" + places) + (head.map { "H\($0)" } ?? ""))
  }
}
