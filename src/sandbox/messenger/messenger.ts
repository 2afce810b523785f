/**
 * Chat apps to play with: takes chat messages as a gateway does, shows them, and says soon after that they have arrived and been seen. Whoever
 * got one may write back. It knows nothing of who sends to it.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createBatcher } from "../../platform/batcher.ts";
import { newId } from "../../platform/ids.ts";
import { errorFields, type Log } from "../../platform/log.ts";
import { failureOf } from "../fates.ts";
import { answerEmpty, readBody } from "../http-desk.ts";
import { type ChatDelivery, readChat } from "./read-chat.ts";

const MESSENGER_PATH = "/chats";
const BODY_MAX_BYTES = 64 * 1024;
const CHATS_AT_ONCE_MAX = 500;
/** References that are known to have been taken; older ones would be shown again. */
const KNOWN_MAX = 10_000;
const REPORT_DELAY_MS = 300;
const TELLS_MAX = 5;
const TELL_AGAIN_MS = 1_000;
const TELL_TIMEOUT_MS = 5_000;
const SERVER_ERRORS_FROM = 500;

export interface MessengerOptions {
  /** Comes with every message, and goes with every report. */
  token: string;
  log: Log;
  /** Keeps messages; each is answered once it is kept. */
  outbox: (chats: ChatDelivery[]) => Promise<void>;
}

export interface Written {
  app: string;
  from: string;
  text: string;
  reportUrl: string;
}

export interface Messenger {
  /** Whether a request was for it. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  /** Somebody writes in an app, to whoever wrote to them. */
  write(written: Written): Promise<void>;
  stop(): Promise<void>;
}

export function createMessenger(options: MessengerOptions): Messenger {
  const desk = new Desk(options);
  return {
    take: (request, response) => {
      if (request.url !== MESSENGER_PATH) return false;
      desk.take(request, response).catch((error) => {
        options.log.warn("sandbox.chat-not-kept", errorFields(error));
        answerEmpty(response, 503);
      });
      return true;
    },
    write: ({ app, from, text, reportUrl }) => desk.tell(reportUrl, { id: newId(), app, from, text }),
    stop: () => desk.close(),
  };
}

class Desk {
  readonly #options: MessengerOptions;
  readonly #kept: ReturnType<typeof createBatcher<ChatDelivery>>;
  readonly #known = new Set<string>();
  readonly #reports = new Set<NodeJS.Timeout>();

  constructor(options: MessengerOptions) {
    this.#options = options;
    this.#kept = createBatcher({ writesAtOnceMax: 1, itemsMax: CHATS_AT_ONCE_MAX, write: options.outbox });
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "POST") return answerEmpty(response, 405);
    if (!this.#isFromUs(request.headers.authorization)) return answerEmpty(response, 401);
    const body = await readBody(request, BODY_MAX_BYTES);
    const chat = body === undefined ? undefined : readChat(body);
    if (!chat) return answerEmpty(response, body === undefined ? 413 : 400);
    if (!this.#known.has(chat.id)) await this.#keep(chat);
    answerEmpty(response, 202);
  }

  /** Never rejects. Whoever is away for a moment is told a little later. */
  async tell(url: string, report: object): Promise<void> {
    for (let tells = 1; !(await this.#isTold(url, report)); tells += 1) {
      if (tells === TELLS_MAX) return this.#options.log.warn("sandbox.chat-report-not-taken", {});
      await sleep(TELL_AGAIN_MS);
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#reports) clearTimeout(timer);
    await this.#kept.idle();
  }

  #isFromUs(given = ""): boolean {
    const [expected, actual] = [`Bearer ${this.#options.token}`, given].map((text) =>
      createHash("sha256").update(text).digest(),
    );
    return expected !== undefined && actual !== undefined && timingSafeEqual(expected, actual);
  }

  async #keep(chat: ChatDelivery): Promise<void> {
    await this.#kept.add(chat);
    this.#known.add(chat.id);
    const [oldest] = this.#known;
    if (this.#known.size > KNOWN_MAX && oldest !== undefined) this.#known.delete(oldest);
    this.#report(chat);
  }

  #report({ id, to, reportUrl }: ChatDelivery): void {
    if (reportUrl === undefined) return;
    const failure = failureOf(to);
    const statuses = failure === undefined ? ["delivered", "seen"] : [`${failure}-failure`];
    const timer = setTimeout(async () => {
      this.#reports.delete(timer);
      for (const status of statuses) await this.tell(reportUrl, { id, status });
    }, REPORT_DELAY_MS);
    this.#reports.add(timer);
  }

  async #isTold(url: string, report: object): Promise<boolean> {
    const { token, log } = this.#options;
    try {
      const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
      const signal = AbortSignal.timeout(TELL_TIMEOUT_MS);
      const { status } = await fetch(url, { method: "POST", headers, body: JSON.stringify(report), signal });
      return status < SERVER_ERRORS_FROM;
    } catch (error) {
      log.debug("sandbox.chat-report-not-told", errorFields(error));
      return false;
    }
  }
}
