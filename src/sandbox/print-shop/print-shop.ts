/**
 * A print shop to play with: takes letters over HTTP as a printer with an API does, shows them, and says soon after that they are in the
 * post. What comes back from the post is told when somebody asks for it. It knows nothing of who sends to it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createBatcher } from "../../platform/batcher.ts";
import { errorFields, type Log } from "../../platform/log.ts";
import { answerEmpty, readBody } from "../http-desk.ts";
import { type PrintJob, readPrintJob } from "./read-print-job.ts";
import { type LetterFate, tellFate } from "./tell-fate.ts";

/** Ten pages with pictures, in base64. */
const BODY_MAX_BYTES = 24 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const LETTERS_AT_ONCE_MAX = 20;
/** References that are known to have been printed; older ones would be printed again. */
const KNOWN_MAX = 10_000;
const DESPATCH_DELAY_MS = 300;

/** What goes wrong on purpose. Every: 3 means the third, sixth, ninth letter …; 0: never. */
export interface PrintShopFaults {
  despatchDelayMs: number;
  /** It cannot take the letter now. */
  busyEvery: number;
  /** It takes the letter, and finds that it cannot print it. */
  rejectEvery: number;
  /** The letter comes back from the post. */
  returnEvery: number;
}

export const NO_PRINT_SHOP_FAULTS: PrintShopFaults = {
  despatchDelayMs: DESPATCH_DELAY_MS,
  busyEvery: 0,
  rejectEvery: 0,
  returnEvery: 0,
};

export interface PrintShopOptions {
  host: string;
  /** 0 for any free port. */
  port: number;
  log: Log;
  /** Keeps letters; each is acknowledged once it is kept. */
  outbox: (letters: PrintJob[]) => Promise<void>;
}

export interface PrintShop {
  readonly port: number;
  setFaults(faults: Partial<PrintShopFaults>): void;
  /** Says what became of a letter that was printed here, as far as its sender wants to hear of it. */
  tell(letter: Pick<PrintJob, "id" | "statusUrl">, fate: LetterFate): Promise<void>;
  stop(): Promise<void>;
}

/** Opens the shop; resolves once it listens, rejects when the port cannot be had. */
export async function startPrintShop(options: PrintShopOptions): Promise<PrintShop> {
  const desk = new Desk(options);
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    desk.take(request, response).catch((error) => {
      options.log.warn("sandbox.letter-not-kept", errorFields(error));
      answerEmpty(response, 503);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    setFaults: (faults) => desk.setFaults(faults),
    tell: (letter, fate) => tellFate(letter, fate, options.log),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await desk.close();
    },
  };
}

class Desk {
  readonly #log: Log;
  readonly #kept: ReturnType<typeof createBatcher<PrintJob>>;
  readonly #known = new Set<string>();
  readonly #despatches = new Set<NodeJS.Timeout>();
  #faults = NO_PRINT_SHOP_FAULTS;
  #count = 0;

  constructor({ log, outbox }: PrintShopOptions) {
    this.#log = log;
    this.#kept = createBatcher<PrintJob>({ writesAtOnceMax: 1, itemsMax: LETTERS_AT_ONCE_MAX, write: outbox });
  }

  setFaults(faults: Partial<PrintShopFaults>): void {
    this.#faults = { ...this.#faults, ...faults };
    this.#count = 0;
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "POST" || request.url !== "/letters") return answerEmpty(response, 404);
    const body = await readBody(request, BODY_MAX_BYTES);
    const job = body && readPrintJob(body);
    if (!job) return answerEmpty(response, body ? 400 : 413);
    if (this.#known.has(job.id)) return answerEmpty(response, 409);
    this.#count += 1;
    if (this.#isTurn("busyEvery")) return answerEmpty(response, 503);
    const fate = this.#fateOf();
    await this.#kept.add(job);
    this.#remember(job.id);
    answerEmpty(response, 201);
    this.#despatch(job, fate);
  }

  async close(): Promise<void> {
    for (const timer of this.#despatches) clearTimeout(timer);
    await this.#kept.idle();
  }

  #fateOf(): LetterFate[] {
    if (this.#isTurn("rejectEvery")) return ["REJECTED"];
    return this.#isTurn("returnEvery") ? ["DESPATCHED", "RETURNED"] : ["DESPATCHED"];
  }

  #isTurn(fault: Exclude<keyof PrintShopFaults, "despatchDelayMs">): boolean {
    const every = this.#faults[fault];
    return every > 0 && this.#count % every === 0;
  }

  #remember(id: string): void {
    this.#known.add(id);
    const [oldest] = this.#known;
    if (this.#known.size > KNOWN_MAX && oldest !== undefined) this.#known.delete(oldest);
  }

  #despatch(job: PrintJob, fates: readonly LetterFate[]): void {
    const timer = setTimeout(async () => {
      this.#despatches.delete(timer);
      for (const fate of fates) await tellFate(job, fate, this.#log);
    }, this.#faults.despatchDelayMs);
    this.#despatches.add(timer);
  }
}
