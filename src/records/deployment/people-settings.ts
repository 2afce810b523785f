/** What the whole installation says of people: who may make an account, and its organisation's own sign-in. */
import type { Db, Tx } from "../../platform/db.ts";
import { type MasterKey, open, seal } from "../../platform/sealing.ts";
import { platformKey } from "../providers/provider-store.ts";

/**
 * `invitation` is what holds while nothing else is set: an installation that strangers can reach must not send texts at their wish,
 * nor let them in among its services, before its operator has said so.
 */
export type RegistrationRule =
  | { kind: "open" }
  | { kind: "invitation" }
  | { kind: "domains"; domains: readonly string[] };

export interface SingleSignOn {
  /** The OpenID provider's issuer identifier, an https URL. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Whose addresses are let in. */
  allowedDomains: readonly string[];
}

const DEFAULT_RULE: RegistrationRule = { kind: "invitation" };
const SECRET_BELONGS_TO = "deployment:single-sign-on";

type StoredSingleSignOn = Omit<SingleSignOn, "clientSecret"> & { sealedClientSecret: string };

interface Settings {
  registration?: RegistrationRule;
  singleSignOn?: StoredSingleSignOn | null;
}

export async function getRegistrationRule(db: Db): Promise<RegistrationRule> {
  return (await settingsOf(db)).registration ?? DEFAULT_RULE;
}

export function setRegistrationRule(tx: Tx, rule: RegistrationRule): Promise<void> {
  return put(tx, { registration: rule });
}

/** Undefined while none is set up. */
export async function findSingleSignOn(db: Db, master: MasterKey): Promise<SingleSignOn | undefined> {
  const stored = (await settingsOf(db)).singleSignOn;
  if (!stored) return undefined;
  const { sealedClientSecret, ...rest } = stored;
  const secret = open(sealOf(master), Buffer.from(sealedClientSecret, "base64"));
  return { ...rest, clientSecret: secret.toString() };
}

/** Sets it up, or takes it away. */
export function setSingleSignOn(tx: Tx, master: MasterKey, wanted: SingleSignOn | undefined): Promise<void> {
  if (!wanted) return put(tx, { singleSignOn: null });
  const { clientSecret, ...rest } = wanted;
  const sealedClientSecret = seal(sealOf(master), clientSecret).toString("base64");
  return put(tx, { singleSignOn: { ...rest, sealedClientSecret } });
}

function sealOf(master: MasterKey) {
  return { key: platformKey(master), belongsTo: SECRET_BELONGS_TO };
}

async function settingsOf(db: Db): Promise<Settings> {
  const [row] = await db.query<{ settings: Settings }>`select d.settings from deployment d`;
  return row?.settings ?? {};
}

async function put(tx: Tx, changed: Settings): Promise<void> {
  const rows = await tx.query<{ id: string }>`
    update deployment set settings = settings || ${JSON.stringify(changed)}::jsonb returning id`;
  if (rows.length === 0) throw new Error("the deployment row is missing");
}
