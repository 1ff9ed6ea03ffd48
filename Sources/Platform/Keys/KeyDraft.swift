import Core

/// A checked form. Rule G-12.
struct KeyDraft {
  let description: String
  let expiresAt: Instant?
  let monthlyLimit: GenAIUnits?

  init(_ form: KeyForm, zone: CompanyZone, at now: Instant) throws(PlatformError) {
    var list = ProblemList()
    description = list.text(
      form.description, "description", what: "a description", limit: Keys.longestDescription)
    expiresAt = Self.expiry(form.expiresOn, zone: zone, at: now, &list)
    monthlyLimit = Self.limit(form.monthlyLimit, &list)
    try list.throwIfAny()
  }

  func key(id: KeyID, of resource: ResourceID, hash: [UInt8], by user: UserID?, at now: Instant) -> ResourceKey {
    ResourceKey(
      id: id, resourceID: resource, description: description, secretHash: hash, createdBy: user, createdAt: now,
      expiresAt: expiresAt, monthlyLimit: monthlyLimit)
  }

  /// The end of the last day on which the key works.
  private static func expiry(
    _ text: String, zone: CompanyZone, at now: Instant, _ list: inout ProblemList
  ) -> Instant? {
    guard !text.isEmpty else { return nil }
    guard let day = LocalDay(iso: text) else {
      list.add("expiresOn", "Enter the last day as year, month and day, such as 2030-12-31.")
      return nil
    }
    guard day >= zone.day(of: now) else {
      list.add("expiresOn", "Choose today or a later day.")
      return nil
    }
    return zone.firstInstant(of: day.adding(days: 1))
  }

  private static func limit(_ text: String, _ list: inout ProblemList) -> GenAIUnits? {
    guard !text.isEmpty else { return nil }
    guard let units = UnitsFormat.units(text), units > .zero else {
      list.add("monthlyLimit", "Enter GenAI Units above 0, such as 50 or 12.5, or leave the limit empty.")
      return nil
    }
    return units
  }
}
