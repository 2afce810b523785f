/** The print shop's word on one letter, at the address that came with it. Whoever is away for a moment is told a little later. */
import { setTimeout as sleep } from "node:timers/promises";
import { errorFields, type Log } from "../../platform/log.ts";

const TRIES_MAX = 5;
const RETRY_AFTER_MS = 1_000;
const TIMEOUT_MS = 5_000;
const SERVER_ERRORS_FROM = 500;

export type LetterFate = "DESPATCHED" | "REJECTED" | "RETURNED";

/** Never rejects: a shop has other things to do. */
export async function tellFate(
  { id, statusUrl }: { id: string; statusUrl: string | undefined },
  fate: LetterFate,
  log: Log,
): Promise<void> {
  if (statusUrl === undefined) return;
  const body = JSON.stringify({ id, time: new Date().toISOString(), data: { jobId: id, jobStatus: fate } });
  for (let tries = 1; !(await isTold(statusUrl, body)); tries += 1) {
    if (tries === TRIES_MAX) return log.warn("sandbox.letter-status-not-taken", { notificationId: id, fate });
    await sleep(RETRY_AFTER_MS);
  }

  async function isTold(url: string, said: string): Promise<boolean> {
    try {
      const headers = { "content-type": "application/json" };
      const options = { method: "POST", headers, body: said, signal: AbortSignal.timeout(TIMEOUT_MS) };
      const { status } = await fetch(url, options);
      return status < SERVER_ERRORS_FROM;
    } catch (error) {
      log.debug("sandbox.letter-status-not-told", { notificationId: id, ...errorFields(error) });
      return false;
    }
  }
}
