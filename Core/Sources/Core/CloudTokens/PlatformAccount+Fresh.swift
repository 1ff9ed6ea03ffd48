extension PlatformAccount {
  /// What a company gets where nothing else is said: one account with one active enterprise subscription of the price
  /// list of `day`'s year. Rule E-6.
  public static func fresh(
    id: Identifier<PlatformAccount>, companyID: CompanyID, on day: LocalDay
  ) -> PlatformAccount {
    let year = max(Eligibility.oldestPriceListYear, day.year - 2000)
    return PlatformAccount(
      id: id, companyID: companyID,
      subscriptions: [Subscription(isEnterprise: true, isActive: true, priceListYear: year)])
  }
}
