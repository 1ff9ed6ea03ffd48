import Core
import Testing

@Suite("Who may use self-service")
struct EligibilityTests {
  private typealias Subscription = PlatformAccount.Subscription
  private let enterprise = Subscription(isEnterprise: true, isActive: true, priceListYear: 26)

  private func story(tokens: Int64 = 100) -> CompanyStory {
    var story = CompanyStory()
    story.contract(tokens, from: 0, to: 1_000)
    return story
  }

  private func reasons(
    _ story: CompanyStory, asking: CloudTokens = 1, branding: Branding = Branding()
  ) -> [IneligibilityReason] {
    Eligibility.reasons(
      facts: story.facts, timeline: CompanyTimeline(story.facts), asking: asking, at: CompanyStory.at(hour: 1),
      branding: branding)
  }

  private func reasons(accounts: [[Subscription]]) -> [IneligibilityReason] {
    var story = story()
    for subscriptions in accounts { story.account(subscriptions) }
    return reasons(story)
  }

  @Test("E-6: a company with the account it starts with may provision")
  func fresh() throws {
    var story = story()
    let day = try #require(LocalDay(iso: "2026-11-21"))
    story.accounts = [.fresh(id: Identifier("a"), companyID: story.company.id, on: day)]
    #expect(story.accounts[0].subscriptions == [enterprise])
    #expect(reasons(story, asking: 100).isEmpty)
  }

  @Test("E-1: the last token may be asked for, one more may not")
  func tokens() {
    var story = story()
    story.account([enterprise])
    story.resource(30, at: 0)
    #expect(reasons(story, asking: 70).isEmpty)
    #expect(
      reasons(story, asking: 71) == [
        IneligibilityReason(
          .insufficientTokens,
          "This needs 71 Cloud Tokens, but your company has 70 Cloud Tokens available: 1 Cloud Token too few.")
      ])
  }

  @Test("E-1, T-5: where allocations exceed the contracts nothing may be provisioned, and the sentence says so")
  func shortfall() {
    var story = story(tokens: 10)
    story.account([enterprise])
    story.resource(1_210, at: 0)
    #expect(
      reasons(story).map(\.sentence) == [
        "This needs 1 Cloud Token, but none are available: your resources hold 1,200 Cloud Tokens more than your "
          + "contracts grant."
      ])
  }

  @Test("E-2: FY21 is new enough, FY20 is not")
  func priceList() {
    #expect(reasons(accounts: [[Subscription(isEnterprise: true, isActive: true, priceListYear: 21)]]).isEmpty)
    let old = reasons(accounts: [[Subscription(isEnterprise: true, isActive: true, priceListYear: 20)]])
    #expect(old.map(\.condition) == [.outdatedPriceList])
    #expect(
      old[0].sentence
        == "Your subscription is based on the FY20 price list; self-service needs the FY21 price list or newer.")
    #expect(
      reasons(accounts: [[Subscription(isEnterprise: true, isActive: true, priceListYear: 9)]])[0].sentence
        .contains("FY09"))
    #expect([5, 21, 100].map(Subscription.priceList) == ["FY05", "FY21", "FY100"])
  }

  @Test("E-2: what is no longer active, or is not the enterprise subscription, is not judged")
  func judged() {
    let ended = Subscription(isEnterprise: true, isActive: false, priceListYear: 12)
    let other = Subscription(isEnterprise: false, isActive: true, priceListYear: 12)
    #expect(reasons(accounts: [[ended, other, enterprise]]).isEmpty)
  }

  @Test("E-3: one platform account, not none and not two")
  func accounts() {
    #expect(reasons(accounts: [[enterprise], []]).map(\.condition) == [.notASingleAccount])
    #expect(reasons(accounts: [[enterprise], []])[0].sentence.contains("has 2 platform accounts"))
    #expect(reasons(accounts: []).map(\.condition) == [.notASingleAccount, .noEnterpriseSubscription])
  }

  @Test("E-4: without an active enterprise subscription the page shows the given text, word for word")
  func verbatim() {
    let ended = Subscription(isEnterprise: true, isActive: false, priceListYear: 26)
    let team = Subscription(isEnterprise: false, isActive: true, priceListYear: 26)
    for subscriptions in [[], [ended], [team]] {
      #expect(
        reasons(accounts: [subscriptions]) == [
          IneligibilityReason(
            .noEnterpriseSubscription,
            "We couldn't retrieve your correct platform account, which is required to access available tokens and create resources. Please contact Mendix Support for assistance."
          )
        ])
    }
  }

  @Test("E-4: the text names the installation's own support")
  func branded() {
    var story = story()
    story.account([])
    let sentence = reasons(story, branding: Branding(support: "the Acme help desk"))[0].sentence
    #expect(sentence.hasSuffix("Please contact the Acme help desk for assistance."))
    #expect(!sentence.contains("Mendix"))
  }

  @Test("E-4: several active enterprise subscriptions have a sentence of their own")
  func several() {
    let found = reasons(accounts: [[enterprise, enterprise]])
    #expect(found.map(\.condition) == [.severalEnterpriseSubscriptions])
    #expect(found[0].sentence.contains("2 active enterprise subscriptions"))
  }

  @Test("E-1 to E-4: all reasons are reported together, in order, each with its own sentence")
  func together() {
    var story = story(tokens: 1)
    let old = Subscription(isEnterprise: true, isActive: true, priceListYear: 19)
    story.account([old, old])
    story.account([])
    let found = reasons(story, asking: 30)
    #expect(
      found.map(\.condition) == [
        .insufficientTokens, .outdatedPriceList, .notASingleAccount, .severalEnterpriseSubscriptions,
      ])
    #expect(Set(found.map(\.sentence)).count == 4)
  }

  @Test("E-5: the order path names support and, where known, the sales contact")
  func orderPath() {
    #expect(Branding().orderPath == "To order a resource instead, contact Mendix Support.")
    #expect(
      Branding(salesContact: "sales@acme.example").orderPath
        == "To order a resource instead, contact Mendix Support or sales@acme.example.")
  }
}
