/**
 * One kept-alive HTTP/1.1 connection that sends a request and waits for its answer (RFC 9112). It knows just as much of HTTP as the
 * answers to our own load need, so that the generator takes little of the machine it measures.
 */
import { connect, type Socket } from "node:net";

const HEAD_END = "\r\n\r\n";
const STATUS_AT = "HTTP/1.1 ".length;
const STATUS_DIGITS = 3;
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

export interface HttpAnswer {
  /** 0 when the connection was lost before an answer. */
  status: number;
  body: string;
}

export class HttpLine {
  readonly #port: number;
  #socket: Socket | undefined;
  #received = "";
  #settle: ((answer: HttpAnswer) => void) | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port: this.#port, noDelay: true });
      socket.setEncoding("latin1");
      socket.once("connect", resolve);
      socket.once("error", reject);
      socket.on("error", () => {});
      socket.on("data", (text: string) => this.#receive(text));
      socket.on("close", () => this.#lose(socket));
      this.#socket = socket;
    });
  }

  /** One request at a time. A connection that was closed meanwhile is opened anew. */
  async send(request: string): Promise<HttpAnswer> {
    if (!this.#socket) await this.open();
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#socket?.write(request, "latin1");
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #receive(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const length = Number(CONTENT_LENGTH.exec(this.#received.slice(0, headEnd))?.[1] ?? 0);
    const end = headEnd + HEAD_END.length + length;
    if (this.#received.length < end) return;
    const status = Number(this.#received.slice(STATUS_AT, STATUS_AT + STATUS_DIGITS));
    const body = this.#received.slice(headEnd + HEAD_END.length, end);
    this.#received = this.#received.slice(end);
    this.#answer({ status, body });
  }

  #lose(socket: Socket): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#received = "";
    this.#answer({ status: 0, body: "" });
  }

  #answer(answer: HttpAnswer): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(answer);
  }
}
