/**
 * The public API on a port of its own, and a client that says exactly what it is told to.
 *
 *     const api = await startApi(world.app);
 *     const answer = await api.post("/v2/notifications/sms", body, { as: service });
 */
import { createHmac } from "node:crypto";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import type { App } from "../../src/flow/app.ts";
import type { Intake } from "../../src/flow/intake/accept.ts";
import { createDailyLimits } from "../../src/flow/intake/daily-limit.ts";
import { createFlights } from "../../src/flow/intake/flights.ts";
import { createRateLimit } from "../../src/flow/intake/rate-limit.ts";
import type { ApiWatch } from "../../src/flow/keys/api-watch.ts";
import { createSuppressedLookup } from "../../src/flow/suppressions/suppressed-lookup.ts";
import type { KeyKind } from "../../src/records/services/service.ts";
import { registerApi } from "../../src/servers/api/register-api.ts";
import { registerDocuments } from "../../src/servers/downloads/documents.ts";
import type { WorldService } from "./world.ts";

export interface TestApi {
  /** Its address, such as http://127.0.0.1:41234. */
  url: string;
  get(path: string, options?: RequestOptions): Promise<ApiAnswer>;
  /** Sends text and bytes as they are, anything else as JSON. */
  post(path: string, body: unknown, options?: RequestOptions): Promise<ApiAnswer>;
  request(method: string, path: string, options?: RequestOptions & { body?: string | Buffer }): Promise<ApiAnswer>;
  close(): Promise<void>;
}

export interface RequestOptions {
  /** Whose token the request carries; none when it is left out. */
  as?: WorldService;
  /** With which of its keys; its live one when it is left out. */
  with?: KeyKind;
  headers?: Record<string, string>;
}

export interface ApiAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
  json: any;
}

export async function startApi(app: App, watch?: ApiWatch): Promise<TestApi> {
  const server = Fastify({ forceCloseConnections: true });
  registerApi(server, { intake: intakeOf(app), watch });
  registerDocuments(server, { app });
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const request: TestApi["request"] = (method, path, options = {}) =>
    ask(url, { method, path, body: options.body, headers: { ...tokenHeader(app, options), ...options.headers } });
  return {
    url,
    get: (path, options) => request("GET", path, options),
    post: (path, body, options) => request("POST", path, { ...options, body: bodyOf(body) }),
    request,
    close: () => server.close(),
  };
}

export interface TokenParts {
  secret: string;
  claims: Record<string, unknown>;
  header?: Record<string, unknown>;
}

/** A token as clients make it (RFC 7519, HS256), or as they should not. */
export function bearerToken({ secret, claims, header = { typ: "JWT", alg: "HS256" } }: TokenParts): string {
  const encoded = (json: unknown) => Buffer.from(JSON.stringify(json)).toString("base64url");
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `Bearer ${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

export function intakeOf(app: App): Intake {
  return {
    ...app,
    flights: createFlights(app.db, () => {}),
    rateLimit: createRateLimit(app.db, app.clock),
    dailyLimits: createDailyLimits(app.db, app.clock),
    suppressed: createSuppressedLookup(app.db),
  };
}

export function tokenHeader(app: App, { as, with: kind = "live" }: RequestOptions): Record<string, string> {
  if (!as) return {};
  const claims = { iss: as.id, iat: Math.floor(app.clock.now().getTime() / 1000) };
  return { authorization: bearerToken({ secret: as.secrets[kind], claims }) };
}

function bodyOf(body: unknown): string | Buffer {
  return typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

interface Question {
  method: string;
  path: string;
  body: string | Buffer | undefined;
  headers: Record<string, string>;
}

/** Node's own client: it sends what it is given, doubled slashes and all. */
function ask(url: string, { method, path, body, headers }: Question): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const sent = httpRequest(url, { method, path, agent: false, headers: { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
