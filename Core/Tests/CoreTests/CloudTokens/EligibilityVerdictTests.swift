import Core
import Testing

@Suite("How a company stands with the rules of self-service")
struct EligibilityVerdictTests {
  private typealias Subscription = PlatformAccount.Subscription

  private func verdicts(_ accounts: [[Subscription]], tokens: Int64 = 100) -> [EligibilityVerdict] {
    var story = CompanyStory()
    story.contract(tokens, from: 0, to: 1_000)
    for subscriptions in accounts { story.account(subscriptions) }
    return Eligibility.verdicts(
      facts: story.facts, timeline: CompanyTimeline(story.facts), at: CompanyStory.at(hour: 1), branding: Branding())
  }

  @Test("E-1 to E-4: a company that may provision reads why, rule by rule")
  func met() {
    let found = verdicts([[Subscription(isEnterprise: true, isActive: true, priceListYear: 26)]])
    #expect(found.map(\.rule) == EligibilityVerdict.Rule.allCases)
    #expect(found.allSatisfy { $0.finding == .met })
    #expect(
      found.map(\.sentence) == [
        "100 Cloud Tokens are available.",
        "The subscription is based on the FY26 price list; FY21 or newer is needed.",
        "The company has exactly one platform account.",
        "The company has exactly one active enterprise subscription.",
      ])
  }

  @Test("E-2: without an active subscription there is no price list to judge, and E-4 says what is missing")
  func open() {
    let found = verdicts([[]])
    #expect(found.map(\.finding) == [.met, .open, .met, .unmet])
    #expect(found[3].sentence.contains("We couldn't retrieve your correct platform account"))
  }

  @Test("E-1 to E-4: what is unmet is exactly what self-service is refused for, in the same words")
  func agrees() {
    let subscriptions = [true, false].flatMap { enterprise in
      [true, false].flatMap { active in
        [20, 21, 26].map { Subscription(isEnterprise: enterprise, isActive: active, priceListYear: $0) }
      }
    }
    var compared = 0
    for first in subscriptions {
      for accounts in [[], [[]], [[first]], [[first, first]], [[first], [first]]] {
        var story = CompanyStory()
        story.contract(1, from: 0, to: 1_000)
        for subscriptions in accounts { story.account(subscriptions) }
        let reasons = Eligibility.reasons(
          facts: story.facts, timeline: CompanyTimeline(story.facts), asking: 1, at: CompanyStory.at(hour: 1),
          branding: Branding())
        let unmet = verdicts(accounts, tokens: 1).filter { $0.finding == .unmet }
        #expect(unmet.map(\.sentence) == reasons.map(\.sentence))
        compared += reasons.count
      }
    }
    #expect(compared > 0)
  }
}
