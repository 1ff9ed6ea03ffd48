extension Contract {
  /// True from its start, or from when it was recorded, until its end. Rule T-1.
  public func isInForce(at instant: Instant) -> Bool { inForceFrom <= instant && instant < endsAt }
}
