/**
 * The shape of each kind of provider's settings and secrets, checked before they are kept. Whether a supplier's own description
 * makes sense is for its provider to say when it starts; here a misspelt name or a port in words is caught.
 */
import { CHAT_APPS, isChatApp } from "../../core/chat/chat-app.ts";
import { publicVapidKey } from "../../platform/vapid-keys.ts";
import type { Channel } from "../services/service.ts";
import { findHealthProblem } from "./health-settings.ts";
import type { ProviderRecord } from "./provider-store.ts";

type Kind = ProviderRecord["kind"];
type Check =
  | "text"
  | "flag"
  | "port"
  | "count"
  | "object"
  | "flag-or-object"
  | "address"
  | "apps"
  | "id"
  | readonly string[];

interface KindShape {
  channels: readonly Channel[];
  required: readonly string[];
  settings: Readonly<Record<string, Check>>;
  /** What may stand beside them: a supplier's own settings, by names that only its description knows. */
  others?: Check;
  /** Undefined: whatever the settings name. */
  secrets: readonly string[] | undefined;
  /** Without which it cannot work. */
  requiredSecrets?: readonly string[];
}

const PORT_MAX = 65_535;

/** What a provider of any kind may say beside its own settings. */
const COMMON: Readonly<Record<string, Check>> = { health: "object", canary: "object" };
const CANARY_SECRET = "canaryNumbers";

/** Of every chat provider: where it is reached, how much at once, and for which service is what comes from people nobody has written to. */
const CHAT_SETTINGS: Readonly<Record<string, Check>> = { windowSize: "count", timeoutMs: "count", serviceId: "id" };

const CHAT_KINDS = {
  whatsapp: {
    channels: ["chat"],
    required: ["phoneNumberId"],
    settings: { ...CHAT_SETTINGS, phoneNumberId: "text", baseUrl: "address" },
    secrets: ["accessToken", "appSecret", "verifyToken"],
    requiredSecrets: ["accessToken", "appSecret", "verifyToken"],
  },
  telegram: {
    channels: ["chat"],
    required: [],
    settings: { ...CHAT_SETTINGS, baseUrl: "address" },
    secrets: ["token", "webhookSecret"],
    requiredSecrets: ["token", "webhookSecret"],
  },
  viber: {
    channels: ["chat"],
    required: [],
    settings: { ...CHAT_SETTINGS, baseUrl: "address", senderName: "text" },
    secrets: ["token"],
    requiredSecrets: ["token"],
  },
  "web-push": {
    channels: ["chat"],
    required: ["subject"],
    settings: { ...CHAT_SETTINGS, subject: "text", publicKey: "text" },
    secrets: ["privateKey"],
  },
  "chat-gateway": {
    channels: ["chat"],
    required: ["url", "apps"],
    settings: { ...CHAT_SETTINGS, url: "address", apps: "apps" },
    secrets: ["token"],
    requiredSecrets: ["token"],
  },
} as const satisfies Partial<Record<Kind, KindShape>>;

const KIND_SHAPES: Readonly<Record<Kind, KindShape>> = {
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
  ...CHAT_KINDS,
};

export interface SettingsProblem {
  /** Where: `settings`, `port`. */
  path: readonly string[];
  message: string;
}

type Checked = Pick<ProviderRecord, "kind" | "channel" | "settings" | "secrets">;

/** What is wrong with a provider's settings or secrets; undefined when nothing is. */
export function findSettingsProblem(provider: Checked): SettingsProblem | undefined {
  const shape = KIND_SHAPES[provider.kind];
  return (
    channelProblem(shape, provider) ??
    missingProblem(shape, provider) ??
    settingProblem(shape, provider) ??
    secretProblem(shape, provider) ??
    missingSecretProblem(shape, provider) ??
    (provider.kind === "http" ? supplierProblem(provider) : undefined) ??
    (provider.kind === "web-push" ? pushProblem(provider) : undefined) ??
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

function missingSecretProblem({ requiredSecrets = [] }: KindShape, { secrets }: Checked): SettingsProblem | undefined {
  const missing = requiredSecrets.find((name) => (secrets[name] ?? "") === "");
  return missing === undefined ? undefined : { path: ["secrets", missing], message: "is missing" };
}

function supplierProblem({ settings }: Checked): SettingsProblem | undefined {
  const { preset, supplier } = settings;
  if ((preset === undefined) !== (supplier === undefined)) return undefined;
  return { path: ["settings"], message: "must have either a preset or the description of a supplier" };
}

/** Push services answer nobody whose keys do not belong together. */
function pushProblem({ settings, secrets }: Checked): SettingsProblem | undefined {
  const { subject, publicKey } = settings;
  if (typeof subject !== "string" || !/^(mailto:\S+@\S+|https:\/\/\S+)$/.test(subject))
    return { path: ["settings", "subject"], message: "must begin with mailto: or https://" };
  const belongs = publicVapidKey(secrets["privateKey"] ?? "");
  if (belongs === undefined)
    return {
      path: ["secrets", "privateKey"],
      message: "must be a VAPID key in base64url; leave out both, and they are made",
    };
  return publicKey === belongs
    ? undefined
    : {
        path: ["settings", "publicKey"],
        message: "does not belong to the private key; leave out both, and they are made",
      };
}

const FAULTS: Readonly<Record<string, { fits: (value: unknown) => boolean; message: string }>> = {
  text: { fits: (value) => typeof value === "string" && value !== "", message: "must be a text" },
  flag: { fits: (value) => typeof value === "boolean", message: "must be true or false" },
  port: {
    fits: (value) => isCount(value) && Number(value) <= PORT_MAX,
    message: `must be a port from 1 to ${PORT_MAX}`,
  },
  count: { fits: isCount, message: "must be a whole number from 1" },
  address: {
    fits: isAddress,
    message: "must be a complete address that begins with https:// or http://, and does not end with /",
  },
  apps: { fits: areApps, message: `must be a list of ${CHAT_APPS.join(", ")}` },
  id: { fits: isUuid, message: "must be the id of a service" },
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

function isAddress(value: unknown): boolean {
  if (typeof value !== "string" || !/^https?:\/\/.*[^/]$/.test(value) || !URL.canParse(value)) return false;
  return new URL(value).username === "" && new URL(value).password === "";
}

function areApps(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isChatApp);
}

function isUuid(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
