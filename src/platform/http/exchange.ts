/** One request and its answer, as undici reports it: gathers the body up to a limit and keeps the deadline. */
import type { Dispatcher } from "undici";
import { RefusedAddress } from "./guarded-connect.ts";

/** Headers of an answer, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

export type Answer =
  /** `body` is the first `maxBytes` of what came. */
  | { kind: "answered"; status: number; headers: AnswerHeaders; body: Buffer }
  | { kind: "unreachable"; reason: string }
  | { kind: "timeout" }
  | { kind: "refused-address"; reason: string };

export interface ExchangeLimits {
  timeoutMs: number;
  maxBytes: number;
}

/** Error codes of Node and undici, in plain words. A code that is not here is shown as it is. */
const REASONS: Record<string, string> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was reset",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  EPIPE: "the connection was closed",
  ETIMEDOUT: "the connection took too long",
  UND_ERR_CONNECT_TIMEOUT: "the connection took too long",
  UND_ERR_SOCKET: "the connection was closed",
};

export class Exchange implements Dispatcher.DispatchHandler {
  readonly #limits: ExchangeLimits;
  readonly #settle: (answer: Answer) => void;
  readonly #deadline: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #isSettled = false;
  #status = 0;
  #headers: AnswerHeaders = {};
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(limits: ExchangeLimits, settle: (answer: Answer) => void) {
    this.#limits = limits;
    this.#settle = settle;
    this.#deadline = setTimeout(() => this.#giveUp(), limits.timeoutMs);
  }

  /** A request whose deadline passed while it waited for a connection is never sent. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isSettled) controller.abort(new Error("the deadline has passed"));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = this.#limits.maxBytes - this.#bytes;
    this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.#bytes += Math.min(chunk.length, room);
    if (chunk.length <= room) return;
    this.onResponseEnd();
    controller.abort(new Error("the answer is longer than is read"));
  }

  onResponseEnd(): void {
    const [first, ...rest] = this.#chunks;
    const body = first !== undefined && rest.length === 0 ? first : Buffer.concat(this.#chunks);
    this.#finish({ kind: "answered", status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#finish(failure(error));
  }

  #giveUp(): void {
    this.#finish({ kind: "timeout" });
    this.#controller?.abort(new Error("the deadline has passed"));
  }

  #finish(answer: Answer): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    clearTimeout(this.#deadline);
    this.#settle(answer);
  }
}

/** Only the code of an error is told: its message may hold an address or a part of the request. */
function failure(error: Error & { code?: unknown; errors?: unknown }): Answer {
  if (error instanceof RefusedAddress) return { kind: "refused-address", reason: error.message };
  const [first] = Array.isArray(error.errors) ? (error.errors as unknown[]) : []; // every address of a name failed
  if (first instanceof Error) return failure(first);
  const code = typeof error.code === "string" ? error.code : "";
  return {
    kind: "unreachable",
    reason: REASONS[code] ?? (code === "" ? "the request failed" : `the request failed (${code})`),
  };
}
