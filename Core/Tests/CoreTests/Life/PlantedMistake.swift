/// A rule that the naive model can be told to get wrong, to prove that the comparison notices.
enum PlantedMistake: String, CaseIterable, Sendable {
  /// Marks the oldest resources instead of the newest. T-5.
  case oldestMarkedFirst
  /// Suspends what is marked without waiting for the month's end. T-5.
  case suspendedAtOnce
  /// Suspends at a month's end what is marked only since that instant. T-5.
  case markAtMonthEndDoesNotWait
  /// Keeps a mark once it is made. T-5.
  case markNeverLost
  /// Counts the tokens of suspended resources as held. T-2.
  case suspendedKeepsItsTokens
  /// Lets the newest suspended resource resume first. T-5.
  case resumedNewestFirst
  /// Lets a suspended resource that does not fit bar the smaller ones behind it.
  case misfitBarsTheRest
  /// Takes 30 days for 720 hours. T-5.
  case thirtyTimes24Hours
  /// Ends a suspended embeddings resource though a knowledge base uses it.
  case embeddingsNotKept
  /// Suspends and resumes before it deprovisions. A-4.
  case resumedBeforeDeprovisioned
  /// Lets a scheduled change take effect when it is recorded. A-2.
  case scheduledChangeAtOnce
  /// Forgets that a scheduled change or deprovisioning was cancelled..
  case cancellationForgotten
  /// Lets the end of a bundle month belong to it. B-1.
  case monthEndInclusive
  /// Counts each bundle month from the one before instead of from the anchor. B-1.
  case anchorSlides
  /// Counts a contract that was recorded late from its start on.
  case lateContractFromItsStart
  /// Counts a contract at the instant of its end. T-1.
  case contractEndInclusive
}
