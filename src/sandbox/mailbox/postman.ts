/** Takes the mailbox's reports to the port where the sender wants them, over SMTP. */
import { setTimeout as pause } from "node:timers/promises";
import nodemailer from "nodemailer";
import { errorFields, type Log } from "../../platform/log.ts";

const CONNECTIONS_MAX = 4;
const WAITING_MAX = 10_000;
const TRIES = 6;
const FIRST_PAUSE_MS = 100;
const SILENCE_TIMEOUT_MS = 30_000;

export interface Postman {
  /** Whether a further report can wait its turn. */
  hasRoom(): boolean;
  /** Sends a report to the return path, with none of its own (RFC 5321 §4.5.5); tries again while the port answers "later". */
  post(returnPath: string, report: string): void;
  /** Gives up what is still waiting. */
  stop(): void;
}

export function postmanTo(address: { host: string; port: number }, log: Log): Postman {
  const stopping = new AbortController();
  const transport = nodemailer.createTransport({
    pool: true,
    ...address,
    secure: false,
    ignoreTLS: true,
    maxConnections: CONNECTIONS_MAX,
    socketTimeout: SILENCE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  let waiting = 0;

  async function deliver(returnPath: string, report: string): Promise<void> {
    for (let tried = 1; tried <= TRIES && !stopping.signal.aborted; tried += 1) {
      try {
        await transport.sendMail({ raw: report, envelope: { from: "", to: returnPath } });
        return;
      } catch (error) {
        if (isFinal(error) || tried === TRIES) log.warn("mailbox.report-not-taken", { tried, ...withoutWords(error) });
        if (isFinal(error)) return;
        await pause(FIRST_PAUSE_MS * 2 ** tried, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  return {
    hasRoom: () => waiting < WAITING_MAX,
    post: (returnPath, report) => {
      waiting += 1;
      void deliver(returnPath, report).finally(() => {
        waiting -= 1;
      });
    },
    stop: () => {
      stopping.abort();
      transport.close({ force: true });
    },
  };
}

function isFinal(error: unknown): boolean {
  const code = (error as { responseCode?: number }).responseCode;
  return code !== undefined && code >= 500;
}

/** A server's words repeat addresses. */
function withoutWords(error: unknown) {
  return { code: errorFields(error)["code"], responseCode: (error as { responseCode?: number }).responseCode };
}
