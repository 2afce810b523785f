/**
 * Notes what is asked of the API, beside the way of a request: which keys were used, and a sample of requests for their service's log.
 * A request costs one small object in memory; everything is written a few times a minute, in one statement each.
 */
import { withoutPersonalData } from "../../core/json/without-personal-data.ts";
import { errorFields } from "../../platform/log.ts";
import { type KeyUse, noteKeyUses } from "../../records/api-keys/api-key-page-store.ts";
import { type ApiRequest, insertApiRequests } from "../../records/api-requests/api-request-store.ts";
import type { App } from "../app.ts";

const WRITE_EVERY_MS = 1_000;
/** A key's last use is written at most so often. */
const NOTE_EVERY_MS = 60_000;
/** Of one service between two writes: every one of a quiet service, some of a busy one. */
const KEPT_OF_SERVICE_MAX = { answered: 2, refused: 10 };
const KEPT_MAX = 200;
const KEYS_KNOWN_MAX = 10_000;
const ERROR_STATUS_FIRST = 400;

export interface AnsweredRequest extends Omit<ApiRequest, "error" | "durationMs"> {
  /** Whether its key was good: only then was it used. */
  isLetIn: boolean;
  /** The address it came from. */
  from: string;
  /** The answer's body, read only when it says what was wrong. */
  body: string | Buffer;
  startedAtMs: number;
}

export interface ApiWatch {
  /** Takes note; returns at once and never throws. */
  note(request: AnsweredRequest): void;
  /** Writes what has been noted; resolves when it is written. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

interface Notes {
  requests: (ApiRequest & { at: Date })[];
  /** By service: how many of each sort are kept. */
  kept: Map<string, { answered: number; refused: number }>;
  uses: Map<string, KeyUse>;
}

export function watchApi(app: Pick<App, "db" | "clock" | "log">): ApiWatch {
  const notes: Notes = { requests: [], kept: new Map(), uses: new Map() };
  const notedAtMs = new Map<string, number>();
  const write = async (): Promise<void> => {
    const requests = notes.requests;
    const uses = [...notes.uses.values()];
    notes.requests = [];
    notes.kept.clear();
    notes.uses.clear();
    try {
      await insertApiRequests(app.db, requests);
      await noteKeyUses(app.db, uses);
    } catch (error) {
      app.log.warn("api-watch.not-written", { requests: requests.length, ...errorFields(error) });
    }
  };
  // One after the other, so that who waits for what was noted waits for what is being written as well.
  let writing = Promise.resolve();
  let waiting = 0;
  const flush = (): Promise<void> => {
    waiting += 1;
    writing = writing.then(write).finally(() => {
      waiting -= 1;
    });
    return writing;
  };
  const timer = setInterval(() => {
    if (waiting === 0) void flush();
  }, WRITE_EVERY_MS).unref();
  return {
    note: (request) => {
      const nowMs = performance.now();
      if (request.isLetIn) noteUse(app, { notes, notedAtMs, nowMs }, request);
      keep(app, notes, request);
    },
    flush,
    stop: () => {
      clearInterval(timer);
      return flush();
    },
  };
}

function noteUse(
  { clock }: Pick<App, "clock">,
  { notes, notedAtMs, nowMs }: { notes: Notes; notedAtMs: Map<string, number>; nowMs: number },
  { apiKeyId, from }: AnsweredRequest,
): void {
  if (nowMs - (notedAtMs.get(apiKeyId) ?? Number.NEGATIVE_INFINITY) < NOTE_EVERY_MS) return;
  if (notedAtMs.size >= KEYS_KNOWN_MAX) notedAtMs.clear();
  notedAtMs.set(apiKeyId, nowMs);
  notes.uses.set(apiKeyId, { keyId: apiKeyId, at: clock.now(), from });
}

function keep({ clock }: Pick<App, "clock">, notes: Notes, request: AnsweredRequest): void {
  if (notes.requests.length >= KEPT_MAX) return;
  const { serviceId, apiKeyId, method, path, status, body, startedAtMs } = request;
  const sort = status < ERROR_STATUS_FIRST ? "answered" : "refused";
  const kept = notes.kept.get(serviceId) ?? { answered: 0, refused: 0 };
  if (kept[sort] >= KEPT_OF_SERVICE_MAX[sort]) return;
  kept[sort] += 1;
  notes.kept.set(serviceId, kept);
  const durationMs = Math.max(0, Math.round(performance.now() - startedAtMs));
  const error = sort === "refused" ? withoutPersonalData(errorIn(body)) : undefined;
  notes.requests.push({ serviceId, apiKeyId, method, path, status, durationMs, error, at: clock.now() });
}

/** The messages of an answer in the form of Notify's API. */
function errorIn(body: string | Buffer): string {
  try {
    const { errors, message } = JSON.parse(body.toString()) as { errors?: { message?: string }[]; message?: string };
    return errors?.map((error) => error.message ?? "").join("; ") ?? message ?? "";
  } catch {
    return "";
  }
}
