/** The providers that carry test keys' messages to the sandbox. Every installation has them. */
import { randomBytes } from "node:crypto";
import { CHAT_APPS } from "../../core/chat/chat-app.ts";
import type { Database } from "../../platform/db.ts";
import { type LookupSupplierRecord, listLookupSuppliers } from "../../records/number-lookups/lookup-supplier-store.ts";
import { listProviders } from "../../records/providers/provider-store.ts";
import { listRoutes } from "../../records/routes/route-store.ts";
import type { KeyKind } from "../../records/services/service.ts";
import type { OpeningKeys } from "../../records/services/service-store.ts";
import { applyDeclaration } from "../apply/apply.ts";
import { readDeclaration } from "../apply/declaration.ts";

const ACTOR = "pennypost start";
const CARRIER = "sandbox-carrier";
const MAILBOX = "sandbox-mailbox";
const PRINT_SHOP = "sandbox-print-shop";
const CHATS = "sandbox-chats";
export const LOOK_UPS = "sandbox-look-ups";
const HOST = "127.0.0.1";
const SYSTEM_ID = "pennypost";
const PASSWORD_BYTES = 24;

export interface SandboxPorts {
  carrier: number;
  mailbox: number;
  printShop: number;
  /** Where the sandbox takes callbacks, chat messages and look-ups. */
  receiver: number;
}

/** Makes the sandbox's providers and the routes to them where they are missing, and points them at its ports. Changes nothing else. */
export async function ensureSandboxProviders(
  db: Database,
  keys: OpeningKeys,
  options: { ports: SandboxPorts; keyKinds?: readonly KeyKind[] },
): Promise<void> {
  const { ports, keyKinds = ["test"] } = options;
  const providers = await listProviders(db, keys.master);
  const routes = await listRoutes(db);
  const isMissing = (name: string) => !routes.some(({ provider }) => provider === name);
  const secretOf = (wanted: string, secret: string) => providers.find(({ name }) => name === wanted)?.secrets[secret];
  const lookUpsMade = (await listLookupSuppliers(db, keys.master)).find(({ name }) => name === LOOK_UPS);
  const value = {
    providers: [
      carrier(ports.carrier, secretOf(CARRIER, "password")),
      mailbox(ports.mailbox),
      printShop(ports.printShop),
      chats(ports.receiver, secretOf(CHATS, "token")),
    ],
    routes: [CARRIER, MAILBOX, PRINT_SHOP, CHATS]
      .filter(isMissing)
      .map((provider) => ({ provider, key_kinds: keyKinds })),
    lookup_suppliers: [lookUps(ports.receiver, { known: lookUpsMade, isOn: keyKinds.includes("live") })],
  };
  const declaration = readDeclaration({ value, path: [], source: { locate: () => "", environment: {} } });
  await applyDeclaration(db, keys, { declaration, actor: ACTOR, prunes: false, isDryRun: false });
}

function carrier(port: number, known: string | undefined) {
  const password = known ?? newSecret();
  const settings = { host: HOST, port, systemId: SYSTEM_ID };
  return { name: CARRIER, channel: "sms", kind: "smpp", settings, secrets: { password }, sandbox: true };
}

function newSecret(): string {
  return randomBytes(PASSWORD_BYTES).toString("base64url");
}

function mailbox(port: number) {
  return {
    name: MAILBOX,
    channel: "email",
    kind: "smtp",
    settings: { host: HOST, port, security: "none", takesBounces: true },
    sandbox: true,
  };
}

function printShop(port: number) {
  const settings = { url: `http://${HOST}:${port}/letters` };
  return { name: PRINT_SHOP, channel: "letter", kind: "print-http", settings, sandbox: true };
}

function chats(port: number, known: string | undefined) {
  const settings = { url: `http://${HOST}:${port}/chats`, apps: CHAT_APPS };
  return {
    name: CHATS,
    channel: "chat",
    kind: "chat-gateway",
    settings,
    secrets: { token: known ?? newSecret() },
    sandbox: true,
  };
}

/** Where nothing leaves the machine it is asked from the start; elsewhere somebody has to want it. */
function lookUps(port: number, { known, isOn }: { known: LookupSupplierRecord | undefined; isOn: boolean }) {
  const settings = { preset: "sandbox", url: `http://${HOST}:${port}/look-ups` };
  const secrets = { token: known?.secrets["token"] ?? newSecret() };
  return { name: LOOK_UPS, settings, secrets, sandbox: true, ...(known ? {} : { active: isOn }) };
}
