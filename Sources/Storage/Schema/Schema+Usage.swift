extension Schema {
  /// Usage entries are facts; `usage_days` is what they add up to, kept for speed and rebuilt to the same numbers.
  static let usage = [
    """
    CREATE TABLE usage_entries (
      request_id {text} PRIMARY KEY NOT NULL,
      company_id {text} NOT NULL REFERENCES companies (id),
      resource_id {text} NOT NULL REFERENCES resources (id),
      payer {text} NOT NULL,
      model {text} NOT NULL,
      rate_input {int64} NOT NULL CHECK (rate_input >= 0),
      rate_output {int64} NOT NULL CHECK (rate_output >= 0),
      rate_cache_write {int64} NOT NULL CHECK (rate_cache_write >= 0),
      rate_cache_read {int64} NOT NULL CHECK (rate_cache_read >= 0),
      region {text} NOT NULL,
      served_region {text} NOT NULL,
      dialect {text} NOT NULL,
      admitted_at {int64} NOT NULL,
      bundle_month_start {int64} NOT NULL,
      local_day {int64} NOT NULL,
      counted_input {int64} NOT NULL CHECK (counted_input >= 0),
      input_tokens {int64} NOT NULL CHECK (input_tokens >= 0),
      cache_write_tokens {int64} NOT NULL CHECK (cache_write_tokens >= 0),
      cache_read_tokens {int64} NOT NULL CHECK (cache_read_tokens >= 0),
      output_tokens {int64} NOT NULL CHECK (output_tokens >= 0),
      nano_units {int64} NOT NULL CHECK (nano_units >= 0),
      finished_at {int64} NOT NULL,
      time_to_first_token {int64},
      status {text} NOT NULL CHECK (status IN ('completed', 'failed', 'disconnected', 'interrupted')),
      attempts {int64} NOT NULL CHECK (attempts >= 0),
      is_estimated {int64} NOT NULL CHECK (is_estimated IN (0, 1))
    ){strict}
    """,
    "CREATE INDEX usage_entries_by_time ON usage_entries (resource_id, admitted_at, request_id)",
    """
    CREATE TABLE usage_days (
      resource_id {text} NOT NULL REFERENCES resources (id),
      bundle_month_start {int64} NOT NULL,
      local_day {int64} NOT NULL,
      payer {text} NOT NULL,
      model {text} NOT NULL,
      input_tokens {int64} NOT NULL,
      cache_write_tokens {int64} NOT NULL,
      cache_read_tokens {int64} NOT NULL,
      output_tokens {int64} NOT NULL,
      nano_units {int64} NOT NULL,
      estimated_nano_units {int64} NOT NULL,
      calls {int64} NOT NULL CHECK (calls > 0),
      PRIMARY KEY (resource_id, bundle_month_start, local_day, payer, model)
    ){strict}
    """,
    "CREATE INDEX usage_days_by_day ON usage_days (resource_id, local_day)",
    """
    CREATE TABLE journals (
      id {text} PRIMARY KEY NOT NULL,
      applied_up_to {int64} NOT NULL CHECK (applied_up_to >= 0)
    ){strict}
    """,
  ]
}
