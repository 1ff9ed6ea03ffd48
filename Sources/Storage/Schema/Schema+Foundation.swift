extension Schema {
  /// The tables of people, companies, resources, keys and usage. Facts (contracts, ledger entries, capacity changes,
  /// usage entries) are only ever appended: no function of this module updates or deletes one.
  static let foundation = Migration(
    version: 1, name: "foundation", statements: companies + people + resources + usage + coordination)

  private static let companies = [
    """
    CREATE TABLE companies (
      id {text} PRIMARY KEY NOT NULL CHECK (length(id) BETWEEN 1 AND 100),
      name {text} NOT NULL CHECK (length(name) BETWEEN 1 AND 1000),
      time_zone {text} NOT NULL,
      external_invitations_enabled {int64} NOT NULL CHECK (external_invitations_enabled IN (0, 1)),
      created_at {int64} NOT NULL
    ){strict}
    """,
    """
    CREATE TABLE platform_accounts (
      id {text} PRIMARY KEY NOT NULL,
      company_id {text} NOT NULL REFERENCES companies (id)
    ){strict}
    """,
    "CREATE INDEX platform_accounts_by_company ON platform_accounts (company_id)",
    """
    CREATE TABLE platform_subscriptions (
      account_id {text} NOT NULL REFERENCES platform_accounts (id),
      position {int64} NOT NULL,
      is_enterprise {int64} NOT NULL CHECK (is_enterprise IN (0, 1)),
      is_active {int64} NOT NULL CHECK (is_active IN (0, 1)),
      price_list_year {int64} NOT NULL,
      PRIMARY KEY (account_id, position)
    ){strict}
    """,
    """
    CREATE TABLE contracts (
      id {text} PRIMARY KEY NOT NULL,
      company_id {text} NOT NULL REFERENCES companies (id),
      tokens {int64} NOT NULL CHECK (tokens > 0),
      starts_at {int64} NOT NULL,
      ends_at {int64} NOT NULL,
      CHECK (ends_at > starts_at)
    ){strict}
    """,
    "CREATE INDEX contracts_by_company ON contracts (company_id, starts_at)",
  ]

  private static let people = [
    """
    CREATE TABLE users (
      id {text} PRIMARY KEY NOT NULL,
      name {text} NOT NULL,
      email {text} NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 320),
      company_id {text} REFERENCES companies (id),
      company_role {text} NOT NULL CHECK (company_role IN ('admin', 'member')),
      deactivated_at {int64},
      password_hash {text}
    ){strict}
    """,
    "CREATE INDEX users_by_company ON users (company_id)",
    """
    CREATE TABLE sessions (
      id {text} PRIMARY KEY NOT NULL,
      token_hash {bytes} NOT NULL UNIQUE,
      user_id {text} NOT NULL REFERENCES users (id),
      created_at {int64} NOT NULL,
      last_seen_at {int64} NOT NULL,
      address {text} NOT NULL,
      user_agent {text} NOT NULL,
      CHECK (last_seen_at >= created_at)
    ){strict}
    """,
    "CREATE INDEX sessions_by_user ON sessions (user_id)",
    """
    CREATE TABLE sign_in_failures (
      email {text} NOT NULL,
      address {text} NOT NULL,
      failed_at {int64} NOT NULL
    ){strict}
    """,
    "CREATE INDEX sign_in_failures_by_email ON sign_in_failures (email, failed_at)",
    "CREATE INDEX sign_in_failures_by_address ON sign_in_failures (address, failed_at)",
    "CREATE INDEX sign_in_failures_by_time ON sign_in_failures (failed_at)",
    """
    CREATE TABLE set_up_tokens (
      token_hash {bytes} PRIMARY KEY NOT NULL,
      created_at {int64} NOT NULL,
      expires_at {int64} NOT NULL,
      used_at {int64}
    ){strict}
    """,
  ]

  private static let resources = [
    """
    CREATE TABLE resources (
      id {text} PRIMARY KEY NOT NULL CHECK (length(id) BETWEEN 1 AND 100),
      company_id {text} NOT NULL REFERENCES companies (id),
      name {text} NOT NULL CHECK (length(name) BETWEEN 1 AND 1000),
      type {text} NOT NULL,
      environment {text} NOT NULL,
      region {text} NOT NULL,
      is_cross_region {int64} NOT NULL CHECK (is_cross_region IN (0, 1)),
      default_model {text},
      created_for_name {text} NOT NULL,
      created_for_email {text} NOT NULL,
      provisioned_at {int64} NOT NULL
    ){strict}
    """,
    "CREATE INDEX resources_by_company ON resources (company_id)",
    """
    CREATE TABLE resource_models (
      resource_id {text} NOT NULL REFERENCES resources (id),
      position {int64} NOT NULL,
      model {text} NOT NULL,
      PRIMARY KEY (resource_id, position),
      UNIQUE (resource_id, model)
    ){strict}
    """,
    """
    CREATE TABLE capacity_changes (
      resource_id {text} NOT NULL REFERENCES resources (id),
      position {int64} NOT NULL,
      plan {text},
      capacity_tokens {int64},
      tokens {int64} NOT NULL CHECK (tokens >= 0),
      allowance_nano {int64} CHECK (allowance_nano >= 0),
      allowance_input {int64} CHECK (allowance_input >= 0),
      allowance_output {int64} CHECK (allowance_output >= 0),
      effective_at {int64} NOT NULL,
      PRIMARY KEY (resource_id, position),
      CHECK ((plan IS NULL) <> (capacity_tokens IS NULL)),
      CHECK ((allowance_nano IS NULL) <> (allowance_input IS NULL)),
      CHECK (allowance_output IS NULL OR allowance_input IS NOT NULL)
    ){strict}
    """,
    """
    CREATE TABLE ledger_entries (
      id {text} PRIMARY KEY NOT NULL,
      company_id {text} NOT NULL REFERENCES companies (id),
      position {int64} NOT NULL,
      resource_id {text} REFERENCES resources (id),
      contract_id {text} REFERENCES contracts (id),
      kind {text} NOT NULL CHECK (kind IN ('granted', 'expired', 'allocated', 'released')),
      tokens {int64} NOT NULL CHECK (tokens > 0),
      pack {text} NOT NULL,
      effective_at {int64} NOT NULL,
      UNIQUE (company_id, position),
      UNIQUE (contract_id, kind),
      CHECK (kind IN ('allocated', 'released') OR contract_id IS NOT NULL),
      CHECK (kind IN ('granted', 'expired') OR resource_id IS NOT NULL)
    ){strict}
    """,
    "CREATE INDEX ledger_entries_by_time ON ledger_entries (company_id, effective_at, position)",
    """
    CREATE TABLE team_members (
      resource_id {text} NOT NULL REFERENCES resources (id),
      user_id {text} NOT NULL REFERENCES users (id),
      added_at {int64} NOT NULL,
      PRIMARY KEY (resource_id, user_id)
    ){strict}
    """,
    "CREATE INDEX team_members_by_user ON team_members (user_id)",
    """
    CREATE TABLE resource_keys (
      id {text} PRIMARY KEY NOT NULL CHECK (length(id) BETWEEN 1 AND 100),
      resource_id {text} NOT NULL REFERENCES resources (id),
      description {text} NOT NULL CHECK (length(description) >= 1),
      secret_hash {bytes} NOT NULL CHECK (length(secret_hash) = 32),
      created_by {text} REFERENCES users (id),
      created_at {int64} NOT NULL,
      expires_at {int64},
      monthly_limit_nano {int64} CHECK (monthly_limit_nano >= 0),
      revoked_at {int64},
      companion_of {text} REFERENCES resource_keys (id),
      last_used_at {int64}
    ){strict}
    """,
    "CREATE INDEX resource_keys_by_resource ON resource_keys (resource_id)",
    """
    CREATE TABLE terms_acknowledgements (
      terms_id {text} NOT NULL,
      version {text} NOT NULL,
      user_id {text} NOT NULL REFERENCES users (id),
      resource_id {text} NOT NULL REFERENCES resources (id),
      acknowledged_at {int64} NOT NULL,
      PRIMARY KEY (terms_id, version, user_id, resource_id)
    ){strict}
    """,
  ]

  private static let coordination = [
    """
    CREATE TABLE idempotency_claims (
      scope {text} NOT NULL,
      claim_key {text} NOT NULL,
      result {text},
      claimed_at {int64} NOT NULL,
      PRIMARY KEY (scope, claim_key)
    ){strict}
    """,
    "CREATE INDEX idempotency_claims_by_time ON idempotency_claims (claimed_at)",
    """
    CREATE TABLE changes (
      seq {int64} PRIMARY KEY NOT NULL CHECK (seq > 0),
      kind {text} NOT NULL,
      id {text} NOT NULL
    ){strict}
    """,
  ]
}
