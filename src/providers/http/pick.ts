/** Reads one value out of what a supplier sent. Only own members count, and only text, numbers and truth values are values. */
import type { Pick } from "./supplier.ts";

/** A body read once: the text, and the JSON in it if it is JSON. */
export interface Body {
  text: string;
  json: unknown;
}

export function readBody(bytes: Uint8Array): Body {
  const text = new TextDecoder().decode(bytes);
  return { text, json: parseJson(text) };
}

/** The JSON in a text; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function pick(body: Body, where: Pick): string | undefined {
  if ("path" in where) return pickPath(body.json, where.path);
  const found = new RegExp(where.pattern).exec(body.text);
  return found === null ? undefined : (found[1] ?? found[0]);
}

/** `pickPath({ messages: [{ id: 7 }] }, "messages.0.id")` → "7" */
export function pickPath(value: unknown, path: string): string | undefined {
  let found = value;
  for (const step of path.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return asText(found);
}

function asText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
