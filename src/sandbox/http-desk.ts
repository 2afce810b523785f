/** What the sandbox's parts that are spoken to over HTTP have in common. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** Undefined when it is larger than what is ever sent there. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A status with an empty object, unless something was answered already. */
export function answerEmpty(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status, { "content-type": "application/json" }).end("{}");
}
