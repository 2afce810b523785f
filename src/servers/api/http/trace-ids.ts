/** The ids by which a request can be followed through proxies and logs (the B3 headers): the caller's own, or new ones. */
import { randomFillSync } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** Bytes are drawn for many requests at once: a call to the generator costs more than all else here. */
const POOL_BYTES = 8_192;

/** In the order in which they are looked for. */
const TRACE_HEADERS = ["x-b3-traceid", "x-amz-cf-id", "x-amzn-trace-id"];
const SPAN_HEADER = "x-b3-spanid";
const ECHOED = /^[\x21-\x7e]{1,256}$/;

const pool = Buffer.alloc(POOL_BYTES);
const position = { at: POOL_BYTES };

export function traceIdOf(headers: IncomingHttpHeaders): string {
  for (const name of TRACE_HEADERS) {
    const given = headers[name];
    if (typeof given === "string" && ECHOED.test(given)) return given;
  }
  return randomHex(TRACE_ID_BYTES);
}

export function spanIdOf(headers: IncomingHttpHeaders): string {
  const given = headers[SPAN_HEADER];
  return typeof given === "string" && ECHOED.test(given) ? given : randomHex(SPAN_ID_BYTES);
}

function randomHex(bytes: number): string {
  if (position.at + bytes > POOL_BYTES) {
    randomFillSync(pool);
    position.at = 0;
  }
  position.at += bytes;
  return pool.toString("hex", position.at - bytes, position.at);
}
