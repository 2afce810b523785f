/** Speaks to the running installation as any customer's system would: over HTTP, with an API key. */
import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { Config } from "../config.ts";
import { Refusal } from "../core/refusal.ts";
import { parseFullApiKey } from "../records/api-keys/api-key.ts";
import type { CommandContext } from "./command.ts";
import { demoFile } from "./demo/demo-world.ts";
import { webAddress } from "./web-address.ts";

const REQUEST_TIMEOUT_MS = 30_000;

export interface ApiClient {
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
}

/** The key that was given, or the environment's, or the demonstration's. */
export function chooseKey(context: CommandContext, config: Config, given: string | undefined): string {
  const key = given ?? context.environment["PENNYPOST_API_KEY"] ?? demonstrationKey(config);
  if (key !== undefined) return key;
  throw new Refusal("invalid", "An API key is needed: --key, or PENNYPOST_API_KEY");
}

function demonstrationKey({ dataDir }: Config): string | undefined {
  const file = demoFile(dataDir);
  if (!existsSync(file)) return undefined;
  const { keys } = JSON.parse(readFileSync(file, "utf8")) as { keys?: { live?: string } };
  return keys?.live;
}

/** A token for one or a few requests: it is good for half a minute (RFC 7519, HS256). */
export function tokenOf(key: string, now: Date): string {
  const parsed = parseFullApiKey(key);
  if (!parsed) throw new Refusal("invalid", "That is not a whole API key: name-service id-secret");
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: parsed.serviceId, iat: Math.floor(now.getTime() / 1_000) };
  const signed = `${part({ typ: "JWT", alg: "HS256" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", parsed.secret).update(signed).digest("base64url")}`;
}

export function createApiClient(config: Config, key: string): ApiClient {
  const origin = config.origins.api ?? webAddress(config);
  tokenOf(key, new Date()); // refuses what is no key before anything is asked
  const call = async <Answer>(path: string, init: { method: string; body?: string }): Promise<Answer> => {
    const headers = { authorization: `Bearer ${tokenOf(key, new Date())}`, "content-type": "application/json" };
    const response = await request(`${origin}${path}`, { ...init, headers });
    const text = await response.text();
    if (!response.ok) throw new Refusal("bad-request", `${origin} answered ${response.status}: ${problemIn(text)}`);
    return JSON.parse(text) as Answer;
  };
  return {
    get: (path) => call(path, { method: "GET" }),
    post: (path, body) => call(path, { method: "POST", body: JSON.stringify(body) }),
  };
}

async function request(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  } catch {
    throw new Refusal("unavailable", `Nothing answers at ${new URL(url).origin}: is Pennypost started?`);
  }
}

/** The API's own words: `BadRequestError: Missing personalisation: name`. */
function problemIn(text: string): string {
  try {
    const { errors = [] } = JSON.parse(text) as { errors?: { error: string; message: string }[] };
    return errors.map(({ error, message }) => `${error}: ${message}`).join("; ");
  } catch {
    return "an answer that is not the API's";
  }
}
