/** Answers outside the versioned API, in the form Notify's API gives them: `{"result": "error", "message": …}`. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { Refusal } from "../core/refusal.ts";
import { isDatabaseAway } from "../platform/db.ts";
import { errorFields, type Log } from "../platform/log.ts";

const HEADERS_OF_EVERY_ANSWER = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "Content-Type,Authorization",
  "Access-Control-Allow-Methods": "GET,PUT,POST,DELETE",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
  "X-Permitted-Cross-Domain-Policies": "none",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
  "Cache-Control": "no-store, no-cache, private, must-revalidate",
};

const UNKNOWN_URL =
  "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.";
const WRONG_METHOD = "The method is not allowed for the requested URL.";
const TRY_LATER = "Pennypost cannot take this at the moment; try again";
const RETRY_AFTER_SECONDS = 1;
const SERVER_ERRORS_FROM = 500;
const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export interface PlainAnswer {
  status: number;
  contentType: string;
  body: string | Buffer;
  headers?: Headers;
}

/** Several values for what may come several times, as cookies do. */
type Headers = Record<string, string | string[]>;

export function jsonAnswer(status: number, value: unknown, headers: Headers = {}): PlainAnswer {
  return { status, contentType: "application/json", body: JSON.stringify(value), headers };
}

/** `message` is text, or an object of text by what is wrong. */
export function errorAnswer(status: number, message: unknown, headers: Headers = {}): PlainAnswer {
  return jsonAnswer(status, { result: "error", message }, headers);
}

export function unknownUrl(): PlainAnswer {
  return errorAnswer(404, UNKNOWN_URL);
}

/** What goes wrong on these paths is told in their form; only what nobody expected is logged. */
export function answerFailures(server: FastifyInstance, log: Log): void {
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = failureAnswer(error);
    if (answer.status === SERVER_ERRORS_FROM) {
      log.error("server.failed", { path: request.routeOptions.url, ...errorFields(error) });
    }
    return send(reply, answer);
  });
}

function failureAnswer(error: FastifyError): PlainAnswer {
  const isAway = isDatabaseAway(error) || (error instanceof Refusal && error.kind === "unavailable");
  if (isAway) return errorAnswer(503, TRY_LATER, { "Retry-After": String(RETRY_AFTER_SECONDS) });
  const { statusCode = SERVER_ERRORS_FROM, message } = error;
  return statusCode < SERVER_ERRORS_FROM ? errorAnswer(statusCode, message) : errorAnswer(500, "Internal server error");
}

/** A buffer as body: the framework would add a charset to the content type of a string. */
function send(reply: FastifyReply, { status, contentType, body, headers = {} }: PlainAnswer): FastifyReply {
  const all = { ...HEADERS_OF_EVERY_ANSWER, "Content-Type": contentType, ...headers };
  return reply
    .code(status)
    .headers(all)
    .send(Buffer.isBuffer(body) ? body : Buffer.from(body));
}

/** Every body as it came, whatever it claims to be. */
export function takeRawBodies(server: FastifyInstance, bodyMaxBytes: number): void {
  server.removeAllContentTypeParsers();
  const options = { parseAs: "buffer", bodyLimit: bodyMaxBytes } as const;
  server.addContentTypeParser("*", options, (_request, body, done) => done(null, body));
}

export type Answering = (request: FastifyRequest) => PlainAnswer | Promise<PlainAnswer>;

/** Puts a path on the server; methods it does not have are refused, and OPTIONS says which it has (RFC 9110 §15.5.6). */
export function resource(
  server: FastifyInstance,
  url: string,
  { GET, POST }: { GET?: Answering; POST?: Answering },
): void {
  const allow = [...(GET ? ["GET", "HEAD"] : []), "OPTIONS", ...(POST ? ["POST"] : [])].join(", ");
  const answerings = new Map<HTTPMethods, Answering | undefined>([
    ["GET", GET],
    ["HEAD", GET],
    ["POST", POST],
    ["OPTIONS", () => ({ status: 200, contentType: "text/html; charset=utf-8", body: "", headers: { Allow: allow } })],
  ]);
  for (const method of METHODS) {
    const answering = answerings.get(method) ?? (() => errorAnswer(405, WRONG_METHOD, { Allow: allow }));
    const handler = async (request: FastifyRequest, reply: FastifyReply) => send(reply, await answering(request));
    server.route({ method, url, handler, exposeHeadRoute: false });
  }
}
