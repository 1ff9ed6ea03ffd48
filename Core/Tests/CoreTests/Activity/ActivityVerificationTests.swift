import Testing

@testable import Core

@Suite("Verification of activity (rule G-20)")
struct ActivityVerificationTests {
  @Test("A log that nobody touched has no problems, and its head is its last line")
  func intact() {
    for seed in SplitMix.seeds {
      let story = ActivityStory(seed: seed, lines: 12)
      let heads = (0...12).map { story.head(at: $0) }
      let report = ActivityStory.report(story.entries.map(StoredActivity.readable), since: heads)
      #expect(report.isIntact, "seed \(seed): \(report.problems)")
      #expect(report.checked == 12 && report.head == story.entries.last?.head)
    }
    let empty = ActivityStory.report([])
    #expect(empty.isIntact && empty.checked == 0 && empty.head == .empty(ActivityStory.company))
  }

  @Test("A change of any byte of any field of any line is found", arguments: SplitMix.seeds)
  func singleChanges(seed: UInt64) {
    var story = ActivityStory(seed: seed, lines: 6)
    #expect(ActivityStory.problems(story.entries).isEmpty, "seed \(seed)")
    for index in story.entries.indices {
      for changed in story.entries[index].singleChanges(using: &story.random) {
        var lines = story.entries
        lines[index] = changed
        #expect(!ActivityStory.problems(lines).isEmpty, "seed \(seed): line \(index + 1) became \(changed)")
      }
    }
  }

  @Test("A line that was altered is named, and no other")
  func alteredLine() {
    let story = ActivityStory(seed: 5, lines: 9)
    var lines = story.entries
    lines[3] = lines[3].with(sentence: "Something else")
    #expect(ActivityStory.problems(lines) == ["Line 4 was altered after it was written."])
    // With its hash made to fit, the next line gives it away.
    lines[3] = ActivityStory.rehashed(Array(lines[...3]), from: 3)[3]
    #expect(
      ActivityStory.problems(lines) == [
        "Line 5 does not follow the line before it: one of them is not the one that was written."
      ])
  }

  @Test("Swapped, dropped, repeated and inserted lines are found, wherever they are", arguments: SplitMix.seeds)
  func order(seed: UInt64) {
    let story = ActivityStory(seed: seed, lines: 7)
    let strange = ActivityStory(seed: seed &+ 1, lines: 7)
    for index in story.entries.indices {
      var lines = story.entries
      lines.insert(story.entries[index], at: index)
      #expect(!ActivityStory.problems(lines).isEmpty, "seed \(seed): line \(index + 1) twice")
      lines = story.entries
      lines.insert(strange.entries[index], at: index)
      #expect(!ActivityStory.problems(lines).isEmpty, "seed \(seed): a line before \(index + 1)")
      lines = lines.enumerated().map { $1.with(position: Int64($0) + 1) }
      #expect(!ActivityStory.problems(lines).isEmpty, "seed \(seed): a line before \(index + 1), renumbered")
      guard index < 6 else { continue }
      lines = story.entries
      lines.swapAt(index, index + 1)
      #expect(!ActivityStory.problems(lines).isEmpty, "seed \(seed): \(index + 1) swapped with the next")
      lines = lines.enumerated().map { $1.with(position: Int64($0) + 1) }
      #expect(!ActivityStory.problems(lines).isEmpty, "seed \(seed): \(index + 1) swapped with the next, renumbered")
      lines = story.entries
      lines.remove(at: index)
      #expect(ActivityStory.problems(lines) == ["Line \(index + 1) is missing."], "seed \(seed)")
      lines = lines.enumerated().map { $1.with(position: Int64($0) + 1) }
      #expect(!ActivityStory.problems(lines).isEmpty, "seed \(seed): \(index + 1) dropped, renumbered")
    }
  }

  @Test("A log that was cut off or hashed anew is found against every earlier head that it concerns")
  func heads() {
    let story = ActivityStory(seed: 8, lines: 6)
    for kept in 0..<6 {
      let cut = Array(story.entries[..<kept])
      // Without a head there is nothing to see.
      #expect(ActivityStory.problems(cut).isEmpty)
      for position in 0...6 {
        let found = ActivityStory.problems(cut, since: [story.head(at: position)])
        #expect(found.isEmpty == (position <= kept), "cut after \(kept), head of \(position): \(found)")
        if position > kept, kept > 0 {
          #expect(
            found == ["The log ends with line \(kept), but the head given names line \(position): its end was cut off."]
          )
        }
      }
    }
    for altered in 0..<6 {
      var lines = story.entries
      lines[altered] = lines[altered].with(sentence: "Something else")
      lines = ActivityStory.rehashed(lines, from: altered)
      #expect(ActivityStory.problems(lines).isEmpty)
      for position in 1...6 {
        let found = ActivityStory.problems(lines, since: [story.head(at: position)])
        #expect(found.isEmpty == (position <= altered), "altered \(altered + 1), head of \(position): \(found)")
      }
    }
  }

  @Test("An emptied log, and a head whose line alone is missing, have sentences of their own")
  func lost() {
    let story = ActivityStory(seed: 9, lines: 4)
    #expect(
      ActivityStory.problems([], since: [story.head(at: 4)]) == [
        "The log is empty, but the head given names line 4: everything was cut off."
      ])
    var lines = story.entries
    lines.remove(at: 1)
    #expect(
      ActivityStory.problems(lines, since: [story.head(at: 2)]) == [
        "Line 2 is missing.", "The head given names line 2, which is missing.",
      ])
  }

  @Test("Of several heads each is held against the log")
  func severalHeads() {
    let story = ActivityStory(seed: 10, lines: 6)
    let cut = Array(story.entries[..<3])
    let found = ActivityStory.problems(cut, since: [6, 1, 5, 3].map { story.head(at: $0) })
    #expect(found.count == 2 && found[0].contains("line 5") && found[1].contains("line 6"))
    let rewritten = ActivityStory(seed: 99, lines: 6)
    #expect(ActivityStory.problems(story.entries, since: [story.head(at: 6), rewritten.head(at: 6)]).count == 1)
  }

  @Test("A head of another company or with another signature is refused, and says nothing about the log")
  func badHeads() {
    let story = ActivityStory(seed: 12, lines: 3)
    let other = SignedActivityHead(.empty(CompanyID("zeta")), signedBy: ActivityStory.sign)
    #expect(
      ActivityStory.problems(story.entries, since: [other]) == ["The head given is of company zeta, not of acme."])
    let forged = SignedActivityHead(ActivityStory(seed: 13, lines: 9).entries[8].head) { PlainSHA256.hash($0) }
    let found = ActivityStory.problems(story.entries, since: [forged])
    #expect(found.count == 1 && found[0].contains("master key"))
  }

  @Test("A line of another company is named; so is one that cannot be read")
  func strangeLines() {
    let story = ActivityStory(seed: 14, lines: 4)
    var lines = story.entries.map(StoredActivity.readable)
    lines[1] = .unreadable(position: 2)
    let report = ActivityStory.report(lines, since: [story.head(at: 2), story.head(at: 4)])
    #expect(report.problems == ["Line 2 cannot be read: it holds values that are never written."])
    #expect(report.checked == 4)
    let moved = ActivityStory.problems([story.entries[0].with(companyID: CompanyID("zeta"))])
    #expect(moved.first == "Line 1 belongs to company zeta, not to acme." && moved.count == 2)
  }

  @Test("Positions at the ends of the range do not trap")
  func extremes() {
    let entry = ActivityStory(seed: 15, lines: 1).entries[0]
    let lines = [Int64.min, 0, -1, .max, .max].map { entry.with(position: $0) }
    #expect(ActivityStory.problems(lines).count >= lines.count)
  }

  @Test("However much is wrong, a report stays short and counts the rest")
  func manyProblems() {
    let entry = ActivityStory(seed: 16, lines: 1).entries[0]
    let report = ActivityStory.report((2...400).map { .readable(entry.with(position: $0, previousHash: entry.hash)) })
    #expect(report.problems.count == ActivityVerification.mostProblems)
    // 399 altered lines and the missing first.
    #expect(report.problems.count + report.omittedProblems == 400)
  }
}
