/**
 * Events, not prose: a fixed name and fields, one JSON line each on standard error, or a line to read where that is a terminal. Never
 * a recipient, a content or a secret.
 *
 *     log.warn("dispatch.unavailable", { notificationId, provider, reason, retryAt });
 */
import pino from "pino";

/** As pino counts levels. */
const LEVEL_OF_INFO = 30;
const TIME_OF_DAY_LENGTH = "00:00:00".length;
const PLAIN_WORD = /^[\x21-\x7e]+$/;

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
    process.stderr.isTTY
      ? { write: (line: string) => process.stderr.write(lineToRead(line)) }
      : pino.destination({ dest: 2, sync: false }),
  );
  return {
    debug: (event, fields = {}) => logger.debug(fields, event),
    info: (event, fields = {}) => logger.info(fields, event),
    warn: (event, fields = {}) => logger.warn(fields, event),
    error: (event, fields = {}) => logger.error(fields, event),
  };
}

/** For people who watch a terminal: `14:03:22 worker  smpp.bound  provider=northline`, and how bad it is where it is. */
export function lineToRead(line: string): string {
  const { level, time, role, event, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const at = new Date(Number(time)).toTimeString().slice(0, TIME_OF_DAY_LENGTH);
  const severity = Number(level) > LEVEL_OF_INFO ? ` ${pino.levels.labels[Number(level)]?.toUpperCase()}` : "";
  const words = Object.entries(fields).map(([name, value]) => `${name}=${fieldToRead(value)}`);
  return `${[`${at} ${role}${severity}`, event, ...words].join("  ")}\n`;
}

/** Anything but one plain word is quoted, so that nothing logged can steer the terminal. */
function fieldToRead(value: unknown): string {
  return typeof value === "string" && PLAIN_WORD.test(value) ? value : JSON.stringify(value);
}

/** For tests and one-off commands that speak through their own output. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** What may be logged of an error that came from outside our own code: its class and code, never its message's data. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = (error as { code?: unknown }).code;
  return { error: error.name, ...(typeof code === "string" ? { code } : {}), message: error.message };
}
