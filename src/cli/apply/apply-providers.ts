/** Whom we send through, what they charge, and where emails come from. The sandbox's own are never removed by a file. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { newId } from "../../platform/ids.ts";
import { algorithmOf, createDkimKey } from "../../platform/smtp/dkim-keys.ts";
import { type Charges, listCharges, replaceCharges } from "../../records/providers/price-store.ts";
import { findSettingsProblem } from "../../records/providers/provider-settings.ts";
import {
  listProviders,
  listSendingDomains,
  type ProviderRecord,
  type SendingDomain,
} from "../../records/providers/provider-store.ts";
import {
  deleteProvider,
  deleteSendingDomain,
  insertProvider,
  putSendingDomain,
  type StoredProvider,
  updateProvider,
} from "../../records/providers/provider-write-store.ts";
import type { DeclaredProvider, DeclaredSendingDomain } from "./declaration.ts";
import { withPushKeys } from "./push-keys.ts";
import { NONE, refuseAt } from "./read.ts";
import { keptSecret, type Noun, reconcile, said, secretWord } from "./reconcile.ts";
import type { Run } from "./run.ts";

const DEFAULT_SELECTOR = "pennypost";

export async function applyProviders(run: Run, declared: readonly DeclaredProvider[] | undefined): Promise<void> {
  if (!declared) return;
  const current = await listPricedProviders(run);
  const wanted = declared.map((provider) => withPushKeys(provider, current));
  for (const provider of wanted) refuseWrongSettings(provider, current);
  const isManaged = ({ name, isSandbox }: ProviderRecord) => !isSandbox || wanted.some((other) => other.name === name);
  await reconcile(run, providerNoun(run), { wanted, current: current.filter(isManaged) });
}

/** Checked as it will be kept: a file may leave out secrets that are there already. */
function refuseWrongSettings(declared: DeclaredProvider, current: readonly ProviderRecord[]): void {
  const known = current.find(({ id, name }) => id === declared.id || name === declared.name);
  const problem = findSettingsProblem({ ...declared, secrets: { ...known?.secrets, ...declared.secrets } });
  if (problem) refuseAt({ path: [...declared.at.path, ...problem.path], source: declared.at.source }, problem.message);
}

/** With what it charges. */
type PricedProvider = ProviderRecord & Charges;

async function listPricedProviders({ tx, keys }: Run): Promise<PricedProvider[]> {
  const [providers, charges] = await Promise.all([listProviders(tx, keys.master), listCharges(tx)]);
  return providers.map((record) => ({ ...record, ...charges.of(record.name) }));
}

function providerNoun(run: Run): Noun<DeclaredProvider, PricedProvider> {
  const { tx } = run;
  const { master } = run.keys;
  return {
    kind: "provider",
    nameOf: ({ name }) => name,
    idOf: ({ id }) => id,
    placeOf: ({ at }) => at,
    fieldsOf: ({ name, channel, kind, settings, isSandbox, isActive, currency, prices, secrets }) => ({
      ...{ name, channel, kind, settings, isSandbox, isActive, currency: currency ?? NONE, prices },
      secrets: Object.fromEntries(Object.keys(secrets).map((secret) => [secret, keptSecret])),
    }),
    wishesOf: (declared, current) => {
      const { currency, prices } = declared;
      return { ...columnsOf(declared), currency, prices, secrets: secretWords(declared, current) };
    },
    insert: async (declared) => {
      const { name, channel, kind, settings, secrets = {}, prices = {}, id = newId() } = declared;
      const fresh = { ...{ id, name, channel, kind, settings, secrets }, isSandbox: false, isActive: true };
      await insertProvider(tx, master, { ...fresh, ...columnsOf(declared) });
      await replaceCharges(tx, id, { currency: currencyOf(declared), prices });
    },
    update: async (current, declared) => {
      const secrets = { ...current.secrets, ...declared.secrets };
      await updateProvider(tx, master, { ...current, ...columnsOf(declared), secrets });
      const currency = declared.currency === undefined ? current.currency : currencyOf(declared);
      await replaceCharges(tx, current.id, { currency, prices: declared.prices ?? current.prices });
    },
    remove: ({ id }) => deleteProvider(tx, id),
  };
}

/** Undefined: the installation's own. */
function currencyOf({ currency }: DeclaredProvider): string | undefined {
  return currency === NONE ? undefined : currency;
}

function columnsOf({ name, channel, kind, settings, sandbox, active }: DeclaredProvider): Partial<StoredProvider> {
  return said({ name, channel, kind, settings, isSandbox: sandbox, isActive: active });
}

function secretWords({ secrets }: DeclaredProvider, current: ProviderRecord | undefined): unknown {
  if (!secrets) return undefined;
  const given = Object.entries(secrets).map(([name, value]) => [name, secretWord(value, current?.secrets[name])]);
  const kept = Object.keys(current?.secrets ?? {}).map((name) => [name, keptSecret]);
  return Object.fromEntries([...kept, ...given]);
}

export async function applySendingDomains(
  run: Run,
  wanted: readonly DeclaredSendingDomain[] | undefined,
): Promise<void> {
  if (!wanted) return;
  for (const declared of wanted) refuseWrongKey(declared);
  await reconcile(run, domainNoun(run), { wanted, current: await listSendingDomains(run.tx, run.keys.master) });
}

function refuseWrongKey({ dkim_private_key: pem, at }: DeclaredSendingDomain): void {
  if (pem === undefined || publicKeyOf(pem) !== undefined) return;
  const place = { path: [...at.path, "dkim_private_key"], source: at.source };
  refuseAt(
    place,
    "must be an RSA or Ed25519 private key in PEM (openssl genrsa 2048), or be left out: then one is made",
  );
}

function publicKeyOf(privateKeyPem: string): string | undefined {
  try {
    const key = createPublicKey(createPrivateKey(privateKeyPem));
    algorithmOf(key);
    return key.export({ type: "spki", format: "pem" }).toString();
  } catch {
    return undefined;
  }
}

function domainNoun(run: Run): Noun<DeclaredSendingDomain, SendingDomain> {
  const put = async (declared: DeclaredSendingDomain, current?: SendingDomain): Promise<void> => {
    const privateKey = declared.dkim_private_key ?? current?.dkimPrivateKey ?? (await createDkimKey("rsa"));
    await putSendingDomain(run.tx, run.keys.master, {
      domain: declared.domain,
      isDefault: declared.default ?? current?.isDefault ?? false,
      dkimSelector: declared.dkim_selector ?? current?.dkimSelector ?? DEFAULT_SELECTOR,
      dkimPrivateKey: privateKey,
      dkimPublicKey: publicKeyOf(privateKey) ?? "",
      bounceDomain: declared.bounce_domain ?? current?.bounceDomain ?? `bounces.${declared.domain}`,
    });
  };
  return {
    kind: "sending domain",
    nameOf: ({ domain }) => domain,
    placeOf: ({ at }) => at,
    fieldsOf: ({ isDefault, dkimSelector, bounceDomain }) => ({
      isDefault,
      dkimSelector,
      bounceDomain,
      dkimKey: keptSecret,
    }),
    wishesOf: (declared, current) => ({
      isDefault: declared.default,
      dkimSelector: declared.dkim_selector,
      bounceDomain: declared.bounce_domain,
      dkimKey: secretWord(declared.dkim_private_key, current?.dkimPrivateKey),
    }),
    insert: (declared) => put(declared),
    update: (current, declared) => put(declared, current),
    remove: ({ domain }) => deleteSendingDomain(run.tx, domain),
  };
}
