/** Writes an answer in one go: the head as a flat list, so that nothing is kept, sorted or looked up on the way. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, type Readable } from "node:stream";
import type { Answer } from "./answer.ts";
import { spanIdOf, traceIdOf } from "./trace-ids.ts";

const HEADERS_OF_EVERY_ANSWER: readonly string[] = [
  ...["Access-Control-Allow-Origin", "*"],
  ...["Access-Control-Allow-Headers", "Content-Type,Authorization"],
  ...["Access-Control-Allow-Methods", "GET,PUT,POST,DELETE"],
  ...["X-Content-Type-Options", "nosniff"],
  ...["X-Frame-Options", "SAMEORIGIN"],
  ...["X-Permitted-Cross-Domain-Policies", "none"],
  ...["Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload"],
  ...["Cache-Control", "no-store, no-cache, private, must-revalidate"],
];

/** Such an answer has neither a type nor a length (RFC 9110 §8.6, §15.3.5). */
const NO_CONTENT = 204;

/** The server leaves the body out by itself when only the head was asked for. */
export function writeAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, contentType, body, stream, headers = [] } = answer;
  if (status === NO_CONTENT) {
    response.writeHead(status, [...HEADERS_OF_EVERY_ANSWER, ...tracing(request), ...headers]).end();
    return;
  }
  if (stream) {
    const head = [...HEADERS_OF_EVERY_ANSWER, ...tracing(request), "Content-Type", contentType, ...headers];
    writeStream(request, response.writeHead(status, head), stream);
    return;
  }
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  response.writeHead(status, [
    ...HEADERS_OF_EVERY_ANSWER,
    ...tracing(request),
    ...["Content-Type", contentType, "Content-Length", String(length)],
    ...headers,
  ]);
  response.end(body);
}

/** What fails on the way cuts the connection: whoever reads it sees that this is not all. */
function writeStream({ method }: IncomingMessage, response: ServerResponse, stream: Readable): void {
  if (method === "HEAD") {
    stream.destroy();
    response.end();
    return;
  }
  pipeline(stream, response, () => undefined);
}

function tracing({ headers }: IncomingMessage): string[] {
  return ["X-B3-TraceId", traceIdOf(headers), "X-B3-SpanId", spanIdOf(headers)];
}
