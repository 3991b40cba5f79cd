/// The strengths of policies that were compared, with their uncertainty.
struct PreferencePolicies {
  private let policies: [Preference.Policy]
  private let style: Style

  private static let pitch = 13.0

  init(_ policies: [Preference.Policy], in style: Style) {
    self.policies = policies
    self.style = style
  }

  private var theme: Theme { style.theme }
  private var hasElo: Bool { policies.contains { $0.elo != nil } }
  private var hasErrors: Bool { policies.contains { $0.error != nil } }

  /// Nothing where nothing was compared.
  var panel: PlotPanel? {
    guard !policies.isEmpty else { return nil }
    return PlotPanel(
      "policies", "Strengths from comparisons",
      [
        .text(
          "dot: Bradley–Terry" + (hasErrors ? " with its 95 % interval" : "")
            + (hasElo ? "; ring: Elo in the order of the file" : "") + "; 400 are odds of 10 to 1")
      ], height: Self.pitch * Double(policies.count), marks: marks)
  }

  private func marks(_ area: Rectangle) -> [Mark] {
    let names = policies.map { style.measure.shortened($0.name, .note, to: 0.3 * area.size.width) }
    let side = (names.map { style.measure($0, .note).width }.max() ?? 0) + 8
    let numbers = policies.map(number)
    let right = (numbers.map { style.measure($0, .note).width }.max() ?? 0) + 8
    let frame = Rectangle(
      x: area.minX + side, y: area.minY, width: max(area.size.width - side - right, 20),
      height: area.size.height)
    let ends = policies.flatMap { policy -> [Double] in
      let reach = 1.96 * (policy.error ?? 0)
      return [policy.strength - reach, policy.strength + reach] + (policy.elo.map { [$0] } ?? [])
    }.filter(\.isFinite)
    let range = PreferencePairs.range(ends).0
    let plot = PlotFrame(frame, x: range, y: 0...1, in: style)
    let ticks = plot.linearTicks(about: 5)
    let verticals = ticks.map { plot.x($0.value) }.flatMap { x -> [Path.Step] in
      [.move(Point(x, frame.minY)), .line(Point(x, frame.maxY))]
    }
    var marks: [Mark] = [.path(Path(verticals, stroke: .init(theme.hairline, width: 0.35)))]
    for (index, policy) in policies.enumerated() {
      let y = area.minY + Self.pitch * (Double(index) + 0.5)
      let baseline = y + 0.364 * 6
      marks.append(
        .text(
          Text(
            names[index], font: .note, color: theme.ink,
            at: Point(frame.minX - 8, baseline), alignment: .end)))
      if let error = policy.error, error.isFinite {
        let ends = [-1.96, 1.96].map { Point(plot.x(policy.strength + $0 * error), y) }
        marks.append(.line(ends, .init(theme.accent, width: 1)))
      }
      if let elo = policy.elo {
        marks.append(
          .dot(
            at: Point(plot.x(elo), y), radius: 2.6, fill: theme.paper,
            stroke: .init(theme.secondary, width: 0.8)))
      }
      marks.append(.marker(at: Point(plot.x(policy.strength), y), theme.accent, in: theme))
      marks.append(
        .text(
          Text(
            numbers[index], font: .note, color: theme.secondary,
            at: Point(area.maxX, baseline), alignment: .end)))
    }
    return marks + plot.bottomAxis(ticks, title: ["rating"])
  }

  private func number(_ policy: Preference.Policy) -> String {
    let strength = NumberFormat.count(Int(policy.strength.rounded()))
    return strength
      + (policy.error.map { " ± \(NumberFormat.count(Int((1.96 * $0).rounded())))" } ?? "")
      + " (\(NumberFormat.count(policy.comparisons)))"
  }

  var declarations: [String] {
    policies.isEmpty ? [] : ["In brackets: in how many comparisons a policy stood."]
  }
}
