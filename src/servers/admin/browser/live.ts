/**
 * Shows what happens while it happens. Inside an element with `data-live="service.….counters"`, an element with
 * `data-live-field="delivered"` shows that field of each event; a script may listen with `onLive`. One stream carries all topics
 * of the page, only while it is visible, and goes on after the last event it has seen.
 *
 *     <p data-live="service.{id}.message.{id}"><strong data-live-field="status">Sending</strong></p>
 */
import { announce } from "./announce.ts";
import { fetchPage } from "./parts.ts";

export type LiveData = Readonly<Record<string, string | number | boolean | null>>;
type Listener = (data: LiveData) => void;

const listeners = new Map<string, Set<Listener>>();
let stream: EventSource | undefined;
let lastSeen: string | undefined;

/** Calls `listener` with each event of a topic. */
export function onLive(topic: string, listener: Listener): void {
  const known = listeners.get(topic) ?? new Set();
  listeners.set(topic, known.add(listener));
  reopen();
}

export function startLive(): void {
  lastSeen = document.body.dataset["liveAfter"];
  document.addEventListener("visibilitychange", reopen);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", reopen);
  reopen();
}

function topicsShown(): string[] {
  const shown = [...document.querySelectorAll<HTMLElement>("[data-live]")].map(
    (element) => element.dataset["live"] ?? "",
  );
  return [...new Set([...shown, ...listeners.keys()])];
}

function reopen(): void {
  close();
  const topics = topicsShown();
  if (document.hidden || topics.length === 0) return;
  const query = new URLSearchParams(topics.map((topic): [string, string] => ["topic", topic]));
  if (lastSeen) query.set("after", lastSeen);
  stream = new EventSource(`/live?${query}`);
  stream.addEventListener("live", (event) => take(event));
  stream.addEventListener("reset", (event) => void askAnew(event));
}

function close(): void {
  stream?.close();
  stream = undefined;
}

function take(event: MessageEvent<string>): void {
  lastSeen = event.lastEventId;
  const { topic, data } = JSON.parse(event.data) as { topic: string; data: LiveData };
  for (const element of elementsOf(topic)) fill(element, data);
  for (const listener of listeners.get(topic) ?? []) listener(data);
}

function elementsOf(topic: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-live]")].filter(
    (element) => element.dataset["live"] === topic,
  );
}

function fill(element: HTMLElement, data: LiveData): void {
  for (const place of element.querySelectorAll<HTMLElement>("[data-live-field]")) {
    const value = data[place.dataset["liveField"] ?? ""];
    if (value !== undefined && value !== null) place.textContent = format(value);
  }
  if (typeof data["said"] === "string") announce(data["said"]);
}

function format(value: string | number | boolean): string {
  return typeof value === "number" ? value.toLocaleString(document.documentElement.lang) : String(value);
}

/** Too much was missed: the page is asked for again, and what is live in it takes the place of what is shown. */
async function askAnew(event: MessageEvent<string>): Promise<void> {
  lastSeen = event.lastEventId;
  const page = await fetchPage();
  if (!page) return;
  for (const shown of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const fresh = [...page.querySelectorAll<HTMLElement>("[data-live]")].find((other) => other.id === shown.id);
    if (fresh && shown.id) shown.replaceChildren(...fresh.childNodes);
  }
}
