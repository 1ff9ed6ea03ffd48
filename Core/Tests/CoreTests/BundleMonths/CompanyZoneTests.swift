import Core
import Testing

@Suite("Time zones of companies")
struct CompanyZoneTests {
  @Test(
    "P-2: IANA names and UTC are zones",
    arguments: ["UTC", "Europe/Amsterdam", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Europe/Kyiv"])
  func names(identifier: String) {
    #expect(CompanyZone(identifier)?.identifier == identifier)
  }

  @Test(
    "P-2: abbreviations, bare offsets, unknown and overlong names are not",
    arguments: [
      "", "CET", "EST", "GMT+0530", "Mars/Phobos", "europe", "Europe/Amsterdam ", "../../etc/passwd",
      "Europe/" + String(repeating: "A", count: 100),
    ])
  func refused(identifier: String) {
    #expect(CompanyZone(identifier) == nil)
  }

  @Test("P-2: the list to choose from begins with UTC, and every name on it is a zone")
  func identifiers() {
    let identifiers = CompanyZone.identifiers
    #expect(identifiers.first == "UTC")
    #expect(identifiers.contains("Pacific/Apia"))
    #expect(identifiers.count > 300)
    #expect(identifiers.filter { CompanyZone($0) == nil } == [])
  }

  @Test("Zones with one name are equal, with different names are not")
  func equality() throws {
    #expect(try #require(CompanyZone("UTC")) == .utc)
    #expect(try #require(CompanyZone("Etc/UTC")) != .utc)
    #expect(CompanyZone.utc.hashValue == CompanyZone("UTC")?.hashValue)
  }

  @Test("Days and their first instants agree with walking through time", arguments: ReferenceZone.names)
  func walking(name: String) throws {
    let reference = ReferenceMonths(zoneNamed: name)
    let zone = try #require(CompanyZone(name))
    for day in reference.calendar.days where 2010...2018 ~= day.year {
      let number = reference.calendar.number(day)
      let beginning = try #require(reference.beginning(of: number))
      try #require(zone.firstInstant(of: LocalDay(number: number)) == beginning, "\(name) \(day.text)")
    }
  }

  @Test("The date around every change of clocks is that of the law", arguments: ReferenceZone.names)
  func aroundChanges(name: String) throws {
    let calendar = ReferenceCalendar(through: .init(year: 2020, month: 1, day: 31))
    let reference = ReferenceZone.named(name, calendar)
    let zone = try #require(CompanyZone(name))
    let someMinuteOf2012 = 22_500_000
    for around in reference.changes.map(\.at) + [someMinuteOf2012] {
      for minute in stride(from: around - 1_500, through: around + 1_500, by: 1) {
        let expected = calendar.days[(minute + reference.offset(atMinute: minute)) / 1_440]
        let day = zone.day(of: Instant(milliseconds: Int64(minute) * 60_000))
        guard day.year == expected.year, day.month == expected.month, day.day == expected.day else {
          Issue.record("\(name), minute \(minute): \(day) is not \(expected.text)")
          return
        }
      }
    }
  }

  @Test("One millisecond before a day begins it is another day")
  func lastMillisecond() throws {
    let zone = try #require(CompanyZone("America/Sao_Paulo"))
    // Clocks went from 23:59:59 to 01:00:00.
    let day = try #require(LocalDay(iso: "2018-11-04"))
    let start = zone.firstInstant(of: day)
    #expect(start.utcText == "2018-11-04T03:00:00.000Z")
    #expect(zone.day(of: start) == day)
    #expect(zone.day(of: start.adding(milliseconds: -1)).description == "2018-11-03")
  }

  @Test("Days before 1970 and after 2100 have a first instant too")
  func farAway() throws {
    let zone = try #require(CompanyZone("Europe/Amsterdam"))
    for text in ["1901-03-05", "1969-12-31", "2101-07-01", "2399-01-31"] {
      let day = try #require(LocalDay(iso: text))
      let start = zone.firstInstant(of: day)
      #expect(zone.day(of: start) == day)
      #expect(zone.day(of: start.adding(milliseconds: -1)) == day.adding(days: -1))
    }
  }

  @Test("Instants, days and months beyond the calendar count as its ends", arguments: ReferenceZone.names)
  func ends(name: String) throws {
    let zone = try #require(CompanyZone(name))
    #expect(10_000 > zone.day(of: Instant(milliseconds: .max)).year)
    #expect(zone.day(of: Instant(milliseconds: .min)).year <= 1)
    #expect(zone.firstInstant(of: LocalDay(number: .max)) > zone.firstInstant(of: LocalDay(number: .min)))
    let months = BundleMonths(activatedAt: Instant(milliseconds: 1_795_245_406_007), zone: zone)
    #expect(months.month(.max).index == BundleMonths.lastIndex)
    #expect(months.month(containing: Instant(milliseconds: .max)).index <= BundleMonths.lastIndex)
  }

  @Test("Local days count like a calendar on the wall")
  func localDays() {
    let calendar = ReferenceCalendar(through: .init(year: 2101, month: 12, day: 31))
    for (number, day) in calendar.days.enumerated() {
      let local = LocalDay(number: number)
      guard local.description == day.text, LocalDay(year: day.year, month: day.month, day: day.day) == local else {
        Issue.record("day \(number) is \(local), not \(day.text)")
        return
      }
    }
  }

  @Test(
    "Dates that do not exist are not read", arguments: ["2026-02-29", "2026-13-01", "2026-1-01", "x", "2026-00-10"])
  func unreadable(text: String) {
    #expect(LocalDay(iso: text) == nil)
  }

  @Test("An instant reads as UTC with milliseconds")
  func utcText() {
    #expect(Instant(milliseconds: 1_795_245_406_007).utcText == "2026-11-21T07:16:46.007Z")
    #expect(Instant(milliseconds: -1).utcText == "1969-12-31T23:59:59.999Z")
  }
}

@Suite("The refill rule in words")
struct RefillRuleTests {
  @Test(
    "R-3, B-3: it names day, time and zone, and says what happens in shorter months",
    arguments: [
      (1, "on the 1st, 00:00 Europe/Amsterdam"), (2, "on the 2nd, 00:00 Europe/Amsterdam"),
      (3, "on the 3rd, 00:00 Europe/Amsterdam"), (11, "on the 11th, 00:00 Europe/Amsterdam"),
      (12, "on the 12th, 00:00 Europe/Amsterdam"), (13, "on the 13th, 00:00 Europe/Amsterdam"),
      (21, "on the 21st, 00:00 Europe/Amsterdam"), (22, "on the 22nd, 00:00 Europe/Amsterdam"),
      (23, "on the 23rd, 00:00 Europe/Amsterdam"), (28, "on the 28th, 00:00 Europe/Amsterdam"),
      (29, "on the 29th, or on the last day of a shorter month, 00:00 Europe/Amsterdam"),
      (30, "on the 30th, or on the last day of a shorter month, 00:00 Europe/Amsterdam"),
      (31, "on the last day of the month, 00:00 Europe/Amsterdam"),
    ])
  func sentence(day: Int, sentence: String) throws {
    let zone = try #require(CompanyZone("Europe/Amsterdam"))
    #expect(RefillRule(dayOfMonth: day, zone: zone).sentence == sentence)
  }

  @Test("R-3: the day is that of the activation in the company's zone")
  func localDate() throws {
    let kathmandu = try #require(CompanyZone("Asia/Kathmandu"))
    // 19:00 UTC on the 11th is 00:45 on the 12th there.
    let months = BundleMonths(activatedAt: Instant(milliseconds: 1_770_836_400_000), zone: kathmandu)
    #expect(RefillRule(months).sentence == "on the 12th, 00:00 Asia/Kathmandu")
  }
}
