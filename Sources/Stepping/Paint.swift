internal import Figures
internal import TextDrawing

/// How parts of the screen look. What must be told apart is told apart without colour too.
struct Paint {
  let theme: Theme
  let color: TerminalColor

  init(_ theme: Theme, _ color: TerminalColor) { (self.theme, self.color) = (theme, color) }

  /// Whether pictures and lines are ASCII.
  var isPlain: Bool { color == .none }
  /// Whether cells have a ground of their own.
  private var hasGround: Bool { color == .full || color == .palette256 }

  typealias Look = TerminalCell.Look

  var quiet: Look { Look(ink: theme.secondary) }
  var hairline: Look { Look(ink: hasGround ? theme.hairline : theme.secondary) }
  var strong: Look { Look(isBold: true) }
  var accent: Look { Look(ink: theme.accent) }
  var warning: Look { Look(ink: theme.warn, isBold: true) }
  var formula: Look { Look(ink: theme.accent) }

  var bar: Look { hasGround ? Look(ground: theme.hairline) : Look(isReversed: true) }
  var barTitle: Look {
    hasGround
      ? Look(ink: theme.text(on: theme.accent), ground: theme.accent, isBold: true)
      : Look(isBold: true, isReversed: true)
  }
  var barWarning: Look {
    hasGround
      ? Look(ink: theme.text(on: theme.warn), ground: theme.warn, isBold: true)
      : Look(isBold: true, isReversed: true)
  }
  var barQuiet: Look {
    hasGround
      ? Look(ground: theme.hairline) : Look(isReversed: true)
  }

  /// The token, station or head that is in focus.
  var focused: Look {
    hasGround
      ? Look(ink: theme.text(on: theme.accent), ground: theme.accent, isBold: true)
      : Look(isBold: true, isReversed: true)
  }
  /// The token that is looked at.
  var key: Look {
    hasGround
      ? Look(ink: theme.text(on: theme.warn), ground: theme.warn, isUnderlined: true)
      : Look(ink: theme.warn, isBold: true, isUnderlined: true)
  }
  /// A token that is looked at so much: the more, the nearer to the accent.
  func weight(_ weight: Double) -> Look {
    guard hasGround else { return Look(isBold: weight >= 0.2) }
    let ground = theme.paper.mixed(with: theme.accent, 0.85 * min(max(weight, 0), 1).squareRoot())
    return Look(ink: theme.text(on: ground), ground: ground)
  }
  /// What was changed.
  var changed: Look { Look(ink: theme.warn, isUnderlined: true) }
}
