/**
 * The demonstration service's own system: a web server that takes callbacks, keeps them for a short time, and says thank you. Other parts of
 * the sandbox may live at addresses of the same server.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createBatcher } from "../../platform/batcher.ts";
import { errorFields, type Log } from "../../platform/log.ts";
import { readBody } from "../http-desk.ts";

const BODY_MAX_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
const CALLS_MAX = 500;
/** The bearer token is not kept: that it came is enough. */
const KEPT_HEADERS = ["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"];

export interface ReceivedCall {
  path: string;
  body: string;
  headers: Record<string, string>;
}

export interface Receiver {
  readonly port: number;
  stop(): Promise<void>;
}

export interface ReceiverOptions {
  host: string;
  /** 0 for any free port. */
  port: number;
  log: Log;
  /** Keeps a batch of calls; each is answered once it is kept. */
  outbox: (calls: ReceivedCall[]) => Promise<void>;
  /** Whether another part of the sandbox has taken a request. */
  takenElsewhere?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Starts the receiver; rejects when the port is taken. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const kept = createBatcher<ReceivedCall>({ writesAtOnceMax: 1, itemsMax: CALLS_MAX, write: options.outbox });
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    if (options.takenElsewhere?.(request, response)) return;
    take(request, response, (call) => kept.add(call)).catch((error) => {
      options.log.warn("sandbox.callback-not-kept", errorFields(error));
      response.writeHead(503).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await kept.idle();
    },
  };
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  keep: (call: ReceivedCall) => Promise<void>,
): Promise<void> {
  const body = request.method === "POST" ? await readBody(request, BODY_MAX_BYTES) : undefined;
  if (body === undefined) {
    response.writeHead(request.method === "POST" ? 413 : 405).end();
    return;
  }
  await keep({ path: request.url ?? "/", body, headers: keptHeaders(request) });
  response.writeHead(204).end();
}

function keptHeaders(request: IncomingMessage): Record<string, string> {
  const given = KEPT_HEADERS.map((name) => [name, request.headers[name]] as const);
  return Object.fromEntries(given.filter((header): header is [string, string] => typeof header[1] === "string"));
}
