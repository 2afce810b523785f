/**
 * One SMPP connection, the same at either end (SMPP 3.4 §2): numbers requests, keeps no more of them unanswered than the window
 * allows, times them out, keeps the link checked with enquire_link, answers what the protocol itself asks, and says goodbye with
 * unbind. What the PDUs mean is its owner's affair.
 */
import type { Socket } from "node:net";
import { ByteWriter } from "./byte-writer.ts";
import { STATUS } from "./command-statuses.ts";
import { isResponseId } from "./commands.ts";
import { decodePdu } from "./decode-pdu.ts";
import { encodePdu } from "./encode-pdu.ts";
import { Fifo } from "./fifo.ts";
import { FrameSplitter } from "./frame-splitter.ts";
import { isOneWay, isResponse, type OneWayPdu, type RequestPdu, type ResponsePdu, responseTo } from "./pdu.ts";

const SEQUENCE_MAX = 0x7fffffff;
/** A peer that reads this little of what we say is not read from either, until it catches up. */
const UNSENT_MAX_BYTES = 512 * 1024;
/** How long a closed connection may take to hand over its last words. */
const LINGER_MAX_MS = 2_000;
const TICKS_PER_TIMEOUT = 8;
const TICK_MIN_MS = 5;
const TICK_MAX_MS = 1_000;

export interface SessionLimits {
  /** Requests that may be unanswered at once; more wait their turn. */
  windowSize: number;
  /** A request unanswered for so long is given up. */
  responseTimeoutMs: number;
  /** After so long a silence, ask whether the peer is there. */
  enquireLinkMs: number;
}

/** What became of a request. Only after `not-sent` and `unsayable` is it certain that the peer has not seen it. */
export type Answer =
  | { kind: "answered"; response: ResponsePdu }
  | { kind: "timed-out" }
  | { kind: "lost" } // the link closed before an answer
  | { kind: "not-sent" } // the link closed before it left
  | { kind: "unsayable"; reason: string }; // a value that does not fit its field

export interface SessionHandlers {
  /** A request of the peer's: answer it with `respond` or `nack`, whenever it is done. */
  onRequest(sequence: number, pdu: RequestPdu): void;
  /** outbind and alert_notification. */
  onOneWay?(pdu: OneWayPdu): void;
  /** Something that made no sense came in; it has been answered where the protocol says so. */
  onFault?(status: number): void;
  /** Called once; every unanswered request has been settled before. */
  onClosed(reason: string): void;
}

interface Unanswered {
  settle(answer: Answer): void;
  dueTick: number;
  isInWindow: boolean;
}

interface Waiting {
  pdu: RequestPdu;
  settle(answer: Answer): void;
}

export class Session {
  readonly #socket: Socket;
  readonly #limits: SessionLimits;
  readonly #handlers: SessionHandlers;
  readonly #writer = new ByteWriter();
  readonly #splitter = new FrameSplitter();
  /** In the order they were sent, which is the order they fall due. */
  readonly #unanswered = new Map<number, Unanswered>();
  readonly #waiting = new Fifo<Waiting>();
  /** Came in one piece with what made the owner pause. */
  readonly #unread = new Fifo<Buffer>();
  readonly #timer: NodeJS.Timeout;
  readonly #ticksToAnswer: number;
  readonly #ticksToEnquire: number;
  /**
   * Time is counted in ticks of our own timer, not read from a clock: when this process is held up, the peer's time stands
   * still too, and nobody is declared dead for our own pause.
   */
  #tick = 0;
  #lastHeardTick = 0;
  #isEnquiring = false;
  #sequence = 0;
  #inWindow = 0;
  #isFlushPlanned = false;
  #isPaused = false;
  #isUnbinding = false;
  #isClosed = false;

  constructor(socket: Socket, limits: SessionLimits, handlers: SessionHandlers) {
    this.#socket = socket;
    this.#limits = limits;
    this.#handlers = handlers;
    const tickMs = tickLength(limits);
    this.#ticksToAnswer = Math.ceil(limits.responseTimeoutMs / tickMs) + 1;
    this.#ticksToEnquire = Math.ceil(limits.enquireLinkMs / tickMs);
    this.#timer = setInterval(() => this.#onTick(), tickMs);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("drain", () => this.#isPaused || socket.resume());
    socket.on("error", (error: NodeJS.ErrnoException) => this.close(error.code ?? "the connection failed"));
    socket.on("close", () => this.close("the peer closed the connection"));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Requests that could be sent at once. */
  get free(): number {
    if (this.#isClosed || this.#isUnbinding) return 0;
    return Math.max(0, this.#limits.windowSize - this.#inWindow - this.#waiting.length);
  }

  /** Requests sent, or waiting to be, that have no answer yet. */
  get pending(): number {
    return this.#inWindow + this.#waiting.length;
  }

  /** Sends a request as soon as the window has room for it; never rejects. */
  request(pdu: RequestPdu): Promise<Answer> {
    return new Promise((settle) => {
      if (this.#isClosed || this.#isUnbinding) settle({ kind: "not-sent" });
      else if (this.#inWindow < this.#limits.windowSize) this.#send(pdu, settle);
      else this.#waiting.push({ pdu, settle });
    });
  }

  /** Reads nothing more from the peer until `resume`, for an owner that cannot keep up; the peer's silence is then our own doing. */
  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#lastHeardTick = this.#tick;
    while (this.#unread.length > 0 && !this.#isPaused) {
      const frame = this.#unread.shift();
      if (frame) this.#receiveFrame(frame);
    }
    if (!this.#isPaused) this.#socket.resume();
  }

  /** Answers the peer's request of this sequence number. */
  respond(sequence: number, response: ResponsePdu): void {
    if (this.#isClosed) return;
    try {
      encodePdu(this.#writer, response, sequence);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      encodePdu(this.#writer, { command: "generic_nack", status: STATUS.ESME_RSYSERR }, sequence);
    }
    this.#planFlush();
  }

  /** Refuses a request that makes no sense (§4.3.1). */
  nack(sequence: number, status: number): void {
    this.respond(sequence, { command: "generic_nack", status });
  }

  /** Sends outbind or alert_notification, which nobody answers. Throws a RangeError where a value does not fit. */
  say(pdu: OneWayPdu): void {
    if (this.#isClosed) return;
    encodePdu(this.#writer, pdu, this.#nextSequence());
    this.#planFlush();
  }

  /** Takes no more requests, says goodbye, waits (bounded) for the peer to agree, and closes. */
  async unbind(): Promise<void> {
    if (this.#isClosed || this.#isUnbinding) return;
    this.#isUnbinding = true;
    for (const { settle } of this.#waiting.takeAll()) settle({ kind: "not-sent" });
    await new Promise<Answer>((settle) => this.#send({ command: "unbind" }, settle));
    this.close("unbound");
  }

  /** Ends the connection once what was written has left, and settles whatever was unanswered. */
  close(reason: string): void {
    if (this.#isClosed) return;
    this.#flush();
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#socket.destroySoon();
    setTimeout(() => this.#socket.destroy(), LINGER_MAX_MS).unref();
    const unanswered = [...this.#unanswered.values()];
    this.#unanswered.clear();
    this.#inWindow = 0;
    for (const { settle } of unanswered) settle({ kind: "lost" });
    for (const { settle } of this.#waiting.takeAll()) settle({ kind: "not-sent" });
    this.#handlers.onClosed(reason);
  }

  #send(pdu: RequestPdu, settle: (answer: Answer) => void): void {
    const sequence = this.#nextSequence();
    try {
      encodePdu(this.#writer, pdu, sequence);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      settle({ kind: "unsayable", reason: error.message });
      return;
    }
    const isInWindow = !isOfTheLink(pdu);
    if (isInWindow) this.#inWindow++;
    this.#unanswered.set(sequence, { settle, dueTick: this.#tick + this.#ticksToAnswer, isInWindow });
    this.#planFlush();
  }

  #nextSequence(): number {
    this.#sequence = this.#sequence === SEQUENCE_MAX ? 1 : this.#sequence + 1;
    return this.#sequence;
  }

  #sendWaiting(): void {
    while (this.#waiting.length > 0 && this.#inWindow < this.#limits.windowSize) {
      const next = this.#waiting.shift();
      if (next) this.#send(next.pdu, next.settle);
    }
  }

  /** Everything said in one turn of the event loop leaves in one write. */
  #planFlush(): void {
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushPlanned = false;
    if (this.#isClosed || this.#socket.destroyed) return;
    this.#socket.cork();
    for (const piece of this.#writer.take()) this.#socket.write(piece);
    this.#socket.uncork();
    if (this.#socket.writableLength > UNSENT_MAX_BYTES) this.#socket.pause();
  }

  #receive(chunk: Buffer): void {
    this.#lastHeardTick = this.#tick;
    const { frames, isBroken } = this.#splitter.push(chunk);
    for (const frame of frames) {
      if (this.#isPaused) this.#unread.push(frame);
      else this.#receiveFrame(frame);
    }
    if (isBroken) this.#giveUpOnStream();
  }

  #giveUpOnStream(): void {
    this.#handlers.onFault?.(STATUS.ESME_RINVCMDLEN);
    this.nack(0, STATUS.ESME_RINVCMDLEN);
    this.close("the peer sent an impossible command_length");
  }

  #receiveFrame(frame: Buffer): void {
    if (this.#isClosed) return;
    const decoded = decodePdu(frame);
    if (decoded.kind === "malformed") this.#refuse(decoded);
    else if (isResponse(decoded.pdu)) this.#settle(decoded.sequence, { kind: "answered", response: decoded.pdu });
    else if (isOneWay(decoded.pdu)) this.#handlers.onOneWay?.(decoded.pdu);
    else this.#receiveRequest(decoded.sequence, decoded.pdu);
  }

  /** A malformed response is not answered: two confused ends would go on for ever. */
  #refuse(malformed: { sequence: number; commandId: number; status: number }): void {
    this.#handlers.onFault?.(malformed.status);
    if (!isResponseId(malformed.commandId)) this.nack(malformed.sequence, malformed.status);
  }

  #receiveRequest(sequence: number, pdu: RequestPdu): void {
    if (!isOfTheLink(pdu)) {
      this.#handlers.onRequest(sequence, pdu);
      return;
    }
    this.respond(sequence, responseTo(pdu));
    if (pdu.command === "unbind") this.close("the peer unbound");
  }

  /** An answer to nothing we know (given up, or never asked) is dropped. */
  #settle(sequence: number, answer: Answer): void {
    const unanswered = this.#unanswered.get(sequence);
    if (!unanswered) return;
    this.#unanswered.delete(sequence);
    if (unanswered.isInWindow) this.#inWindow--;
    unanswered.settle(answer);
    if (this.#waiting.length > 0) this.#sendWaiting();
  }

  #onTick(): void {
    this.#tick++;
    if (this.#isPaused) return;
    for (const [sequence, { dueTick }] of this.#unanswered) {
      if (dueTick > this.#tick) break;
      this.#settle(sequence, { kind: "timed-out" });
    }
    if (!this.#isEnquiring && this.#tick - this.#lastHeardTick >= this.#ticksToEnquire) this.#enquire();
  }

  /** Asks whether the peer is there; a link that carries nothing back any more is half open and gets closed. */
  #enquire(): void {
    if (this.#isClosed) return;
    this.#isEnquiring = true;
    this.#send({ command: "enquire_link" }, (answer) => {
      this.#isEnquiring = false;
      if (answer.kind === "timed-out") this.close("no answer to enquire_link");
    });
  }
}

function tickLength(limits: SessionLimits): number {
  const shortest = Math.min(limits.responseTimeoutMs, limits.enquireLinkMs);
  return Math.min(TICK_MAX_MS, Math.max(TICK_MIN_MS, Math.floor(shortest / TICKS_PER_TIMEOUT)));
}

/** enquire_link and unbind are about the link itself and must not wait behind a full window. */
function isOfTheLink(pdu: RequestPdu): boolean {
  return pdu.command === "enquire_link" || pdu.command === "unbind";
}
