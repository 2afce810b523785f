/** What an app says that wants fewer messages for a moment, and how long it is then left alone. */

/** The app asks for a moment. Where it does not say how long, the provider waits longer each time. */
export interface Throttled {
  kind: "throttled";
  reason: string;
  code?: string;
  afterMs?: number | undefined;
}

const MS_PER_SECOND = 1_000;
const ASKED_MIN_MS = 1_000;
const ASKED_MAX_MS = 3_600_000;
const REST_FIRST_MS = 2_000;
const REST_MAX_MS = 5 * 60_000;
const DOUBLINGS_MAX = 10;

/** As long as was asked for, within reason; undefined where nothing that can be read was. */
export function askedMs(seconds: number | undefined): number | undefined {
  if (seconds === undefined || !(seconds >= 0)) return undefined;
  return Math.min(ASKED_MAX_MS, Math.max(ASKED_MIN_MS, Math.ceil(seconds * MS_PER_SECOND)));
}

/** Only the form in seconds (RFC 9110 §10.2.3): the form with a date would need the app's clock to be ours. */
export function retryAfterMs({ headers }: { headers: Readonly<Record<string, unknown>> }): number | undefined {
  const header = headers["retry-after"];
  return typeof header === "string" && /^\d+$/.test(header) ? askedMs(Number(header)) : undefined;
}

/** When one provider may be called again. */
export class AppRest {
  /** Rests in a row of which the app did not say how long, without a message taken between them. */
  #inRow = 0;
  #untilMs = 0;

  /** At `nowMs` of a steady clock; says how long. Of many refusals at once the first alone makes the next rest longer. */
  begin(nowMs: number, afterMs: number | undefined): number {
    if (afterMs === undefined && this.isOn(nowMs)) return this.#untilMs - nowMs;
    if (afterMs === undefined) this.#inRow += 1;
    const restMs = afterMs ?? Math.min(REST_MAX_MS, REST_FIRST_MS * 2 ** Math.min(this.#inRow - 1, DOUBLINGS_MAX));
    this.#untilMs = Math.max(this.#untilMs, nowMs + restMs);
    return restMs;
  }

  /** A message was taken: the next rest is a short one. This one lasts. */
  shorten(): void {
    this.#inRow = 0;
  }

  isOn(nowMs: number): boolean {
    return nowMs < this.#untilMs;
  }
}
