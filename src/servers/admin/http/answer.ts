/** What an endpoint answers with, before anything is written. */
import type { Readable } from "node:stream";

export interface Answer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer | Readable;
  /** Undefined leaves the browser's session as it is; null ends it; text is the token of a new one. */
  session?: string | null;
  /** Said on the next page that is shown: words of the catalogue, nothing personal. */
  flash?: string;
  cookies?: readonly { name: string; value: string; maxAgeSeconds: number }[];
}

/** To another page of ours, which is then asked for with GET (RFC 9110 §15.4.4). `flash` is shown there in a success banner. */
export function redirect(path: string, more: Pick<Answer, "flash" | "session" | "cookies"> = {}): Answer {
  return { status: 303, headers: { location: path }, ...more };
}

/** For good: the page has moved (RFC 9110 §15.4.2). */
export function movedTo(path: string): Answer {
  return { status: 301, headers: { location: path } };
}

export function jsonAnswer(value: unknown): Answer {
  return { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body: JSON.stringify(value) };
}
