/** One pool of kept-alive connections for each place we call; the least recently used makes room, the idle are closed. */
import { type buildConnector, type Dispatcher, Pool } from "undici";

const SWEEP_INTERVAL_MS = 30_000;
/** Below the 5 s after which many servers drop an idle connection, so that we are the one to let go. */
const KEEP_ALIVE_TIMEOUT_MS = 4_000;

export interface DestinationLimits {
  /** Pools kept at once. */
  destinations: number;
  connectionsPerDestination: number;
}

interface Destination {
  pool: Pool;
  usedSinceSweep: boolean;
}

export class Destinations {
  readonly #connect: buildConnector.connector;
  readonly #limits: DestinationLimits;
  /** In order of last use, oldest first. */
  readonly #byOrigin = new Map<string, Destination>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(connect: buildConnector.connector, limits: DestinationLimits) {
    this.#connect = connect;
    this.#limits = limits;
    this.#sweeper = setInterval(() => this.sweep(), SWEEP_INTERVAL_MS).unref();
  }

  get size(): number {
    return this.#byOrigin.size;
  }

  /** The pool for an origin such as `https://example.com:8443`. */
  of(origin: string): Dispatcher {
    const known = this.#byOrigin.get(origin);
    const destination = known ?? { pool: this.#newPool(origin), usedSinceSweep: true };
    destination.usedSinceSweep = true;
    if (known !== undefined) this.#byOrigin.delete(origin);
    this.#byOrigin.set(origin, destination);
    if (this.#byOrigin.size > this.#limits.destinations) this.#dropOldest();
    return destination.pool;
  }

  /** Closes the pools that nobody has used since the last sweep and that have nothing under way. */
  sweep(): void {
    for (const [origin, destination] of this.#byOrigin) {
      const { running, queued } = destination.pool.stats;
      if (!destination.usedSinceSweep && running === 0 && queued === 0) this.#drop(origin, destination);
      destination.usedSinceSweep = false;
    }
  }

  /** Waits for what is under way, then closes every connection. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    const pools = [...this.#byOrigin.values()].map(({ pool }) => pool);
    this.#byOrigin.clear();
    await Promise.all(pools.map((pool) => pool.close()));
  }

  #newPool(origin: string): Pool {
    return new Pool(origin, {
      connect: this.#connect,
      connections: this.#limits.connectionsPerDestination,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      headersTimeout: 0, // each request has one deadline of its own
      bodyTimeout: 0,
    });
  }

  #dropOldest(): void {
    const [oldest] = this.#byOrigin;
    if (oldest !== undefined) this.#drop(...oldest);
  }

  /** Closing lets what is under way finish. */
  #drop(origin: string, { pool }: Destination): void {
    this.#byOrigin.delete(origin);
    void pool.close();
  }
}
