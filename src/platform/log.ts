/**
 * Events, not prose: a fixed name and fields, one JSON line each on standard error. Never a recipient, a content or a secret.
 *
 *     log.warn("dispatch.unavailable", { notificationId, provider, reason, retryAt });
 */
import pino from "pino";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";
export type LogFields = Record<string, unknown>;

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Makes the log of one process; `role` (web, worker, sandbox …) is on every line. */
export function createLog(options: { level: LogLevel; role: string }): Log {
  const logger = pino(
    { level: options.level, base: { role: options.role }, messageKey: "event" },
    pino.destination({ dest: 2, sync: false }),
  );
  return {
    debug: (event, fields = {}) => logger.debug(fields, event),
    info: (event, fields = {}) => logger.info(fields, event),
    warn: (event, fields = {}) => logger.warn(fields, event),
    error: (event, fields = {}) => logger.error(fields, event),
  };
}

/** For tests and one-off commands that speak through their own output. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** What may be logged of an error that came from outside our own code: its class and code, never its message's data. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = (error as { code?: unknown }).code;
  return { error: error.name, ...(typeof code === "string" ? { code } : {}), message: error.message };
}
