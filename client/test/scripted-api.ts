/**
 * An API that answers as a test tells it to and keeps what it was asked, with a client that calls it.
 *
 *     let api: ScriptedApi;
 *     beforeEach(async () => { api = await startScriptedApi(); });
 *     afterEach(() => api.close());
 */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { PennypostClient, PennypostError } from "../src/index.ts";

export const SERVICE_ID = "26785a09-ab16-4eb0-8407-a37497a57506";
export const SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0";
export const API_KEY = `my_test-key-${SERVICE_ID}-${SECRET}`;
export const TEMPLATE_ID = "df10a23e-2c6d-4ea5-87fb-82e520cbf93a";
export const ID = "740e5834-3a29-46b4-9a6f-16142fde533a";

interface Seen {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body: string | Buffer;
}

export interface ScriptedApi {
  readonly baseUrl: string;
  readonly client: PennypostClient;
  /** What it answers, one after the other; the last stays. */
  replies: (Reply | "nothing" | "hang up")[];
  readonly seen: Seen[];
  /** Does no harm the second time. */
  close(): Promise<void>;
}

export async function startScriptedApi(): Promise<ScriptedApi> {
  const server = createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const body = await text(request);
    api.seen.push({ method, path, headers, body: body === "" ? undefined : JSON.parse(body) });
    const reply = api.replies.length > 1 ? api.replies.shift() : api.replies[0];
    if (reply === "hang up") request.socket.destroy();
    if (typeof reply !== "object") return;
    response.writeHead(reply.status ?? 200, reply.headers).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api: ScriptedApi = {
    baseUrl,
    client: new PennypostClient(baseUrl, API_KEY),
    replies: [{ body: '{"id":"1"}' }],
    seen: [],
    close: () => close(server),
  };
  return api;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** What the action throws. */
export function failureOf(action: () => unknown): PennypostError {
  try {
    action();
  } catch (error) {
    if (error instanceof PennypostError) return error;
  }
  throw new Error("expected a PennypostError");
}

/** What the promise is rejected with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<PennypostError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PennypostError) return error;
  throw new Error("expected a PennypostError", { cause: error });
}
