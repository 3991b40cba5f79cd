package import Figures

/// One cell of a terminal: a character and how it looks.
package struct TerminalCell: Equatable, Sendable {
  /// Colours, weight and marks: what a terminal is told when it changes.
  package struct Look: Equatable, Sendable {
    /// The character's colour; `nil` is the theme's ink.
    package var ink: Color?
    /// The colour behind it; `nil` is the theme's paper.
    package var ground: Color?
    package var isBold: Bool
    /// Ink and ground exchanged: a mark that needs no colour.
    package var isReversed: Bool
    package var isUnderlined: Bool

    package init(
      ink: Color? = nil, ground: Color? = nil, isBold: Bool = false, isReversed: Bool = false,
      isUnderlined: Bool = false
    ) {
      (self.ink, self.ground, self.isBold) = (ink, ground, isBold)
      (self.isReversed, self.isUnderlined) = (isReversed, isUnderlined)
    }
  }

  /// What stands in the cell; `nil` where a wide character to the left covers it.
  package var character: Character?
  package var look: Look

  package init(_ character: Character? = " ", _ look: Look = Look()) {
    (self.character, self.look) = (character, look)
  }
}
