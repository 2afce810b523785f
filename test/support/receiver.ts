/** A service's own system, as callbacks reach it: an HTTP server that keeps what it is sent and answers as it is told. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** A status to answer with; `hang` never answers. */
  answer: (request: Received) => number | "hang";
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = { path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() };
    receiver.received.push(received);
    respond(response, receiver.answer(received));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    answer: () => 204,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return receiver;
}

function respond(response: ServerResponse, answer: number | "hang"): void {
  if (answer === "hang") return;
  response.writeHead(answer, answer >= 300 && answer < 400 ? { location: "/elsewhere" } : {}).end();
}
