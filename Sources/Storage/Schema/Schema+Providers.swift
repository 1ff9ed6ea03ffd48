extension Schema {
  /// Provider accounts that the operator enters, each with its sealed secret, and the activity of the installation itself.
  /// Decision record 0018.
  static let providers = Migration(
    version: 5, name: "provider accounts",
    statements: [
      """
      CREATE TABLE provider_accounts (
        name {text} PRIMARY KEY NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
        kind {text} NOT NULL,
        region {text},
        endpoint {text},
        key_id {text} NOT NULL CHECK (length(key_id) = 16),
        nonce {bytes} NOT NULL CHECK (length(nonce) = 12),
        sealed_secret {bytes} NOT NULL CHECK (length(sealed_secret) BETWEEN 17 AND 65536),
        fingerprint {text} NOT NULL CHECK (length(fingerprint) = 8),
        created_at {int64} NOT NULL,
        changed_at {int64} NOT NULL,
        changed_by {text} NOT NULL CHECK (length(changed_by) BETWEEN 1 AND 100),
        CHECK (changed_at >= created_at),
        CHECK (endpoint IS NULL OR region IS NOT NULL)
      ){strict}
      """,
      // As activity_entries, for the one chain that belongs to no company. Rule G-20.
      """
      CREATE TABLE installation_activity (
        company_id {text} NOT NULL CHECK (company_id = 'installation'),
        position {int64} PRIMARY KEY NOT NULL CHECK (position > 0),
        at {int64} NOT NULL,
        actor_kind {text} NOT NULL CHECK (actor_kind IN ('person', 'operator', 'schedule')),
        actor_id {text},
        actor_name {text},
        actor_address {text},
        kind {text} NOT NULL,
        resource_id {text} CHECK (resource_id IS NULL),
        sentence {text} NOT NULL CHECK (length(sentence) >= 1),
        previous_hash {bytes} NOT NULL CHECK (length(previous_hash) = 32),
        hash {bytes} NOT NULL CHECK (length(hash) = 32),
        CHECK ((actor_kind = 'person') = (actor_id IS NOT NULL)),
        CHECK ((actor_kind = 'person') = (actor_name IS NOT NULL)),
        CHECK ((actor_kind = 'person') = (actor_address IS NOT NULL))
      ){strict}
      """,
    ])
}
