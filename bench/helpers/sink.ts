/** Where callbacks arrive: takes each, and remembers which messages it has heard of and when. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerWith, nowMs } from "./helper.ts";

const KEEP_ALIVE_MS = 60_000;
const KANNEL_TOKEN = /[?&]id=([^&]+)/;
const KANNEL_DELIVERED = /[?&]status=1(&|$)/;
const TOKEN = /"reference":"([^"]+)"/;
const DELIVERED = '"status":"delivered"';

export interface Heard {
  /** Messages, each counted once. */
  messages: number;
  /** Those said to be delivered. */
  delivered: number;
  /** Callbacks beyond one for each message. */
  repeated: number;
  lastAtMs: number;
}

export type SinkSkills = {
  listen(port: number): Promise<number>;
  /** Forgets what it has heard. */
  reset(): void;
  heard(): Heard;
  /** When it first heard of each message, by its token. */
  times(): Map<string, number>;
};

let times = new Map<string, number>();
let tally = { delivered: 0, repeated: 0, lastAtMs: 0 };

function reset(): void {
  times = new Map();
  tally = { delivered: 0, repeated: 0, lastAtMs: 0 };
}

function note(token: string | undefined, isDelivered: boolean): void {
  if (token === undefined) return;
  tally.lastAtMs = nowMs();
  if (times.has(token)) {
    tally.repeated += 1;
    return;
  }
  times.set(token, tally.lastAtMs);
  if (isDelivered) tally.delivered += 1;
}

function take(request: IncomingMessage, response: ServerResponse): void {
  let body = "";
  request.setEncoding("latin1");
  request.on("data", (text: string) => {
    body += text;
  });
  request.on("end", () => {
    const url = request.url ?? "";
    if (request.method === "GET") note(KANNEL_TOKEN.exec(url)?.[1], KANNEL_DELIVERED.test(url));
    else note(TOKEN.exec(body)?.[1], body.includes(DELIVERED));
    response.writeHead(200, { "content-length": 0 });
    response.end();
  });
}

async function listen(port: number): Promise<number> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, take);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

answerWith({
  listen,
  reset,
  heard: (): Heard => ({ messages: times.size, ...tally }),
  times: () => times,
});
