import Core
import Storage

extension CompanyWork {
  /// Puts somebody on a resource's team; who is on it already stays, and nothing is noted. Rules R-4, G-20.
  mutating func addToTeam(_ user: User, of resource: Resource) throws {
    guard try !transaction.isOnTeam(user.id, resource.id) else { return }
    try transaction.addToTeam(user.id, resource.id, at: now)
    let deed = actorID == user.id ? "Joined" : "Added \(user.name) to"
    note(ActivityDeed(.team, resource: resource.id, "\(deed) the team of “\(resource.name)”"))
  }
}
