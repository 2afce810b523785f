/** The settings of the embedded server. They go on its command line, so that a cluster's files hold none of ours. */
export type PostgresSettings = Readonly<Record<string, string>>;

/** What every server of ours has, whatever it is for. */
const COMMON: PostgresSettings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "", // one way in, with a password
  password_encryption: "scram-sha-256",
  timezone: "UTC",
  log_timezone: "UTC",
  max_connections: "200", // web, worker and sandbox with a pool each, and room for the operator's commands
  jit: "off", // our statements are short: compiling them costs more than it returns
  max_parallel_workers_per_gather: "0", // the same; and the machine's other cores are busy with our own processes
  random_page_cost: "1.1", // solid-state disks; the default of 4 makes whole-table scans look cheap
  // Errors reach the client that caused them, and we log them there. In the server's own log they would carry values and
  // statements, which may be somebody's phone number. What is left is starts, stops, crashes and refusals to connect.
  log_min_messages: "log",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  log_checkpoints: "off",
};

/** A server that keeps what it has said yes to. Commits wait for the disk (`synchronous_commit` and `fsync` stay on). */
export const DURABLE_SETTINGS: PostgresSettings = {
  ...COMMON,
  shared_buffers: "256MB",
  effective_cache_size: "1GB", // what the operating system is likely to cache for us on a small machine
  max_wal_size: "4GB", // with the timeout below, checkpoints come by the clock even at thousands of messages a second
  checkpoint_timeout: "15min",
  wal_compression: "off", // processor time is scarcer than disk
  autovacuum_naptime: "10s", // queue tables live on dead rows being cleared at once
  idle_in_transaction_session_timeout: "60s", // a forgotten transaction would stop that clearing
};

/** A server whose data is thrown away: for tests. Nothing waits for the disk, and nothing happens in the background. */
export const THROW_AWAY_SETTINGS: PostgresSettings = {
  ...COMMON,
  shared_buffers: "64MB",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  autovacuum: "off", // it would hold the template database while a copy of it is made
};
