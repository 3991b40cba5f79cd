import Analysis
import Explanations
import Figures
import Tensors
import TextDrawing

/// A distribution at several temperatures as a table for the terminal.
struct TemperatureTable {
  private let report: TemperatureReport
  private let effect: AttentionEffect?
  private let color: TerminalColor

  init(_ report: TemperatureReport, effect: AttentionEffect? = nil, color: TerminalColor) {
    self.report = report
    self.effect = effect
    self.color = color
  }

  /// The lines.
  var text: String {
    [heading, table, tie + melting + "\n" + kinship, check, changes].compactMap(\.self)
      .joined(separator: "\n")
  }

  private var heading: String {
    let states = report.subject.distribution.support
    let noun = report.subject.noun
    return color.bold(capitalised(report.subject.subject)) + "\n"
      + color.quiet(
        "\(report.subject.model) · softmax over \(states == 1 ? "one \(noun)" : "all \(NumberFormat.count(states)) \(noun)s") · "
          + "p(τ) = exp(z/τ) / Σ exp(z/τ)") + "\n"
  }

  private var table: String {
    let taus = report.lines.map { "τ = \(NumberFormat.temperature($0.temperature))" }
    let columns = report.lines.indices
    var rows = report.states.enumerated().map { index, state in
      [report.subject.name(of: state), number(report.subject.distribution.logits[state], 3)]
        + columns.map { probability(report.lines[$0].probabilities[index], $0) }
    }
    if report.others > 0 {
      let name = "\(NumberFormat.count(report.others)) others"
      rows.append([name, ""] + columns.map { probability(report.lines[$0].rest, $0) })
    }
    rows.append(Array(repeating: "", count: 2 + columns.count))
    rows.append(
      ["entropy H = S, nats", ""] + cells { NumberFormat.amount($0.entropy, isExact: isExact($0)) })
    rows.append(["perplexity eᴴ", ""] + cells { perplexity($0) })
    rows.append(["hold nine tenths", ""] + cells { NumberFormat.count($0.sizeOfSet) })
    rows.append(["mean energy ⟨E⟩", ""] + cells { quantity($0.gibbs.meanEnergy, $0) })
    rows.append(["free energy F = −τ ln Z", ""] + cells { quantity($0.gibbs.freeEnergy, $0) })
    rows.append(["heat capacity C", ""] + cells { quantity($0.gibbs.heatCapacity, $0) })
    return Table(
      [report.subject.noun, value] + taus, rows, right: Set(1...columns.count + 1)
    ).text
  }

  private func cells(_ text: (TemperatureReport.Line) -> String) -> [String] {
    report.lines.map(text)
  }

  private func perplexity(_ line: TemperatureReport.Line) -> String {
    let value = line.perplexity
    return isExact(line) && value < 1e9
      ? NumberFormat.count(Int(value)) : NumberFormat.amount(value, decimals: 2)
  }

  /// Whether 0 and 1 at a temperature are exact and not rounded to.
  private func isExact(_ line: TemperatureReport.Line) -> Bool {
    line.temperature == 0 || line.temperature == .infinity
      || report.subject.distribution.support == 1
  }

  /// A quantity with its sign; a 0 that is one as "0".
  private func quantity(_ value: Double, _ line: TemperatureReport.Line) -> String {
    guard value.isFinite, value != 0 || !isExact(line) else { return NumberFormat.score(value) }
    return (value < 0 ? "−" : "") + NumberFormat.amount(abs(value), isExact: false)
  }

  private func probability(_ value: Double, _ column: Int) -> String {
    NumberFormat.share(value, isExact: isExact(report.lines[column]))
  }

  private func number(_ value: Double, _ decimals: Int) -> String {
    value.isFinite && value != 0
      ? NumberFormat.fixed(value, decimals: decimals) : NumberFormat.score(value)
  }

  /// The tie at τ = 0, when there is one.
  private var tie: String {
    let ties = report.subject.distribution.ties
    guard ties > 1 else { return "" }
    return
      "\(NumberFormat.count(ties)) \(report.subject.noun)s tie for the largest \(value): at τ = 0 "
      + "they share the mass. "
  }

  /// What enters the softmax.
  private var value: String { report.subject.noun == "token" ? "logit z" : "score α" }

  /// Where the distribution melts, in words.
  private var melting: String {
    let peaks = report.peaks
    guard let highest = peaks.max(by: { $0.heatCapacity < $1.heatCapacity }) else {
      return "Nothing melts: C has no maximum at any τ."
    }
    let place = "τ = \(NumberFormat.temperature(highest.temperature))"
    let more = peaks.count > 1 ? ", the highest of \(peaks.count) maxima" : ""
    return
      "This distribution melts at \(place), where C = \(number(highest.heatCapacity, 2))\(more): "
      + "a Schottky peak of finitely many states, no phase transition."
  }

  /// Which is Gibbs and which is Maxwell–Boltzmann.
  private var kinship: String {
    "A softmax is a Gibbs distribution: p only falls with E. A rise and fall like Maxwell–Boltzmann’s "
      + "comes from the density of states, g(E) e^(−E/τ): attnviz draw density."
  }

  /// What a temperature inside attention changes.
  private var changes: String? {
    guard let effect else { return nil }
    let rows = effect.states(5).map { state in
      [
        state.name, NumberFormat.probability(state.own, isExact: false),
        NumberFormat.probability(state.changed, isExact: false),
      ]
    }
    let table = Table(
      [report.subject.noun, "the model’s own", "with τ inside attention"], rows, right: [1, 2])
    return color.bold("What the temperature inside attention changes") + "\n" + table.text
      + effect.sentences.joined(separator: " ") + "\n"
  }

  private var check: String {
    let error =
      report.freeEnergyError == 0
      ? "exactly" : "to a relative \(NumberFormat.scientific(report.freeEnergyError, decimals: 0))"
    return color.quiet(
      "Energies are E = z_max − z. p, H and C do not depend on that zero; ⟨E⟩ and F do. "
        + "F and ⟨E⟩ − τS agree \(error).") + "\n"
  }

  private func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
