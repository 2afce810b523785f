/** One call of the API over `fetch`, its errors in one form, tried again when that is safe. */
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiKey, signToken } from "./api-key.ts";
import { type ApiError, PennypostError } from "./pennypost-error.ts";

const USER_AGENT = "pennypost-client/0.1.0";
const ERRORS_FROM = 400;
const ATTEMPTS_MAX = 3;
const FIRST_WAIT_MS = 250;
const WAIT_MAX_MS = 5_000;
const MS_PER_SECOND = 1_000;

export interface Connection {
  /** Without a slash at the end. */
  baseUrl: string;
  key: ApiKey;
  timeoutMs: number;
  fetch: typeof globalThis.fetch;
}

export interface Call {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** From `/v2` on. */
  path: string;
  query?: Record<string, string | readonly string[] | undefined>;
  body?: object;
  /** In the place of a body: a table as CSV. */
  table?: string;
  /** The API carries out a request with the same key once, however often it is made. */
  idempotencyKey?: string | undefined;
}

/** An answer, read to its end. */
interface Received {
  status: number;
  retryAfter: string | null;
  bytes: Buffer;
}

export async function callForJson<Body>(connection: Connection, call: Call): Promise<Body> {
  const { bytes, status } = await answerTo(connection, call);
  const body = parseJson(bytes.toString());
  if (body !== undefined) return body as Body;
  throw new PennypostError([{ error: "HTTPError", message: "The answer is not JSON" }], { statusCode: status });
}

export async function callForBytes(connection: Connection, call: Call): Promise<Buffer> {
  return (await answerTo(connection, call)).bytes;
}

/** Reading is safe to repeat, and so is a request with an idempotency key. */
async function answerTo(connection: Connection, call: Call): Promise<Received> {
  const attempts = call.method === "GET" || call.idempotencyKey !== undefined ? ATTEMPTS_MAX : 1;
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(connection, call);
    } catch (error) {
      const waitMs = error instanceof PennypostError && error.isRetryable ? waitAfter(error, attempt) : undefined;
      if (waitMs === undefined || waitMs > WAIT_MAX_MS || attempt >= attempts) throw error;
      await sleep(waitMs);
    }
  }
}

async function attemptOnce(connection: Connection, call: Call): Promise<Received> {
  const received = await receive(connection, call);
  if (received.status >= ERRORS_FROM) throw errorOf(received);
  return received;
}

async function receive(connection: Connection, call: Call): Promise<Received> {
  const url = `${connection.baseUrl}${call.path}${queryOf(call)}`;
  const request = requestOf(connection, call);
  try {
    const response = await connection.fetch(url, request);
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, retryAfter: response.headers.get("retry-after"), bytes };
  } catch (cause) {
    throw new PennypostError([whyUnanswered(cause, connection)], { cause });
  }
}

function requestOf(connection: Connection, call: Call): RequestInit {
  return {
    method: call.method,
    headers: headersOf(connection, call),
    redirect: "error", // a redirect would carry the token to somewhere else
    signal: AbortSignal.timeout(connection.timeoutMs),
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    ...(call.table === undefined ? {} : { body: call.table }),
  };
}

function whyUnanswered(cause: unknown, { timeoutMs }: Connection): ApiError {
  if (cause instanceof Error && cause.name === "TimeoutError") {
    return { error: "TimeoutError", message: `No answer within ${timeoutMs} ms` };
  }
  return { error: "NetworkError", message: `The API cannot be reached${codeOf(cause)}` };
}

function headersOf({ key }: Connection, call: Call): Record<string, string> {
  return {
    authorization: `Bearer ${signToken(key, new Date())}`,
    "user-agent": USER_AGENT,
    ...(call.body === undefined ? {} : { "content-type": "application/json" }),
    ...(call.table === undefined ? {} : { "content-type": "text/csv; charset=utf-8" }),
    ...(call.idempotencyKey === undefined ? {} : { "idempotency-key": call.idempotencyKey }),
  };
}

function queryOf({ query = {} }: Call): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => [name, one] as [string, string]),
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}

function errorOf({ status, retryAfter, bytes }: Received): PennypostError {
  const retryAfterSeconds = /^\d+$/.test(retryAfter ?? "") ? Number(retryAfter) : undefined;
  const unnamed = { error: "HTTPError", message: `The answer was HTTP status ${status}` };
  const [first = unnamed, ...rest] = errorsIn(parseJson(bytes.toString()));
  return new PennypostError([first, ...rest], { statusCode: status, retryAfterSeconds });
}

/** Both of the API's error bodies: `{ errors: [{ error, message }] }`, and `{ result: "error", message }`. */
function errorsIn(body: unknown): ApiError[] {
  if (typeof body !== "object" || body === null) return [];
  const { errors, message } = body as Record<string, unknown>;
  if (Array.isArray(errors)) return errors.filter(isApiError);
  return typeof message === "string" ? [{ error: "HTTPError", message }] : [];
}

function isApiError(value: unknown): value is ApiError {
  if (typeof value !== "object" || value === null) return false;
  const { error, message } = value as Partial<Record<string, unknown>>;
  return typeof error === "string" && typeof message === "string";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function waitAfter(error: PennypostError, attempt: number): number {
  if (error.retryAfterSeconds !== undefined) return error.retryAfterSeconds * MS_PER_SECOND;
  return FIRST_WAIT_MS * 2 ** (attempt - 1);
}

/** `fetch` puts the reason one level down. */
function codeOf(cause: unknown): string {
  const inner = cause instanceof Error ? cause.cause : undefined;
  const code = inner instanceof Error && "code" in inner ? inner.code : undefined;
  return typeof code === "string" ? ` (${code})` : "";
}
