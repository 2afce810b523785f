/**
 * Streams of server-sent events (WHATWG HTML §9.2) to the browsers that are open. Each process hears all events in the order in which
 * they were committed and keeps the latest, so a browser that was away goes on after the last one it has seen; when that is too
 * long ago it is told to `reset`, which means to ask for the page anew.
 */
import { Readable } from "node:stream";
import { LIVE_CHANNEL, type LiveEvent } from "../../../flow/live.ts";
import type { Database, Subscription } from "../../../platform/db.ts";
import { newId } from "../../../platform/ids.ts";
import type { Log } from "../../../platform/log.ts";
import { type LiveData, type WatchedTopics, Watches } from "./watches.ts";

const KEPT_EVENTS_MAX = 1_000;
const HEARTBEAT_EVERY_MS = 15_000;
/** Then the browser asks again, and whether it still may is checked again. */
const STREAM_LIFE_MAX_MS = 5 * 60_000;
const RETRY_AFTER_MS = 2_000;
/** A visible tab has one; a few browsers may share a session's cookie. */
const STREAMS_PER_SESSION_MAX = 4;
/** A browser that takes nothing off the wire is let go. */
const UNREAD_MAX_BYTES = 64 * 1024;

export interface Live {
  /** Where the events are now: whoever reads the state after asking misses nothing that follows. */
  position(): string;
  /** The events of these topics, from after a position on. */
  open(wish: { topics: readonly string[]; after: string | undefined; session: string }): Readable;
  close(): Promise<void>;
}

interface Stream {
  topics: ReadonlySet<string>;
  session: string;
  readable: Readable;
  openedAt: number;
}

export interface LiveOptions {
  db: Database;
  log: Log;
  /** Topics that are asked for instead of published. */
  watched: WatchedTopics;
}

export async function startLive({ db, log, watched }: LiveOptions): Promise<Live> {
  const hub = new Hub();
  const watches = new Watches({
    sourceOf: watched,
    log,
    isWatched: (topic) => hub.isHeard(topic),
    tell: (topic, data) => hub.tell(topic, data),
  });
  const listening: Subscription = await db.listen(LIVE_CHANNEL, (payload) => hub.take(payload));
  const heartbeat = setInterval(() => hub.beat(), HEARTBEAT_EVERY_MS);
  return {
    position: () => hub.position,
    open: (wish) => {
      const readable = hub.open(wish);
      for (const topic of wish.topics) watches.add(topic, (data) => readable.push(stateText(topic, data)));
      return readable;
    },
    close: async () => {
      clearInterval(heartbeat);
      hub.endAll();
      await watches.close();
      await listening.close();
    },
  };
}

/** Guards the latest events and the streams that are open. */
class Hub {
  position = newId();
  #events: LiveEvent[] = [];
  /** Where the events that are kept begin: whoever has seen this or later can go on. */
  #start = this.position;
  readonly #streams = new Set<Stream>();

  /** Undefined: something may have been said while nobody listened. */
  take(payload: string | undefined): void {
    if (payload === undefined) this.#startAnew();
    else this.#pass(JSON.parse(payload));
  }

  #pass(event: LiveEvent): void {
    this.#events.push(event);
    if (this.#events.length > KEPT_EVENTS_MAX) this.#start = this.#events.shift()?.id ?? this.#start;
    this.position = event.id;
    for (const stream of this.#streams) if (stream.topics.has(event.topic)) write(stream, eventText(event));
  }

  open({ topics, after, session }: Parameters<Live["open"]>[0]): Readable {
    const readable = new Readable({ read: () => {} });
    const stream: Stream = { topics: new Set(topics), session, readable, openedAt: performance.now() };
    readable.once("close", () => this.#streams.delete(stream));
    this.#makeRoom(session);
    this.#streams.add(stream);
    write(stream, `retry: ${RETRY_AFTER_MS}\nid: ${this.position}\nevent: ready\ndata: {}\n\n`);
    const missed = this.#since(after);
    if (missed === undefined) write(stream, resetText(this.position));
    else for (const event of missed) if (stream.topics.has(event.topic)) write(stream, eventText(event));
    return readable;
  }

  isHeard(topic: string): boolean {
    return [...this.#streams].some(({ topics }) => topics.has(topic));
  }

  /** How something is now, for those who look at this moment: nobody needs to catch up with it. */
  tell(topic: string, data: LiveData): void {
    for (const stream of this.#streams) if (stream.topics.has(topic)) write(stream, stateText(topic, data));
  }

  beat(): void {
    for (const stream of this.#streams) {
      const isOld = performance.now() - stream.openedAt > STREAM_LIFE_MAX_MS;
      if (isOld) stream.readable.push(null);
      else write(stream, ": still here\n\n");
    }
  }

  endAll(): void {
    for (const { readable } of this.#streams) readable.push(null);
  }

  #startAnew(): void {
    this.#events = [];
    this.position = newId();
    this.#start = this.position;
    for (const stream of this.#streams) write(stream, resetText(this.position));
  }

  /** Undefined when that is too long ago, or was said by another process before this one listened. */
  #since(after: string | undefined): LiveEvent[] | undefined {
    if (after === undefined || after === this.position) return [];
    if (after === this.#start) return this.#events;
    const index = this.#events.findIndex((event) => event.id === after);
    return index === -1 ? undefined : this.#events.slice(index + 1);
  }

  #makeRoom(session: string): void {
    const own = [...this.#streams].filter((stream) => stream.session === session);
    for (const { readable } of own.slice(0, Math.max(0, own.length - STREAMS_PER_SESSION_MAX + 1))) readable.push(null);
  }
}

function write({ readable }: Stream, text: string): void {
  if (readable.readableEnded || readable.destroyed) return;
  if (readable.readableLength > UNREAD_MAX_BYTES) readable.destroy();
  else readable.push(text);
}

function eventText({ id, topic, data }: LiveEvent): string {
  return `id: ${id}\nevent: live\ndata: ${JSON.stringify({ topic, data })}\n\n`;
}

/** Without an id of its own, so that the browser keeps the one it has. */
function stateText(topic: string, data: LiveData): string {
  return `event: live\ndata: ${JSON.stringify({ topic, data })}\n\n`;
}

function resetText(position: string): string {
  return `id: ${position}\nevent: reset\ndata: {}\n\n`;
}
