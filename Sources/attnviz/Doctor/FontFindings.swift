import Drawing
import Figures
import Files

/// The fonts: which families are there, what is drawn, which scripts have none.
enum FontFindings {
  static var all: [Finding] {
    let sample = "abcxyzABCXYZ0123456789"
    if Fonts.missing(in: sample) != nil {
      return [
        Finding(
          "fonts", "letters", .problem, "no font has the letters of English",
          advice: "install fonts: \(install(["fonts-inter", "fonts-dejavu-core"]))")
      ]
    }
    return [
      family("words and numbers", Font(size: 12), package: "fonts-inter"),
      family("formulas", Font(.formula, size: 12), package: "fonts-stix"),
      scripts,
    ]
  }

  /// What stands for the family that figures want.
  private static func family(_ use: String, _ font: Font, package: String) -> Finding {
    let drawn = Fonts.family(of: font)
    let wanted = Fonts.wanted(for: font)
    let names = wanted.dropLast().map { "\($0.family)\($0.isThere ? "" : " (not there)")" }
    let isFirst = wanted.first?.isThere == true
    let fact = isFirst ? drawn : "\(drawn) is drawn; wanted: \(names.joined(separator: ", "))"
    return Finding(
      "fonts", use, isFirst ? .ok : .warning, fact,
      advice: isFirst ? nil : "install \(wanted.first?.family ?? ""): \(install([package]))",
      [
        JSON.Member("drawn", .string(drawn)),
        JSON.Member(
          "wanted",
          .array(
            wanted.dropLast().map { ["family": .string($0.family), "there": .bool($0.isThere)] })),
      ])
  }

  /// A few characters of the scripts that people ask about.
  private static let samples = [
    ("Latin", "aéßłş"), ("Greek", "αβτΣ"), ("Cyrillic", "аБя"), ("Arabic", "مرحبا"),
    ("Hebrew", "שלום"), ("Devanagari", "नमस्ते"), ("Thai", "สวัสดี"), ("Chinese", "東京"),
    ("Japanese", "ひカ"), ("Korean", "한글"), ("mathematics", "∑√∞≤"), ("emoji", "🙂"),
  ]

  private static var scripts: Finding {
    let missing = samples.compactMap { name, text in Fonts.missing(in: text).map { (name, $0) } }
    let details = JSON.Member("missing", .array(missing.map { .string($0.0) }))
    guard !missing.isEmpty else {
      let names = samples.map(\.0).joined(separator: ", ")
      return Finding("fonts", "scripts", .ok, names, [details])
    }
    let packages = Set(missing.map(\.1.package)).sorted()
    return Finding(
      "fonts", "scripts", .warning,
      "drawn as boxes: \(missing.map(\.0).joined(separator: ", "))",
      advice: "install fonts: \(install(packages))", [details])
  }

  private static func install(_ packages: [String]) -> String {
    "apt-get install \(packages.joined(separator: " ")) on Debian and Ubuntu"
  }
}
