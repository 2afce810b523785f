/**
 * Threads that do one kind of work, each order within limits: what takes too long or too much memory is ended with its thread, and the
 * next order gets a new one. For work on what strangers gave us, and for work that would hold up everything else.
 *
 * A thread's module has a name that ends in `-thread`, calls `answerOrders`, and is built into a file of its own (scripts/build.mjs).
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { threadEntry } from "./thread-entry.ts";

/** Beyond so many, more orders would only wait for ever. */
const WAITING_MAX = 10_000;
const MEMORY_LOOK_MS = 50;
const MEGABYTE = 1024 * 1024;

export interface ThreadLimits {
  readonly timeoutMs: number;
  /** Of JavaScript's own heap (V8 counts it). */
  readonly heapMb: number;
  /** By how much the whole process may grow while an order is at work: buffers and pictures are in no heap. */
  readonly growthMb: number;
}

export interface ThreadPoolOptions {
  /** The module without its ending, from the folder of the code: `platform/pdf/inspect-thread`. */
  readonly module: string;
  readonly threads: number;
  readonly limits: ThreadLimits;
  /** Given to the module as it starts. */
  readonly settings?: unknown;
}

export type ThreadOutcome<Answer> =
  | { readonly kind: "answered"; readonly answer: Answer }
  /** The order's own work threw this. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "too-slow" | "too-much-memory" }
  /** The thread itself ended, as when it could not start. */
  | { readonly kind: "died"; readonly message: string };

interface Order {
  readonly name: string;
  readonly order: unknown;
  readonly settle: (outcome: ThreadOutcome<never>) => void;
}

/** `Skills` says what the module answers: names, what each takes, and what it gives. */
export class ThreadPool<Skills extends { [name: string]: { order: unknown; answer: unknown } }> {
  readonly #options: ThreadPoolOptions;
  readonly #threads: Thread[];
  readonly #waiting: Order[] = [];
  #isClosed = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
    this.#threads = Array.from({ length: options.threads }, () => new Thread(options));
  }

  /** Orders wait their turn; a limit's time counts from when the work begins. */
  ask<Name extends keyof Skills & string>(
    name: Name,
    order: Skills[Name]["order"],
  ): Promise<ThreadOutcome<Skills[Name]["answer"]>> {
    if (this.#isClosed) throw new Error(`${this.#options.module} is closed`);
    if (this.#waiting.length >= WAITING_MAX) throw new Error(`${this.#options.module} has too many orders waiting`);
    return new Promise((settle) => {
      this.#waiting.push({ name, order, settle });
      this.#hand();
    });
  }

  /** What is at work ends unanswered, as if its thread had died. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { settle } of this.#waiting.splice(0)) settle({ kind: "died", message: "closed" });
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  #hand(): void {
    for (const thread of this.#threads) {
      if (thread.isBusy) continue;
      const next = this.#waiting.shift();
      if (!next) return;
      void thread.work(next).then((outcome) => {
        next.settle(outcome);
        this.#hand();
      });
    }
  }
}

class Thread {
  readonly #options: ThreadPoolOptions;
  #worker: Promise<Worker> | undefined;
  isBusy = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  async work(order: Order): Promise<ThreadOutcome<never>> {
    this.isBusy = true;
    try {
      this.#worker ??= readyWorker(this.#options);
      const outcome = await answerOf(await this.#worker, order, this.#options.limits);
      if (outcome.kind !== "answered" && outcome.kind !== "failed") await this.end();
      return outcome;
    } catch (error) {
      this.#worker = undefined;
      return describeEnd(error);
    } finally {
      this.isBusy = false;
    }
  }

  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.then((started) => started.terminate()).catch(() => {}); // it never started
  }
}

/** Its start is none of an order's time. Rejects when it cannot start. */
async function readyWorker(options: ThreadPoolOptions): Promise<Worker> {
  const worker = startWorker(options);
  const ended = new AbortController();
  worker.once("exit", () => ended.abort());
  await once(worker, "message", ended); // or the error of a start that failed
  worker.on("error", () => {}); // who waits for an answer hears of it; without an order there is nobody to tell
  worker.unref();
  return worker;
}

/** It is told nothing of our environment, and what it prints goes nowhere: what it works on is not ours to show. */
function startWorker({ module, settings, limits }: ThreadPoolOptions): Worker {
  const worker = new Worker(threadEntry(module), {
    workerData: settings,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  return worker;
}

function answerOf(worker: Worker, { name, order }: Order, limits: ThreadLimits): Promise<ThreadOutcome<never>> {
  return new Promise((resolve) => {
    const settle = (outcome: ThreadOutcome<never>) => {
      clearTimeout(timer);
      clearInterval(look);
      worker.off("message", settle).off("error", onError).off("exit", onExit).unref();
      resolve(outcome);
    };
    const onError = (error: Error) => settle(describeEnd(error));
    const onExit = (code: number) => settle(describeEnd(endedWith(code)));
    const startMb = residentMb();
    const timer = setTimeout(() => settle({ kind: "too-slow" }), limits.timeoutMs);
    const look = setInterval(() => {
      if (residentMb() - startMb > limits.growthMb) settle({ kind: "too-much-memory" });
    }, MEMORY_LOOK_MS);
    worker.on("message", settle).on("error", onError).on("exit", onExit).ref();
    worker.postMessage({ name, order });
  });
}

function residentMb(): number {
  return process.memoryUsage.rss() / MEGABYTE;
}

function endedWith(code: number): Error {
  return new Error(`the thread ended with ${code}`);
}

function describeEnd(error: unknown): ThreadOutcome<never> {
  if (!(error instanceof Error)) return { kind: "died", message: String(error) };
  const isOutOfMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  return isOutOfMemory ? { kind: "too-much-memory" } : { kind: "died", message: error.message };
}
