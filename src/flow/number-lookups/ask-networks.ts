/**
 * What networks say of numbers: asked of a supplier, at a cost, only when a request says so. An answer is kept, sealed, for a day, and
 * serves whoever asks meanwhile, and the choice of routes. Each service may ask about so many numbers a day.
 */
import type { NetworkFacts } from "../../core/phone/network-facts.ts";
import { Refusal } from "../../core/refusal.ts";
import { blindIndex, deriveKey, open, seal } from "../../platform/sealing.ts";
import type { NetworkLookup } from "../../providers/provider.ts";
import {
  claimLookups,
  findLookups,
  type KeptLookup,
  keepLookup,
} from "../../records/number-lookups/network-lookup-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { LOOKUP_KEPT_MS } from "./network-finder.ts";

export const LOOKUPS_A_DAY_MAX = 1_000;
const ASKED_AT_ONCE_MAX = 10;

export interface NetworkAnswer {
  facts: NetworkFacts;
  lookedUpAt: Date;
}

type Asker = Pick<App, "db" | "keys" | "clock" | "log" | "networks" | "networkLookup">;
type Keeper = Pick<App, "db" | "keys" | "clock">;

/** By number. One that the supplier has no answer for is not in it, and is counted all the same: it was asked about. */
export async function askNetworks(
  app: Asker,
  service: Pick<Service, "id">,
  numbers: readonly string[],
): Promise<Map<string, NetworkAnswer>> {
  const supplier = await app.networkLookup?.();
  if (!supplier) throw new Refusal("bad-request", "Nobody is set up here who asks networks about numbers");
  const wanted = [...new Set(numbers)];
  const answers = await keptAnswers(app, wanted);
  const left = wanted.filter((digits) => !answers.has(digits));
  await claim(app, service.id, left.length);
  for (let at = 0; at < left.length; at += ASKED_AT_ONCE_MAX) {
    const asked = left.slice(at, at + ASKED_AT_ONCE_MAX);
    const found = await Promise.all(asked.map((digits) => ask(app, supplier, digits)));
    for (const [index, digits] of asked.entries()) {
      const answer = found[index];
      if (answer) answers.set(digits, answer);
    }
  }
  return answers;
}

/** What was answered lately, by number; nobody is asked. */
export async function keptAnswers(app: Keeper, numbers: readonly string[]): Promise<Map<string, NetworkAnswer>> {
  const byIndex = new Map(numbers.map((digits) => [indexOf(app, digits).toString("hex"), digits]));
  const since = new Date(app.clock.now().getTime() - LOOKUP_KEPT_MS);
  const indexes = numbers.map((digits) => indexOf(app, digits));
  const kept = indexes.length === 0 ? [] : await findLookups(app.db, indexes, since);
  return new Map(
    kept.flatMap((lookup) => {
      const digits = byIndex.get(lookup.numberIndex.toString("hex"));
      return digits ? [[digits, opened(app, lookup)] as const] : [];
    }),
  );
}

function opened(app: Keeper, { numberIndex, sealedResult, lookedUpAt }: KeptLookup): NetworkAnswer {
  const facts = JSON.parse(open(sealOf(app, numberIndex), sealedResult).toString()) as NetworkFacts;
  return { facts, lookedUpAt };
}

async function claim({ db, clock }: Asker, serviceId: string, count: number): Promise<void> {
  if (count === 0) return;
  const day = clock.now().toISOString().slice(0, 10);
  if (await claimLookups(db, { serviceId, day, count, limit: LOOKUPS_A_DAY_MAX })) return;
  throw new Refusal("limit-reached", `Exceeded look-up limits (${LOOKUPS_A_DAY_MAX} numbers) for today`);
}

async function ask(app: Asker, supplier: NetworkLookup, digits: string): Promise<NetworkAnswer | undefined> {
  const outcome = await supplier.lookUp(digits);
  if (outcome.kind === "unavailable") {
    app.log.warn("number-lookup.no-answer", { supplier: supplier.name, reason: outcome.reason });
    return undefined;
  }
  const { facts } = outcome;
  const lookedUpAt = app.clock.now();
  const numberIndex = indexOf(app, digits);
  const sealedResult = seal(sealOf(app, numberIndex), JSON.stringify(facts));
  await keepLookup(app.db, {
    numberIndex,
    sealedResult,
    network: facts.currentNetwork,
    isRoaming: facts.isRoaming,
    lookedUpAt,
  });
  app.networks.noteKept();
  return { facts, lookedUpAt };
}

/** As recipients of messages are found, so that routes can be chosen by it. */
function indexOf({ keys }: Keeper, digits: string): Buffer {
  return blindIndex(keys.searchIndex, digits);
}

/** Of the installation: an answer serves whichever service asks next. */
function sealOf({ keys }: Keeper, numberIndex: Buffer) {
  const key = deriveKey(keys.master, "network look-ups");
  return { key, belongsTo: `network_lookups:${numberIndex.toString("hex")}` };
}
