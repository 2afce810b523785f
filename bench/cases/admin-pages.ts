/**
 * The admin web in front of a service with a million messages: how long the server takes for a page or a search, one at a time over a
 * kept-alive connection, and how much a browser loads at first.
 */
import { Agent, request } from "undici";
import { startSession } from "../../src/flow/people/sessions.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { newId } from "../../src/platform/ids.ts";
import { insertUser } from "../../src/records/users/user-store.ts";
import { processorTimeOfTree } from "../measure/processes.ts";
import { median, percentile } from "../measure/statistics.ts";
import { startProduct } from "../product.ts";
import type { Site } from "../site.ts";
import { type Filled, fillService } from "./fill-service.ts";
import { bytesOfFirstLoad } from "./first-load.ts";

export const MESSAGES = 1_000_000;
const WARM_UP_TIMES = 15;
const TIMES = 60;
const OK = 200;
const COOKIE = "pennypost-session";
const BYTES_PER_KB = 1_000;
const MICROSECONDS_PER_MS = 1_000;

export interface PageRun {
  p50Ms: number;
  p99Ms: number;
  status: number;
  /** Processor time for one request: what a busy machine does not change. */
  cpuMs: { web: number; database: number };
}

export interface AdminRun {
  pages: Record<string, PageRun>;
  searches: Record<string, PageRun>;
  /** Undefined without a browser to measure with. */
  firstLoadKb: number | undefined;
}

export async function measureAdmin(site: Site): Promise<AdminRun> {
  const filled = await fillService(site, MESSAGES);
  const product = await startProduct(site, "web");
  const token = await signIn(site);
  const visitor = new Visitor(site, token);
  try {
    const clocks = () => ({
      web: processorTimeOfTree(product.pid),
      database: processorTimeOfTree(site.postmasterPid),
    });
    const pages = await measureAll(pagesOf(site, filled), { clocks, ask: (path) => visitor.get(path) });
    const searches = await measureAll(searchesOf(site), { clocks, ask: (path) => visitor.get(path) });
    const texts = await measureAll(textsOf(filled), { clocks, ask: (text) => visitor.search(text) });
    const dashboard = `${visitor.origin}/services/${site.target.serviceId}`;
    const first = await bytesOfFirstLoad(dashboard, { name: COOKIE, value: token });
    const firstLoadKb = first === undefined ? undefined : first / BYTES_PER_KB;
    return { pages, searches: { ...searches, ...texts }, firstLoadKb };
  } finally {
    await visitor.close();
    await product.stop();
  }
}

/** A platform administrator, who may see every page. */
async function signIn({ installation: { db } }: Site): Promise<string> {
  const userId = newId();
  const person = { name: "Bench", mobileNumber: undefined, passwordHash: undefined, isPlatformAdmin: true };
  await db.transaction((tx) => insertUser(tx, { id: userId, emailAddress: `${userId}@example.gov.uk`, ...person }));
  const wish = { userId, stage: "signed-in", ipAddress: "127.0.0.1", userAgent: "bench" } as const;
  return startSession({ db, clock: systemClock }, wish);
}

function pagesOf({ target }: Site, { newest }: Filled): Record<string, string> {
  const service = `/services/${target.serviceId}`;
  return {
    dashboard: service,
    "dashboard, 30 days": `${service}?range=30-days`,
    templates: `${service}/templates`,
    "one template": `${service}/templates/${target.templateId}`,
    messages: `${service}/messages`,
    "one message": `${service}/messages/${newest.id}`,
    usage: `${service}/usage`,
    "API integration": `${service}/developers`,
    team: `${service}/team`,
    settings: `${service}/settings`,
  };
}

function searchesOf({ target }: Site): Record<string, string> {
  const messages = `/services/${target.serviceId}/messages`;
  return { "by channel and failure": `${messages}?channel=sms&status=failed` };
}

function textsOf({ newest }: Filled): Record<string, string> {
  return {
    "by recipient": newest.recipient,
    "by reference": newest.reference,
    "by id": newest.id,
    "of nothing": "nothing like it",
  };
}

/** In microseconds so far. */
type Clocks = () => PageRun["cpuMs"];

async function measureAll(
  asked: Record<string, string>,
  { clocks, ask }: { clocks: Clocks; ask: (what: string) => Promise<number> },
): Promise<Record<string, PageRun>> {
  const runs: Record<string, PageRun> = {};
  for (const [name, what] of Object.entries(asked)) {
    const run = await measureOne(clocks, () => ask(what));
    if (run.status !== OK) throw new Error(`"${name}" was answered with ${run.status}`);
    runs[name] = run;
  }
  return runs;
}

async function measureOne(clocks: Clocks, ask: () => Promise<number>): Promise<PageRun> {
  for (let time = 0; time < WARM_UP_TIMES; time++) await ask();
  const before = clocks();
  const took: number[] = [];
  let status = 0;
  for (let time = 0; time < TIMES; time++) {
    const startedAtMs = performance.now();
    status = await ask();
    took.push(performance.now() - startedAtMs);
  }
  const after = clocks();
  const cpuOf = (name: keyof typeof after) => (after[name] - before[name]) / TIMES / MICROSECONDS_PER_MS;
  const cpuMs = { web: cpuOf("web"), database: cpuOf("database") };
  return { p50Ms: median([...took]), p99Ms: percentile(took, 0.99), status, cpuMs };
}

/** A browser's requests, without the browser. */
class Visitor {
  readonly origin: string;
  readonly #agent = new Agent({ connections: 1 });
  #cookie: string;
  readonly #messages: string;
  #token: string | undefined;

  constructor({ ports, target }: Site, token: string) {
    this.origin = `http://127.0.0.1:${ports.web}`;
    this.#cookie = `${COOKIE}=${token}`;
    this.#messages = `/services/${target.serviceId}/messages`;
  }

  async get(path: string): Promise<number> {
    const { statusCode, body } = await request(`${this.origin}${path}`, this.#options("GET"));
    await body.text();
    return statusCode;
  }

  /** Both steps of it: what is looked for is posted, and the answer leads to the page with what was found. */
  async search(text: string): Promise<number> {
    const form = new URLSearchParams({ _csrf: await this.#formToken(), search: text });
    const headers = { "content-type": "application/x-www-form-urlencoded", origin: this.origin };
    const options = this.#options("POST", headers);
    const answer = await request(`${this.origin}${this.#messages}`, { ...options, body: form.toString() });
    await answer.body.text();
    const { location } = answer.headers;
    if (typeof location !== "string") throw new Error(`a search was answered with ${answer.statusCode}`);
    return this.get(location);
  }

  async #formToken(): Promise<string> {
    this.#token ??= await this.#readToken();
    return this.#token;
  }

  async #readToken(): Promise<string> {
    const { body, headers } = await request(`${this.origin}${this.#messages}`, this.#options("GET"));
    this.#keepCookies([headers["set-cookie"] ?? []].flat());
    const found = /name="_csrf" value="([^"]+)"/.exec(await body.text());
    if (!found?.[1]) throw new Error("the messages page has no form");
    return found[1];
  }

  /** The token of a form is good only with the cookie that came with it. */
  #keepCookies(set: readonly string[]): void {
    this.#cookie = [this.#cookie, ...set.map((cookie) => cookie.split(";")[0])].join("; ");
  }

  #options(method: "GET" | "POST", headers: Record<string, string> = {}) {
    return { method, dispatcher: this.#agent, headers: { cookie: this.#cookie, ...headers } } as const;
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}
