/**
 * A supplier that asks networks about numbers (HLR), described as data: what to ask, and how to read the answer. In every text `{name}`
 * stands for a setting, `{to}` and `{toPlus}` for the number. A supplier that this can describe needs no code.
 */
import type { NetworkStatus } from "../../../core/phone/network-facts.ts";
import type { Pick, SendRule } from "../supplier.ts";

export interface LookupSupplier {
  /** What an operator sets: credentials and addresses. */
  settings: Record<string, "required" | "optional" | { default: string }>;
  /** One number a request. */
  ask: Omit<SendRule, "answer" | "validityMaxSeconds">;
  answer: {
    status: Pick;
    /** For a status that is not listed: UNKNOWN. */
    statuses: Record<string, NetworkStatus>;
    roaming?: Pick;
    ported?: Pick;
    currentNetwork?: Pick;
    originalNetwork?: Pick;
    portedNetwork?: Pick;
    roamingNetwork?: Pick;
  };
}

/** Messente's Number Lookup API (https://messente.com/documentation/number-lookup-api). */
const messente: LookupSupplier = {
  settings: { username: "required", password: "required", url: { default: "https://api.messente.com/v1/hlr/sync" } },
  ask: {
    method: "POST",
    url: "{url}",
    auth: { kind: "basic", username: "{username}", password: "{password}" },
    body: { format: "json", template: { numbers: ["{toPlus}"] } },
  },
  answer: {
    status: { path: "result.0.status" },
    statuses: { ON: "ON", OFF: "OFF", INVALID: "INVALID", UNKNOWN: "UNKNOWN" },
    roaming: { path: "result.0.roaming" },
    ported: { path: "result.0.ported" },
    currentNetwork: { path: "result.0.currentNetwork.mccmnc" },
    originalNetwork: { path: "result.0.originalNetwork.mccmnc" },
    portedNetwork: { path: "result.0.portedNetwork.mccmnc" },
    roamingNetwork: { path: "result.0.roamingNetwork.mccmnc" },
  },
};

/** The sandbox's own (`src/sandbox/look-ups`). */
const sandbox: LookupSupplier = {
  settings: { url: "required", token: "required" },
  ask: {
    method: "POST",
    url: "{url}",
    headers: { authorization: "Bearer {token}" },
    body: { format: "json", template: { number: "{to}" } },
  },
  answer: {
    status: { path: "status" },
    statuses: { ON: "ON", OFF: "OFF", INVALID: "INVALID", UNKNOWN: "UNKNOWN" },
    roaming: { path: "roaming" },
    ported: { path: "ported" },
    currentNetwork: { path: "current" },
    originalNetwork: { path: "original" },
    portedNetwork: { path: "ported_to" },
    roamingNetwork: { path: "roaming_in" },
  },
};

export const SANDBOX_PRESET = "sandbox";
export const LOOKUP_PRESETS = { messente, [SANDBOX_PRESET]: sandbox } as const satisfies Record<string, LookupSupplier>;
