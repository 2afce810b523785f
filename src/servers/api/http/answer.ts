/** What an endpoint answers with, before anything is written. */
import type { Readable } from "node:stream";
import { writeJson } from "../../../core/json/write-json.ts";

export interface Answer {
  status: number;
  contentType: string;
  body: string | Buffer;
  /** In the place of a body, where it may be long: written while it is read. */
  stream?: Readable;
  /** Beside those that every answer has: names and values in turn. */
  headers?: readonly string[];
}

const JSON_TYPE = "application/json";

/** Plain data, written by the platform: for what is asked thousands of times a second. */
export function json(status: number, value: unknown): Answer {
  return { status, contentType: JSON_TYPE, body: JSON.stringify(value) };
}

/** Data with amounts of money, which keep their decimal point. */
export function jsonWithMoney(status: number, value: unknown): Answer {
  return { status, contentType: JSON_TYPE, body: writeJson(value) };
}

export function withHeaders(answer: Answer, ...headers: string[]): Answer {
  return { ...answer, headers: [...(answer.headers ?? []), ...headers] };
}
