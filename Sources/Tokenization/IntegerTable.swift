/// A hash table from integers to integers: open addressing, and a multiplier that is new for
/// every table, so that a file cannot aim for collisions.
struct IntegerTable<
  Key: UnsignedInteger & FixedWidthInteger & Sendable,
  Value: UnsignedInteger & FixedWidthInteger & Sendable
>: Sendable {
  private struct Slot {
    var key: Key
    var value: Value
  }

  private var slots: [Slot]
  private var shift: UInt64
  private var count = 0
  private let multiplier = UInt64.random(in: 0 ... .max) | 1

  /// The key of an empty slot; no caller uses it.
  private static var none: Key { .max }

  /// Makes room for `capacity` keys.
  init(capacity: Int = 8) {
    var bits: UInt64 = 4
    while (1 << bits) < capacity * 2 { bits += 1 }
    slots = Array(repeating: Slot(key: Self.none, value: 0), count: 1 << bits)
    shift = 64 - bits
  }

  /// The value of `key`.
  subscript(key: Key) -> Value? {
    let slot = slots[place(of: key)]
    return slot.key == key ? slot.value : nil
  }

  /// Sets the value of `key`.
  mutating func set(_ key: Key, _ value: Value) {
    let place = place(of: key)
    if slots[place].key == Self.none { count += 1 }
    slots[place] = Slot(key: key, value: value)
    if count * 2 > slots.count { grow() }
  }

  /// Where `key` is, or would be.
  private func place(of key: Key) -> Int {
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: (UInt64(key) &* multiplier) >> shift)
    while slots[place].key != key, slots[place].key != Self.none { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    var larger = IntegerTable(capacity: slots.count)
    for slot in slots where slot.key != Self.none { larger.set(slot.key, slot.value) }
    self = larger
  }
}
