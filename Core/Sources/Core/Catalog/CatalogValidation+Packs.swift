extension CatalogValidation {
  private static let types: [(String, ResourceType)] = [
    ("text", .text), ("embeddings", .embeddings), ("knowledge-base", .knowledgeBase),
  ]

  /// `types` are those that models need a pack for. Rules C-8, C-9.
  static func packs(of document: DocumentReader, types needed: Set<ResourceType>) -> [Pack] {
    var seen: Set<ResourceType> = []
    var planIDs: Set<Identifier<Plan>> = []
    let packs = document.elements("packs").compactMap { element -> Pack? in
      let known = ["type", "name", "units", "plans"]
      guard let reader = DocumentReader(element.value, path: element.path, log: document.log, known: known) else {
        return nil
      }
      let type = reader.choice("type", Self.types)
      if let type, !seen.insert(type).inserted { reader.problem("type", "There is a second pack of this type.") }
      let name = reader.text("name")
      let units = reader.flag("units", absent: false)
      let plans = plans(of: reader, type: type, seen: &planIDs)
      guard let type, let name, let units else { return nil }
      if !units, !reader.has("plans") {
        document.log.add(reader.line, reader.path, "Offer units, plans or both: nothing can be bought of this pack.")
      }
      if type == .knowledgeBase, units { reader.problem("units", "Knowledge bases are bought by plan only.") }
      return Pack(type: type, displayName: name, offersUnits: units, plans: plans)
    }
    for (name, type) in Self.types where needed.contains(type) && !seen.contains(type) && document.has("packs") {
      document.problem("packs", "There are models of type \(name), but no pack to buy them with.")
    }
    return packs
  }

  private static func plans(
    of pack: DocumentReader, type: ResourceType?, seen: inout Set<Identifier<Plan>>
  ) -> [Plan] {
    var plans: [Plan] = []
    for element in pack.optionalElements("plans") {
      let known = ["id", "name", "cloudTokens", "inputTokens", "outputTokens", "diskBytes"]
      guard let reader = DocumentReader(element.value, path: element.path, log: pack.log, known: known) else {
        continue
      }
      let id: Identifier<Plan>? = reader.identifier("id")
      if let id, !seen.insert(id).inserted { reader.problem("id", "\(id) is the id of two plans. Ids are unique.") }
      let name = reader.text("name")
      let tokens = reader.integer("cloudTokens", in: CapacityOptions.tokens)
      guard let type else { continue }
      let input = quota("inputTokens", needed: type != .knowledgeBase, of: reader)
      let output = quota("outputTokens", needed: type == .text, of: reader)
      let disk = quota("diskBytes", needed: type == .knowledgeBase, of: reader)
      guard let id, let name, let tokens else { continue }
      let plan = Plan(
        id: id, displayName: name, tokens: CloudTokens(tokens), inputTokens: input.map { TokenCount($0) },
        outputTokens: output.map { TokenCount($0) }, diskBytes: disk)
      if let smaller = plans.last { checkOrder(smaller, plan, reader) }
      plans.append(plan)
    }
    if pack.has("plans"), case .list(let list, _)? = pack.value("plans"), list.isEmpty {
      pack.problem("plans", "The list is empty. Leave the member out where no plans are offered.")
    }
    return plans
  }

  /// A quota that plans of this type must have, or must not have.
  private static func quota(_ name: String, needed: Bool, of reader: DocumentReader) -> Int64? {
    let most: Int64 = 1_000_000_000_000_000
    if needed { return reader.integer(name, in: 1...most) }
    if reader.has(name) { reader.problem(name, "Plans of this type have no such quota.") }
    return nil
  }

  private static func checkOrder(_ smaller: Plan, _ larger: Plan, _ reader: DocumentReader) {
    if larger.tokens <= smaller.tokens {
      reader.problem("cloudTokens", "Plans stand smallest first: more Cloud Tokens than \(smaller.id) are needed.")
    }
    func check(_ name: String, _ a: Int64?, _ b: Int64?) {
      if let a, let b, b <= a { reader.problem(name, "A larger plan permits more: \(smaller.id) has \(a) already.") }
    }
    check("inputTokens", smaller.inputTokens?.count, larger.inputTokens?.count)
    check("outputTokens", smaller.outputTokens?.count, larger.outputTokens?.count)
    check("diskBytes", smaller.diskBytes, larger.diskBytes)
  }
}
