/** Whom we send through, who gets what, and where emails come from. The sandbox's own are never removed by a file. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { newId } from "../../platform/ids.ts";
import { algorithmOf, createDkimKey } from "../../platform/smtp/dkim-keys.ts";
import {
  type CountryOrder,
  listCountryOrders,
  replaceCountryOrder,
} from "../../records/providers/country-route-store.ts";
import { findSettingsProblem } from "../../records/providers/provider-settings.ts";
import {
  listProviders,
  listSendingDomains,
  type ProviderRecord,
  type SendingDomain,
} from "../../records/providers/provider-store.ts";
import {
  deleteProvider,
  deleteRoute,
  deleteSendingDomain,
  insertProvider,
  insertRoute,
  listAllRoutes,
  putSendingDomain,
  type StoredProvider,
  type StoredRoute,
  updateProvider,
  updateRoute,
} from "../../records/providers/provider-write-store.ts";
import type { DeclaredCountryOrder, DeclaredProvider, DeclaredRoute, DeclaredSendingDomain } from "./declaration.ts";
import { type Place, refuseAt } from "./read.ts";
import { keptSecret, type Noun, reconcile, said, secretWord } from "./reconcile.ts";
import type { Run } from "./run.ts";

const DEFAULT_WEIGHT = 100;
const DEFAULT_SELECTOR = "pennypost";

export async function applyProviders(run: Run, wanted: readonly DeclaredProvider[] | undefined): Promise<void> {
  if (!wanted) return;
  const current = await listProviders(run.tx, run.keys.master);
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

function providerNoun(run: Run): Noun<DeclaredProvider, ProviderRecord> {
  const { tx } = run;
  const { master } = run.keys;
  return {
    kind: "provider",
    nameOf: ({ name }) => name,
    idOf: ({ id }) => id,
    placeOf: ({ at }) => at,
    fieldsOf: ({ name, channel, kind, settings, isSandbox, isActive, secrets }) => ({
      name,
      channel,
      kind,
      settings,
      isSandbox,
      isActive,
      secrets: Object.fromEntries(Object.keys(secrets).map((secret) => [secret, keptSecret])),
    }),
    wishesOf: (declared, current) => ({ ...columnsOf(declared), secrets: secretWords(declared, current) }),
    insert: (declared) => {
      const { name, channel, kind, settings, secrets = {} } = declared;
      const fresh = {
        id: declared.id ?? newId(),
        name,
        channel,
        kind,
        settings,
        secrets,
        isSandbox: false,
        isActive: true,
      };
      return insertProvider(tx, master, { ...fresh, ...columnsOf(declared) });
    },
    update: (current, declared) => {
      const secrets = { ...current.secrets, ...declared.secrets };
      return updateProvider(tx, master, { ...current, ...columnsOf(declared), secrets });
    },
    remove: ({ id }) => deleteProvider(tx, id),
  };
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

type CurrentRoute = StoredRoute & { provider: string; isSandbox: boolean };

export async function applyRoutes(run: Run, wanted: readonly DeclaredRoute[] | undefined): Promise<void> {
  if (!wanted) return;
  const providers = await listProviders(run.tx, run.keys.master);
  const current = await listAllRoutes(run.tx);
  const isManaged = ({ provider, isSandbox }: CurrentRoute) =>
    !isSandbox || wanted.some((other) => other.provider === provider);
  await reconcile(run, routeNoun(run, providers), { wanted, current: current.filter(isManaged) });
}

function routeNoun(run: Run, providers: readonly ProviderRecord[]): Noun<DeclaredRoute, CurrentRoute> {
  const { tx } = run;
  return {
    kind: "route",
    nameOf: ({ provider }) => provider,
    placeOf: ({ at }) => at,
    fieldsOf: ({ keyKinds, carriesInternational, restingWeight }) => ({
      keyKinds: keyKinds.toSorted(),
      carriesInternational,
      restingWeight,
    }),
    wishesOf: routeFieldsOf,
    insert: (declared) => {
      const provider = providers.find(({ name }) => name === declared.provider);
      if (!provider) return unknownProvider(declared.at);
      const { id: providerId, channel } = provider;
      const { keyKinds, carriesInternational = true, restingWeight = DEFAULT_WEIGHT } = routeFieldsOf(declared);
      return insertRoute(tx, { id: newId(), channel, providerId, keyKinds, carriesInternational, restingWeight });
    },
    update: (current, declared) => updateRoute(tx, { ...current, ...said(routeFieldsOf(declared)) }),
    remove: ({ id }) => deleteRoute(tx, id),
  };
}

/** Providers that are tried first for texts to a country. */
export async function applyCountryOrders(run: Run, wanted: readonly DeclaredCountryOrder[] | undefined): Promise<void> {
  if (!wanted) return;
  const names = new Set((await listProviders(run.tx, run.keys.master)).map(({ name }) => name));
  for (const { at, providers } of wanted) {
    if (new Set(providers).size < providers.length || providers.some((name) => !names.has(name)))
      refuseAt({ ...at, path: [...at.path, "providers"] }, "must name providers in the file or here, each once");
  }
  await reconcile(run, countryNoun(run), { wanted, current: await listCountryOrders(run.tx) });
}

function countryNoun({ tx }: Run): Noun<DeclaredCountryOrder, CountryOrder> {
  const put = ({ country, providers }: DeclaredCountryOrder) =>
    replaceCountryOrder(tx, { countryPrefix: country, providers });
  return {
    kind: "country order",
    nameOf: (order) => ("country" in order ? order.country : order.countryPrefix),
    placeOf: ({ at }) => at,
    fieldsOf: ({ providers }) => ({ providers }),
    wishesOf: ({ providers }) => ({ providers }),
    insert: put,
    update: (_, declared) => put(declared),
    remove: ({ countryPrefix }) => replaceCountryOrder(tx, { countryPrefix, providers: [] }),
  };
}

function routeFieldsOf({ key_kinds, international, weight }: DeclaredRoute) {
  return { keyKinds: key_kinds.toSorted(), carriesInternational: international, restingWeight: weight };
}

function unknownProvider({ path, source }: Place): never {
  return refuseAt({ path: [...path, "provider"], source }, "is not the name of a provider in the file or here");
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
