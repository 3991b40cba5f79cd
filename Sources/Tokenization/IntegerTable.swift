/// A hash table from 64-bit keys to 64-bit values: open addressing, a multiplier that is new in
/// every process so that a file cannot aim for collisions.
struct IntegerTable: Sendable {
  private struct Slot {
    var key: UInt64
    var value: UInt64
  }

  /// The key of an empty slot; no caller uses it.
  private static let none = UInt64.max

  private var slots: [Slot]
  private var shift: UInt64
  private(set) var count = 0
  private let multiplier = UInt64.random(in: 0 ... .max) | 1

  /// Makes room for `capacity` keys.
  init(capacity: Int = 8) {
    var bits: UInt64 = 4
    while (1 << bits) < capacity * 2 { bits += 1 }
    slots = Array(repeating: Slot(key: Self.none, value: 0), count: 1 << bits)
    shift = 64 - bits
  }

  /// The value of `key`.
  subscript(key: UInt64) -> UInt64? {
    let slot = slots[place(of: key)]
    return slot.key == key ? slot.value : nil
  }

  /// Sets the value of `key`.
  mutating func set(_ key: UInt64, _ value: UInt64) {
    let place = place(of: key)
    if slots[place].key == Self.none { count += 1 }
    slots[place] = Slot(key: key, value: value)
    if count * 2 > slots.count { grow() }
  }

  /// Where `key` is, or would be.
  private func place(of key: UInt64) -> Int {
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: (key &* multiplier) >> shift)
    while slots[place].key != key, slots[place].key != Self.none { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    var larger = IntegerTable(capacity: slots.count)
    for slot in slots where slot.key != Self.none { larger.set(slot.key, slot.value) }
    self = larger
  }
}
