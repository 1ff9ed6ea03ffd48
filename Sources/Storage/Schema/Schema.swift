/// Every migration, oldest first. One that has shipped is never edited; a new one follows it.
enum Schema {
  static let migrations: [Migration] = [foundation, life, invitations, size, providers]
}
