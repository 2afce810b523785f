/**
 * The shape of each kind of provider's settings and secrets, checked before they are kept. Whether a supplier's own description
 * makes sense is for its provider to say when it starts; here a misspelt name or a port in words is caught.
 */
import type { Channel } from "../services/service.ts";
import { findHealthProblem } from "./health-settings.ts";
import type { ProviderRecord } from "./provider-store.ts";

type Kind = ProviderRecord["kind"];
type Check = "text" | "flag" | "port" | "count" | "object" | "flag-or-object" | readonly string[];

interface KindShape {
  channels: readonly Channel[];
  required: readonly string[];
  settings: Readonly<Record<string, Check>>;
  /** What may stand beside them: a supplier's own settings, by names that only its description knows. */
  others?: Check;
  /** Undefined: whatever the settings name. */
  secrets: readonly string[] | undefined;
}

const PORT_MAX = 65_535;

/** What a provider of any kind may say beside its own settings. */
const COMMON: Readonly<Record<string, Check>> = { health: "object", canary: "object" };
const CANARY_SECRET = "canaryNumbers";

const PROVIDER_KINDS: Readonly<Record<Kind, KindShape>> = {
  smpp: {
    channels: ["sms"],
    required: ["host", "port", "systemId"],
    settings: {
      host: "text",
      port: "port",
      systemId: "text",
      systemType: "text",
      serviceType: "text",
      tls: "flag-or-object",
      binds: "count",
      bindAs: ["transceiver", "transmitter-and-receiver"],
      windowSize: "count",
      maxPerSecond: "count",
      messageIdFormat: ["as-is", "hex-in-submit", "decimal-in-submit"],
      validity: ["relative", "absolute"],
      requestTimeoutMs: "count",
      enquireLinkMs: "count",
      connectTimeoutMs: "count",
      reconnectMinMs: "count",
      reconnectMaxMs: "count",
    },
    secrets: ["password"],
  },
  smtp: {
    channels: ["email"],
    required: ["host", "port"],
    settings: {
      host: "text",
      port: "port",
      security: ["starttls", "tls", "none"],
      caPem: "text",
      user: "text",
      ehloName: "text",
      maxConnections: "count",
      mailsPerConnection: "count",
      takesBounces: "flag",
    },
    secrets: ["password"],
  },
  http: {
    channels: ["sms"],
    required: [],
    settings: {
      preset: "text",
      supplier: "object",
      windowSize: "count",
      timeoutMs: "count",
      inboundUser: "text",
      receiptUser: "text",
    },
    others: "text",
    secrets: undefined,
  },
  "print-sftp": {
    channels: ["letter"],
    required: ["host", "user", "hostKey", "folder"],
    settings: {
      host: "text",
      port: "port",
      user: "text",
      hostKey: "text",
      folder: "text",
      reportsFolder: "text",
      reportsEverySeconds: "count",
      connections: "count",
    },
    secrets: ["password", "privateKey", "passphrase"],
  },
  "print-http": {
    channels: ["letter"],
    required: ["url"],
    settings: { url: "text", user: "text", windowSize: "count", timeoutMs: "count" },
    secrets: ["token", "password"],
  },
};

export interface SettingsProblem {
  /** Where: `settings`, `port`. */
  path: readonly string[];
  message: string;
}

type Checked = Pick<ProviderRecord, "kind" | "channel" | "settings" | "secrets">;

/** What is wrong with a provider's settings or secrets; undefined when nothing is. */
export function findSettingsProblem(provider: Checked): SettingsProblem | undefined {
  const shape = PROVIDER_KINDS[provider.kind];
  return (
    channelProblem(shape, provider) ??
    missingProblem(shape, provider) ??
    settingProblem(shape, provider) ??
    secretProblem(shape, provider) ??
    (provider.kind === "http" ? supplierProblem(provider) : undefined) ??
    findHealthProblem(provider)
  );
}

function channelProblem(shape: KindShape, { kind, channel }: Checked): SettingsProblem | undefined {
  if (shape.channels.includes(channel)) return undefined;
  return { path: ["channel"], message: `must be ${shape.channels.join(" or ")} for a provider of kind ${kind}` };
}

function missingProblem(shape: KindShape, { settings }: Checked): SettingsProblem | undefined {
  const missing = shape.required.find((name) => settings[name] === undefined);
  return missing === undefined ? undefined : { path: ["settings", missing], message: "is missing" };
}

function settingProblem(shape: KindShape, { settings }: Checked): SettingsProblem | undefined {
  for (const [name, value] of Object.entries(settings)) {
    const known = { ...COMMON, ...shape.settings };
    const check = Object.hasOwn(known, name) ? known[name] : shape.others;
    const message =
      check === undefined ? `is not known: ${Object.keys(shape.settings).join(", ")} are` : fault(check, value);
    if (message !== undefined) return { path: ["settings", name], message };
  }
  return undefined;
}

function secretProblem(shape: KindShape, { channel, secrets }: Checked): SettingsProblem | undefined {
  const known = channel === "sms" ? [...(shape.secrets ?? []), CANARY_SECRET] : shape.secrets;
  const unknown = Object.keys(secrets).find((name) => shape.secrets !== undefined && !known?.includes(name));
  return unknown === undefined ? undefined : { path: ["secrets", unknown], message: "is not known" };
}

function supplierProblem({ settings }: Checked): SettingsProblem | undefined {
  const { preset, supplier } = settings;
  if ((preset === undefined) !== (supplier === undefined)) return undefined;
  return { path: ["settings"], message: "must have either a preset or the description of a supplier" };
}

const FAULTS: Readonly<Record<string, { fits: (value: unknown) => boolean; message: string }>> = {
  text: { fits: (value) => typeof value === "string" && value !== "", message: "must be a text" },
  flag: { fits: (value) => typeof value === "boolean", message: "must be true or false" },
  port: {
    fits: (value) => isCount(value) && Number(value) <= PORT_MAX,
    message: `must be a port from 1 to ${PORT_MAX}`,
  },
  count: { fits: isCount, message: "must be a whole number from 1" },
  object: { fits: isObject, message: "must have named values" },
  "flag-or-object": {
    fits: (value) => typeof value === "boolean" || isObject(value),
    message: "must be true, false or named values",
  },
};

function fault(check: Check, value: unknown): string | undefined {
  if (typeof check !== "string")
    return check.some((word) => word === value) ? undefined : `must be ${check.join(" or ")}`;
  const rule = FAULTS[check];
  return rule?.fits(value) ? undefined : rule?.message;
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
