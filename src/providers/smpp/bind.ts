/** Keeps one connection to the carrier bound: connects, logs in, and when it is lost comes back after a growing, jittered wait. */
import { setTimeout as sleep } from "node:timers/promises";
import { connect, bind as logIn } from "../../platform/smpp/connect.ts";
import type { RequestPdu } from "../../platform/smpp/pdu.ts";
import { type Answer, Session } from "../../platform/smpp/session.ts";
import type { Settings } from "./options.ts";

/** A bind that held so long was a good one: the next wait begins at the shortest again. */
const GOOD_BIND_MS = 10_000;
const BIND_DOUBLINGS_MAX = 16;

export type Role = "transceiver" | "transmitter" | "receiver";

export interface BindHandlers {
  onBound(): void;
  onUnbound(reason: string): void;
  /** A request of the carrier's, to be answered on `session`. */
  onRequest(session: Session, sequence: number, pdu: RequestPdu): void;
}

export class Bind {
  readonly role: Role;
  readonly #settings: Settings;
  readonly #handlers: BindHandlers;
  readonly #stopping = new AbortController();
  #session: Session | undefined;
  #isBound = false;
  #failures = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(role: Role, settings: Settings, handlers: BindHandlers) {
    this.role = role;
    this.#settings = settings;
    this.#handlers = handlers;
  }

  /** Whether messages may go out here now. */
  get takesMessages(): boolean {
    return this.#isBound && this.role !== "receiver";
  }

  get free(): number {
    return this.takesMessages ? (this.#session?.free ?? 0) : 0;
  }

  get pending(): number {
    return this.#session?.pending ?? 0;
  }

  start(): void {
    this.#running = this.#keepBound();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#isBound) await this.#session?.unbind();
    else this.#session?.close("stopped");
    await this.#running;
  }

  async request(pdu: RequestPdu): Promise<Answer> {
    return this.#session && this.#isBound ? this.#session.request(pdu) : { kind: "not-sent" };
  }

  async #keepBound(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const startedAt = performance.now();
      const reason = await this.#oneLife();
      this.#failures = performance.now() - startedAt > GOOD_BIND_MS ? 0 : this.#failures + 1;
      if (this.#stopping.signal.aborted) return;
      const retryInMs = this.#wait();
      this.#settings.log.warn("smpp.unbound", { provider: this.#settings.name, bindsAs: this.role, reason, retryInMs });
      await sleep(retryInMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
  }

  /** From connecting to the loss of the connection; resolves with the reason of its end, never rejects. */
  async #oneLife(): Promise<string> {
    try {
      const socket = await connect(this.#settings);
      return await new Promise((resolve) => {
        const session = this.#open(socket, resolve);
        this.#session = session;
        if (this.#stopping.signal.aborted) session.close("stopped");
        else void this.#logIn(session);
      });
    } catch (error) {
      return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : "could not connect";
    }
  }

  #open(socket: ConstructorParameters<typeof Session>[0], onEnd: (reason: string) => void): Session {
    const { windowSize, requestTimeoutMs: responseTimeoutMs, enquireLinkMs, log, name } = this.#settings;
    const limits = { windowSize, responseTimeoutMs, enquireLinkMs };
    const session: Session = new Session(socket, limits, {
      onRequest: (sequence, pdu) => this.#handlers.onRequest(session, sequence, pdu),
      onFault: (status) => log.warn("smpp.malformed", { provider: name, status }),
      onClosed: (reason) => {
        const wasBound = this.#isBound;
        this.#isBound = false;
        if (wasBound) this.#handlers.onUnbound(reason);
        onEnd(reason);
      },
    });
    return session;
  }

  async #logIn(session: Session): Promise<void> {
    const { systemId, password, systemType } = this.#settings;
    const result = await logIn(session, { role: this.role, systemId, password, systemType });
    if (result.kind !== "bound") {
      session.close(result.kind === "refused" ? `the bind was refused: ${result.code}` : result.reason);
      return;
    }
    if (session.isClosed) return;
    this.#isBound = true;
    this.#settings.log.info("smpp.bound", { provider: this.#settings.name, bindsAs: this.role });
    this.#handlers.onBound();
  }

  /** Twice as long after each failure, somewhere between half and all of it, so that many binds do not come back at once. */
  #wait(): number {
    const { reconnectMinMs, reconnectMaxMs } = this.#settings;
    const doublings = Math.min(Math.max(0, this.#failures - 1), BIND_DOUBLINGS_MAX);
    const longest = Math.min(reconnectMaxMs, reconnectMinMs * 2 ** doublings);
    return Math.round(longest * (0.5 + Math.random() / 2));
  }
}
