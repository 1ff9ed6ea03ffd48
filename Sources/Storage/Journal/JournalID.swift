public import Core

/// The identity of one node's metering journal; its sequences mean nothing in another.
public typealias JournalID = Identifier<MeteringJournal>
