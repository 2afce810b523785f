/** One request to clamd and its answer, on a connection of its own. The `z` forms end in a NUL byte both ways. */
import { connect, type Socket } from "node:net";

const CONNECT_WITHIN_MS = 2_000;
const ANSWER_MAX_BYTES = 4 * 1024;
const PORT_MAX = 65_535;

export type ClamdAddress = { path: string } | { host: string; port: number };

export interface ClamdRequest {
  request: readonly (Buffer | string)[];
  withinMs: number;
}

export type Conversation = { kind: "answered"; answer: string } | { kind: "failed"; reason: string };

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENOENT: "there is no such socket",
  EACCES: "the socket may not be opened by this user",
  ENOTFOUND: "the host name is not known",
};

/** `/run/clamav/clamd.ctl`, `127.0.0.1:3310` or `[::1]:3310`; undefined for anything else. */
export function parseClamdAddress(text: string): ClamdAddress | undefined {
  if (text.startsWith("/")) return { path: text };
  const [, bracketed, plain, digits] = /^(?:\[([\da-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host !== undefined && port >= 1 && port <= PORT_MAX ? { host, port } : undefined;
}

/** Never rejects. */
export function converse(address: ClamdAddress, { request, withinMs }: ClamdRequest): Promise<Conversation> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const settle = (conversation: Conversation): void => {
      clearTimeout(connecting);
      clearTimeout(deadline);
      socket.destroy();
      resolve(conversation);
    };
    const failed = (reason: string): void => settle({ kind: "failed", reason });
    const connecting = setTimeout(failed, CONNECT_WITHIN_MS, "the connection took too long");
    const deadline = setTimeout(failed, withinMs, "there was no answer in time");
    readAnswer(socket, (answer) => settle({ kind: "answered", answer }));
    socket.once("connect", () => {
      clearTimeout(connecting);
      for (const part of request) socket.write(part);
    });
    // A file that is too large is refused while it is still sent: what was answered before the break counts.
    socket.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
      if (code !== "EPIPE" && code !== "ECONNRESET") failed(REASONS[code] ?? code);
    });
    socket.once("close", () => failed("the connection was closed"));
  });
}

function readAnswer(socket: Socket, onAnswer: (answer: string) => void): void {
  let received = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf(0);
    if (end !== -1) onAnswer(received.toString("utf8", 0, end));
    else if (received.length > ANSWER_MAX_BYTES) onAnswer("more than an answer");
  });
}
