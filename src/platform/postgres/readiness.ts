/** Whether a server answers at an address, and whether it is ours. */
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { CannotStart } from "../cannot-start.ts";
import { type ClusterRecord, clusterName, connectionUrl } from "./cluster-record.ts";

const CONNECT_TIMEOUT_MS = 2_000;
/** After a crash the server first replays up to `max_wal_size` of its log. */
const READY_WAIT_MS = 10 * 60_000;
const POLL_MS = 20;

const WHO_ARE_YOU = "select current_setting('cluster_name') as name, current_setting('data_directory') as dir";

type Answer = "ready" | "not-yet" | "nobody" | "stranger";

/** SQLSTATEs by which a server of ours says that it is there (PostgreSQL's appendix A). */
const CANNOT_CONNECT_NOW = "57P03";
const TOO_MANY_CONNECTIONS = "53300";
const WRONG_PASSWORD = ["28P01", "28000"];

export interface ServerAddress {
  record: ClusterRecord;
  clusterDir: string;
  port: number;
}

/** Waits until our server takes connections. False when it `hasEnded` before; throws when another server answers. */
export async function waitUntilReady(address: ServerAddress, hasEnded: () => boolean): Promise<boolean> {
  const { port } = address;
  const deadline = performance.now() + READY_WAIT_MS;
  while (performance.now() < deadline) {
    const answer = await ask(address);
    if (answer === "ready") return true;
    if (hasEnded()) return false;
    if (answer === "stranger") throw notOurs(port);
    await delay(POLL_MS);
  }
  throw new CannotStart(`The database did not become ready on port ${port} within ${READY_WAIT_MS / 60_000} minutes`);
}

function notOurs(port: number): CannotStart {
  return new CannotStart(
    `Another database server answers on port ${port}, or ours does not know the password that the data folder holds`,
  );
}

/** Asks once. Its name and folder prove that it is our server: not another's on a port that was ours, nor a copy's. */
export async function ask({ record, clusterDir, port }: ServerAddress): Promise<Answer> {
  const connectionString = connectionUrl(record, port);
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on("error", () => {}); // a connection cut while idle; the query below fails by itself
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string; dir: string }>(WHO_ARE_YOU);
    const [server] = rows;
    return server?.name === clusterName(record) && server.dir === clusterDir ? "ready" : "stranger";
  } catch (error) {
    return answerOf((error as { code?: string }).code);
  } finally {
    await client.end().catch(() => {});
  }
}

function answerOf(code: string | undefined): Answer {
  if (code === TOO_MANY_CONNECTIONS) return "ready";
  if (code === CANNOT_CONNECT_NOW) return "not-yet";
  return code !== undefined && WRONG_PASSWORD.includes(code) ? "stranger" : "nobody";
}
