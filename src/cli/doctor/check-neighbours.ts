/** Whom we send through, and whom we tell: providers, the DNS of sending domains, callbacks. */
import { resolveMx, resolveTxt } from "node:dns/promises";
import type { Config } from "../../config.ts";
import { dayOf } from "../../core/calendar/home-day.ts";
import { listUnrated } from "../../flow/money/carrier-charges.ts";
import type { Database } from "../../platform/db.ts";
import type { MasterKey } from "../../platform/sealing.ts";
import { type DnsRecord, dnsRecordsFor } from "../../platform/smtp/dkim-keys.ts";
import { getPrintTimetable } from "../../records/deployment/print-settings.ts";
import { listUnfinishedRuns } from "../../records/letters/print-run-store.ts";
import { listProviderSummaries } from "../../records/providers/provider-health-store.ts";
import { findSettingsProblem } from "../../records/providers/provider-settings.ts";
import {
  listProviders,
  listSendingDomains,
  type ProviderRecord,
  type SendingDomain,
} from "../../records/providers/provider-store.ts";
import { listRoutes } from "../../records/routes/route-store.ts";
import { findMasterKeyFingerprint, listCallbackUrls } from "../installation-facts.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";
import { tryToConnect } from "./try-to-connect.ts";

const RUNS_LOOKED_AT_MAX = 10;

/** Only with the key that sealed them can providers be opened, so that is checked first. */
export async function checkProviders(db: Database, key: MasterKey): Promise<Finding[]> {
  const fingerprint = await findMasterKeyFingerprint(db);
  if (fingerprint !== undefined && fingerprint !== key.fingerprint) {
    return [
      fail("master key", `this database was sealed with another (fingerprint ${fingerprint}): put that one back`),
    ];
  }
  const providers = (await listProviders(db, key)).filter(({ isActive }) => isActive);
  const routed = new Set((await listRoutes(db)).map(({ provider }) => provider));
  const findings = await Promise.all(providers.map((provider) => checkProvider(provider, routed)));
  const isLive = providers.some(({ isSandbox }) => !isSandbox);
  return isLive
    ? findings
    : [...findings, warn("providers", "only the sandbox: nothing reaches a real phone or mailbox yet")];
}

async function checkProvider(provider: ProviderRecord, routed: ReadonlySet<string>): Promise<Finding> {
  const about = `provider ${provider.name}`;
  const problem = findSettingsProblem(provider);
  if (problem) return fail(about, `${problem.path.join(".")} ${problem.message}`);
  if (!routed.has(provider.name)) return warn(about, "no route leads to it: it gets nothing");
  const { host, port } = provider.settings;
  if (typeof host !== "string" || typeof port !== "number")
    return ok(about, "reached over HTTP, when there is something to send");
  const why = await tryToConnect(host, port);
  if (why === undefined) return ok(about, `${host}:${port} answers`);
  if (provider.isSandbox)
    return warn(about, `${host}:${port} does not answer (${why}): test keys need the sandbox role`);
  return fail(about, `${host}:${port} does not answer (${why}): is it up, and does a firewall let us through?`);
}

/** Providers that charge in a currency without an exchange rate: nothing stops, but nobody knows what they cost. */
export async function checkExchangeRates(db: Database, now: Date): Promise<Finding[]> {
  return (await listUnrated(db, dayOf(now))).map(({ provider, currency }) =>
    warn(
      `provider ${provider}`,
      `it charges in ${currency}, for which no exchange rate holds: routes by price take it last, and its costs are not counted`,
    ),
  );
}

/** Who prints letters, and when; and whether a run waits for its printer. */
export async function checkPrinting(db: Database): Promise<Finding[]> {
  const printers = (await listProviderSummaries(db)).filter(
    ({ channel, isActive }) => channel === "letter" && isActive,
  );
  const { cutOff, runAt, timeZone } = await getPrintTimetable(db);
  const live = printers.filter(({ isSandbox }) => !isSandbox).map(({ name }) => name);
  const times = `made before ${cutOff}, printed at ${runAt} (${timeZone})`;
  const who = live.length > 0 ? live.join(", ") : "only the sandbox's print shop";
  const stuck = (await listUnfinishedRuns(db, RUNS_LOOKED_AT_MAX)).filter(
    ({ lastProblem }) => lastProblem !== undefined,
  );
  return [
    live.length > 0 ? ok("letters", `${times}, by ${who}`) : warn("letters", `${who} takes them; ${times}`),
    ...stuck.map(({ provider, letters, lastProblem }) =>
      warn(
        "print run",
        `${letters} letters wait for ${provider}: ${lastProblem}. It is tried again every three minutes`,
      ),
    ),
  ];
}

export async function checkSendingDomains(
  db: Database,
  key: MasterKey,
  options: { looksUpDns: boolean; bounceHost: string },
): Promise<Finding[]> {
  const fingerprint = await findMasterKeyFingerprint(db);
  if (fingerprint !== key.fingerprint) return [];
  const domains = await listSendingDomains(db, key);
  return Promise.all(domains.map((domain) => checkDomain(domain, options)));
}

async function checkDomain(
  domain: SendingDomain,
  { looksUpDns, bounceHost }: { looksUpDns: boolean; bounceHost: string },
): Promise<Finding> {
  const about = `sending domain ${domain.domain}`;
  const records = dnsRecordsFor({
    domain: domain.domain,
    dkim: [{ domain: domain.domain, selector: domain.dkimSelector, privateKeyPem: domain.dkimPrivateKey }],
    bounces: { domain: domain.bounceDomain, host: bounceHost },
    spfMechanisms: ["mx"],
  });
  const details = records.map(({ name, type, value, because }) => `${name} ${type} ${value}   ${because}`);
  if (!looksUpDns) return ok(about, "these must be in the DNS (--dns looks them up):", details);
  const missing = await Promise.all(records.map(async (record) => ((await isPublished(record)) ? [] : [record.name])));
  const names = missing.flat();
  return names.length === 0
    ? ok(about, "all is in the DNS")
    : warn(about, `not in the DNS, or another: ${names.join(", ")}. Publish:`, details);
}

/** SPF and DMARC may say more than we ask for; a key must be the very one. */
async function isPublished({ name, type, value }: DnsRecord): Promise<boolean> {
  try {
    if (type === "MX") return (await resolveMx(name)).length > 0;
    const texts = (await resolveTxt(name)).map((strings) => strings.join(""));
    const [, version = ""] = /^(v=[A-Za-z0-9]+)/.exec(value) ?? [];
    return texts.some((text) => (version === "v=DKIM1" ? text === value : text.startsWith(version)));
  } catch {
    return false;
  }
}

export async function checkCallbacks(db: Database, config: Config): Promise<Finding[]> {
  const receiver = `${config.host}:${config.ports.receiver}`;
  const callbacks = await listCallbackUrls(db);
  return callbacks.map(({ service, kinds, url }) => {
    const about = `callback ${kinds.join(", ")} of ${service}`;
    const { protocol, host } = new URL(url);
    if (protocol === "https:") return ok(about, host);
    if (host === receiver) return ok(about, "the sandbox's receiver");
    return config.callbackNetworks.length > 0
      ? warn(about, `${host} without encryption: whoever listens on the way reads it`)
      : fail(about, `${host} is plain HTTP, and PENNYPOST_CALLBACK_NETWORKS lists no network for it: use https://`);
  });
}
