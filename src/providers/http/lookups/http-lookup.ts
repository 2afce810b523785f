/** Asks a supplier about one number at a time: the supplier is data, this carries it out. Nothing it wrote but codes is kept. */
import { networkCode } from "../../../core/phone/network-facts.ts";
import type { Outbound } from "../../../platform/http.ts";
import type { LookupOutcome, NetworkLookup } from "../../provider.ts";
import { fillRequest } from "../fill.ts";
import { type Body, pick, readBody } from "../pick.ts";
import type { Pick } from "../supplier.ts";
import { checkLookupSupplier } from "./check-lookup-supplier.ts";
import type { LookupSupplier } from "./lookup-supplier.ts";

/** A network takes seconds to find a phone that is far away. */
const ANSWER_TIMEOUT_MS = 10_000;
const ANSWER_MAX_BYTES = 64 * 1024;
const OK = 200;
const OK_END = 300;

export interface HttpLookupOptions {
  name: string;
  /** A `LookupSupplier`; one from outside our own code is checked here. */
  supplier: unknown;
  settings: Record<string, string>;
  timeoutMs?: number | undefined;
}

/** Throws an error that names the wrong place when the supplier or a setting is not as it must be. */
export function httpLookup(outbound: Outbound, options: HttpLookupOptions): NetworkLookup {
  const { supplier, settings } = checkLookupSupplier(options.supplier, options.settings);
  const limits = { timeoutMs: options.timeoutMs ?? ANSWER_TIMEOUT_MS, maxBytes: ANSWER_MAX_BYTES };
  return {
    name: options.name,
    lookUp: async (digits) => {
      const { url, ...call } = fillRequest(supplier.ask, { ...settings, to: digits, toPlus: `+${digits}` });
      const answer = await outbound.request(url, { method: supplier.ask.method, ...call, ...limits });
      if (answer.kind !== "answered") return { kind: "unavailable", reason: answer.kind };
      if (answer.status < OK || answer.status >= OK_END)
        return { kind: "unavailable", reason: `HTTP status ${answer.status}` };
      return readFacts(supplier.answer, readBody(answer.body));
    },
  };
}

function readFacts(rule: LookupSupplier["answer"], body: Body): LookupOutcome {
  const said = pick(body, rule.status);
  if (said === undefined) return { kind: "unavailable", reason: "the answer has no status" };
  const found = (where: Pick | undefined) => (where ? pick(body, where) : undefined);
  return {
    kind: "answered",
    facts: {
      status: Object.hasOwn(rule.statuses, said) ? (rule.statuses[said] ?? "UNKNOWN") : "UNKNOWN",
      isRoaming: truthOf(found(rule.roaming)),
      isPorted: truthOf(found(rule.ported)),
      currentNetwork: networkCode(found(rule.currentNetwork)),
      originalNetwork: networkCode(found(rule.originalNetwork)),
      portedNetwork: networkCode(found(rule.portedNetwork)),
      roamingNetwork: networkCode(found(rule.roamingNetwork)),
    },
  };
}

function truthOf(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  return text === "true" || text === "1";
}
