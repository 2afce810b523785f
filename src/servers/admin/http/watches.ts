/**
 * Topics that nobody publishes, because what they tell of happens too often to be told each time: they are asked for while somebody
 * looks, and told when the answer has changed. One after another, at most once a second each, and resting longer than working,
 * so that however many look and however much happens, a process asks the database for a bounded part of its time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { LiveEvent } from "../../../flow/live.ts";
import { errorFields, type Log } from "../../../platform/log.ts";

const ROUND_EVERY_MS = 1_000;
/** Of the time a round took. */
const REST_FACTOR = 4;
/** Topics of one round; whoever looks at another sees it when the page is loaded again. */
const TOPICS_MAX = 100;

export type LiveData = LiveEvent["data"];
/** How a topic is asked for; undefined when it is one that is published. */
export type WatchedTopics = (topic: string) => (() => Promise<LiveData>) | undefined;

export interface WatchOptions {
  sourceOf: WatchedTopics;
  /** Whether anybody looks at a topic still. */
  isWatched: (topic: string) => boolean;
  tell: (topic: string, data: LiveData) => void;
  log: Log;
}

interface Watch {
  read: () => Promise<LiveData>;
  known: string | undefined;
}

/** Guards what is being watched and what was told of it last. */
export class Watches {
  readonly #options: WatchOptions;
  readonly #watches = new Map<string, Watch>();
  readonly #closing = new AbortController();
  #rounds: Promise<void> | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** From now on until nobody looks any more. Whoever comes to a topic that is watched is told what it says at once. */
  add(topic: string, tellOne: (data: LiveData) => void): void {
    const known = this.#watches.get(topic);
    if (known?.known) tellOne(JSON.parse(known.known));
    const read = this.#options.sourceOf(topic);
    if (known || !read || this.#watches.size >= TOPICS_MAX || this.#closing.signal.aborted) return;
    this.#watches.set(topic, { read, known: undefined });
    this.#rounds ??= this.#goRound();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#rounds;
  }

  async #goRound(): Promise<void> {
    const { signal } = this.#closing;
    while (this.#watches.size > 0 && !signal.aborted) {
      const startedAtMs = performance.now();
      for (const [topic, watch] of this.#watches) await this.#ask(topic, watch);
      const restMs = Math.max(ROUND_EVERY_MS, REST_FACTOR * (performance.now() - startedAtMs));
      await sleep(restMs, undefined, { signal }).catch(() => {});
    }
    this.#rounds = undefined;
  }

  async #ask(topic: string, watch: Watch): Promise<void> {
    if (this.#closing.signal.aborted) return;
    if (!this.#options.isWatched(topic)) {
      this.#watches.delete(topic);
      return;
    }
    try {
      const data = await watch.read();
      const text = JSON.stringify(data);
      if (text !== watch.known) this.#options.tell(topic, data);
      watch.known = text;
    } catch (error) {
      this.#options.log.warn("live.watch-failed", errorFields(error));
    }
  }
}
