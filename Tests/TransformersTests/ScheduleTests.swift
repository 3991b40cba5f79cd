import Foundation
import Testing
import Transformers

@Suite struct ScheduleTests {
  @Test func oneTemperatureHoldsForEveryStep() {
    for tau in [0, 0.7, .infinity] {
      #expect((0..<5).allSatisfy { Schedule(tau).temperature(step: $0, of: 5) == tau })
    }
  }

  @Test(arguments: Schedule.Shape.allCases, [1, 2, 3, 20, 1000])
  func beginsAndEndsWhereItShould(shape: Schedule.Shape, steps: Int) throws {
    let schedule = try #require(Schedule(shape, from: 1.5, to: 0.2))
    #expect(schedule.temperature(step: 0, of: steps) == 1.5)
    if steps > 1 { #expect(schedule.temperature(step: steps - 1, of: steps) == 0.2) }
    let all = (0..<steps).map { schedule.temperature(step: $0, of: steps) }
    for (a, b) in zip(all, all.dropFirst()) { #expect(a > b) }
  }

  @Test func followsItsFormula() throws {
    for step in 0..<12 {
      let x = Double(step) / 11
      let expected: [(Schedule.Shape, Double)] = [
        (.linear, 1.5 - 1.3 * x),
        (.geometric, exp(log(1.5) + x * (log(0.2) - log(1.5)))),
        (.cosine, 0.85 + 0.65 * cos(.pi * x)),
      ]
      for (shape, tau) in expected {
        let schedule = try #require(Schedule(shape, from: 1.5, to: 0.2))
        let found = schedule.temperature(step: step, of: 12)
        #expect(abs(found - tau) < 1e-11, "\(shape) at \(step)")
      }
    }
  }

  @Test func mayHeat() throws {
    let schedule = try #require(Schedule(.cosine, from: 0, to: 2))
    #expect(schedule.temperature(step: 2, of: 5) == 1)
    #expect(schedule.temperature(step: 0, of: 5) == 0)
  }

  @Test func refusesWhatIsNoSchedule() {
    #expect(Schedule(.linear, from: -1, to: 1) == nil)
    #expect(Schedule(.linear, from: 1, to: .nan) == nil)
    #expect(Schedule(.cosine, from: .infinity, to: 1) == nil)
    #expect(Schedule(.geometric, from: 1, to: 0) == nil)
    #expect(Schedule(.linear, from: 1, to: 0) != nil)
  }
}
