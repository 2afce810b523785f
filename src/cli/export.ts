/**
 * The reverse of `apply`: everything that is set up as code, as a declaration. Secrets become references to the environment, and
 * their values are handed over apart from it.
 */

import { linesOf } from "../core/places/read-area.ts";
import type { Db } from "../platform/db.ts";
import { unwrapKey } from "../platform/sealing.ts";
import { listRules } from "../records/alerts/alert-store.ts";
import { fullApiKey } from "../records/api-keys/api-key.ts";
import { listApiKeys } from "../records/api-keys/api-key-store.ts";
import { listCallbacks } from "../records/callbacks/callback-store.ts";
import { listAreas, type SavedArea } from "../records/contacts/area-store.ts";
import { listContentRules } from "../records/content-rules/content-rule-store.ts";
import { getAuditDays } from "../records/deployment/audit-period.ts";
import { getChatPrices } from "../records/deployment/chat-prices.ts";
import { getPrintTimetable } from "../records/deployment/print-settings.ts";
import { getRepeatLimits } from "../records/deployment/repeat-limits.ts";
import { listFloodRules } from "../records/floods/flood-rule-store.ts";
import { listGuests } from "../records/guest-list/guest-list-store.ts";
import { listInboundNumbers } from "../records/inbound-numbers/inbound-number-store.ts";
import { listLookupSuppliers } from "../records/number-lookups/lookup-supplier-store.ts";
import { listOrganisations, type Organisation } from "../records/organisations/organisation-store.ts";
import { listCharges } from "../records/providers/price-store.ts";
import { listProviders, listSendingDomains } from "../records/providers/provider-store.ts";
import { listRoutes } from "../records/routes/route-store.ts";
import { listReplyToAddresses } from "../records/senders/reply-to-store.ts";
import { listMembers } from "../records/services/member-store.ts";
import { listServices, type ServiceSettings } from "../records/services/service-settings-store.ts";
import type { OpeningKeys } from "../records/services/service-store.ts";
import type { ListedSmppAccount } from "../records/smpp-accounts/smpp-account.ts";
import { listSmppAccounts } from "../records/smpp-accounts/smpp-account-store.ts";
import { listAllTemplates } from "../records/templates/template-write-store.ts";
import { listUsers } from "../records/users/user-store.ts";
import { NONE } from "./apply/read.ts";
import { connectionsOf } from "./export-connections.ts";
import { attachedPagesOf, filesOf, logosOf } from "./export-enclosures.ts";
import { ExportedFiles, type FileSink } from "./export-files.ts";
import { currencyOf, exchangeRatesOf, organisationsOf, pricesOf } from "./export-money.ts";
import { keywordsOf, repliesOf } from "./export-replies.ts";
import { platformSendersOf, textSendersOf } from "./export-senders.ts";

export interface Exported {
  declaration: Record<string, unknown>;
  /** What the references stand for, by name. */
  secrets: Record<string, string>;
  /** Logos and files that are there and not in it, because nobody said where to write them. */
  filesLeftOut: number;
}

/** Logos and files are written to the sink as they are met; without one they are left out. */
export async function exportDeclaration(db: Db, keys: OpeningKeys, sink?: FileSink): Promise<Exported> {
  const secrets = new Secrets();
  const files = new ExportedFiles(sink);
  const organisations = await listOrganisations(db);
  const services = [];
  for (const service of await listServices(db)) {
    const dataKey = unwrapKey(keys.master, service.id, service.wrappedKey);
    const owner = { serviceId: service.id, name: service.name, dataKey };
    const parts = await partsOf(db, owner, { secrets, files });
    const alerts = await alertsOf(db, keys, { serviceId: service.id, owner: [service.name], secrets });
    services.push({
      ...settingsOf(service, organisations),
      ...parts,
      alerts,
      content_rules: await contentRulesOf(db, service.id),
      flood_guard: await floodGuardOf(db, service.id),
    });
  }
  const declaration = {
    organisations: await organisationsOf(db, organisations),
    users: (await listUsers(db)).map(({ id, emailAddress, name, mobileNumber, isPlatformAdmin }) => ({
      ...{ id, email: emailAddress, name, mobile: mobileNumber },
      platform_admin: isPlatformAdmin,
    })),
    installation: await installationOf(db),
    sending_domains: await domainsOf(db, keys, secrets),
    services,
    providers: await providersOf(db, keys, secrets),
    lookup_suppliers: await lookupSuppliersOf(db, keys, secrets),
    routes: await routesOf(db),
    prices: await pricesOf(db),
    exchange_rates: await exchangeRatesOf(db),
    chat_prices: await getChatPrices(db),
    alerts: await alertsOf(db, keys, { serviceId: undefined, owner: [], secrets }),
    content_rules: await contentRulesOf(db, undefined),
    flood_guard: await floodGuardOf(db, undefined),
    printing: await printingOf(db),
    ...(await platformSendersOf(db)),
    inbound_keywords: await keywordsOf(db),
  };
  return { declaration, secrets: secrets.values, filesLeftOut: files.leftOut };
}

interface AlertOwner {
  serviceId: string | undefined;
  owner: readonly string[];
  secrets: Secrets;
}

/** Of one service, or of the installation. A secret that was never renewed is none to be copied. */
async function alertsOf(db: Db, { master }: OpeningKeys, { serviceId, owner, secrets }: AlertOwner) {
  return (await listRules(db, master, serviceId)).map(({ name, kind, threshold, destinations, ...rule }) => ({
    ...{ name, kind, threshold, window_minutes: rule.windowMinutes, least_count: rule.leastCount },
    ...destinations,
    ...(rule.secrets && {
      signing_secret: secrets.refer([...owner, "alert", name, "signing secret"], rule.secrets.current),
    }),
  }));
}

async function installationOf(db: Db) {
  const { same, any } = await getRepeatLimits(db);
  return {
    repeat_guard: { same_per_hour: same, any_per_hour: any },
    audit_days: await getAuditDays(db),
    ...(await currencyOf(db)),
  };
}

/** Of one service, or of the installation. */
async function contentRulesOf(db: Db, serviceId: string | undefined) {
  return (await listContentRules(db, serviceId)).map(
    ({ name, looksFor, action, entries, channels, countryPrefixes }) => ({
      ...{ name, forbids: looksFor, action, list: entries, channels, countries: countryPrefixes },
    }),
  );
}

/** Of one service, or of the installation. */
async function floodGuardOf(db: Db, serviceId: string | undefined) {
  return (await listFloodRules(db, serviceId)).map(({ countsBy: counts, action, ...numbers }) => ({
    ...{ counts, action, at_least: numbers.atLeast, times_usual: numbers.timesUsual },
    ...{
      window_minutes: numbers.windowMinutes,
      prefix_digits: numbers.prefixDigits,
      stops_minutes: numbers.stopsMinutes,
    },
  }));
}

async function printingOf(db: Db) {
  const { timeZone, cutOff, runAt } = await getPrintTimetable(db);
  return { time_zone: timeZone, cut_off: cutOff, run_at: runAt };
}

/** Gives each secret a name of its own in the environment. */
class Secrets {
  readonly values: Record<string, string> = {};

  /** refer(["Northwold Libraries", "live", "key"], "…") → "${NORTHWOLD_LIBRARIES_LIVE_KEY}" */
  refer(words: readonly string[], value: string): string {
    const name = environmentName(words);
    let free = name;
    for (let number = 2; Object.hasOwn(this.values, free); number++) free = `${name}_${number}`;
    this.values[free] = value;
    return `\${${free}}`;
  }
}

function environmentName(words: readonly string[]): string {
  const name = words
    .join("_")
    .normalize("NFD")
    .toUpperCase()
    .replace(/\p{Mn}/gu, "")
    .replace(/[^A-Z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^[A-Z]/.test(name) ? name : `SECRET_${name}`;
}

function settingsOf(service: ServiceSettings, organisations: readonly Organisation[]) {
  return {
    id: service.id,
    name: service.name,
    organisation: organisations.find(({ id }) => id === service.organisationId)?.name,
    live: !service.isTrial,
    permissions: service.permissions.toSorted(),
    text_mode: service.textMode,
    prefix_texts: service.prefixesTexts,
    refuse_roaming: service.refusesRoaming,
    require_country: service.requiresCountry,
    email_sender: service.emailSenderLocalPart,
    files_contact: service.filesContact,
    sending_domain: service.emailSendingDomain,
    monthly_budget: service.monthlyBudget ?? NONE,
    budget_stops: service.budgetStops,
    daily_spend_limit: service.dailySpendLimit ?? NONE,
    repeat_guard: { same_per_hour: service.repeatLimitSame, any_per_hour: service.repeatLimitAny },
    quiet_hours: service.quietFrom === undefined ? NONE : { from: service.quietFrom, until: service.quietUntil },
    suppression: { after_failures: service.suppressAfterFailures ?? NONE, objectors: service.suppressesObjectors },
    release: {
      ...{ above: service.releaseAbove, above_cost: service.releaseAbovePounds },
      within_hours: service.releaseWithinHours,
    },
    undo: { seconds: service.undoSeconds, lanes: service.undoLanes },
    limits: {
      requests_per_minute: service.rateLimitPerMinute,
      sms_per_day: service.dailyLimitSms,
      email_per_day: service.dailyLimitEmail,
      letter_per_day: service.dailyLimitLetter,
      chat_per_day: service.dailyLimitChat,
      international_sms_per_day: service.dailyLimitInternationalSms,
      contacts: service.contactsMax,
    },
    retention_days: {
      sms: service.retentionDaysSms,
      email: service.retentionDaysEmail,
      letter: service.retentionDaysLetter,
      chat: service.retentionDaysChat,
    },
  };
}

interface Owner {
  serviceId: string;
  name: string;
  dataKey: Buffer;
}

async function partsOf(db: Db, owner: Owner, { secrets, files }: { secrets: Secrets; files: ExportedFiles }) {
  const { serviceId } = owner;
  return {
    ...(await logosOf(db, owner, files)),
    ...(await doorsOf(db, owner, secrets)),
    inbound_numbers: (await listInboundNumbers(db, serviceId)).map(({ number, isActive: active }) => ({
      number,
      active,
    })),
    replies: await repliesOf(db, serviceId),
    guest_list: (await listGuests(db, owner)).map(({ recipient }) => recipient),
    members: (await listMembers(db, serviceId)).map(({ emailAddress: email, permissions }) => ({ email, permissions })),
    templates: await templatesOf(db, owner, files),
    connections: await connectionsOf(db, serviceId),
    areas: (await listAreas(db, serviceId)).map(areaOf),
  };
}

function areaOf({ name, area }: SavedArea) {
  if (area.kind === "polygon") return { name, corners: linesOf(area.rings) };
  return { name, circle: { ...area.centre, radius_km: area.radiusKm } };
}

async function templatesOf(db: Db, owner: Owner, files: ExportedFiles) {
  const templates = [];
  for (const template of await listAllTemplates(db, owner.serviceId)) {
    templates.push({
      id: template.id,
      channel: template.channel,
      name: template.name,
      subject: template.subject,
      body: template.body,
      postage: template.postage,
      contact_block: template.contactBlock,
      welsh_subject: template.welshSubject,
      welsh_body: template.welshBody,
      attached_pages: await attachedPagesOf(db, { owner, template, files }),
      unsubscribe_link: template.hasUnsubscribeLink || undefined,
      files: await filesOf(db, { owner, template, files }),
      hidden: template.isHidden || undefined,
      keeps: template.keeps === "everything" ? undefined : template.keeps,
      whatsapp: template.whatsapp,
    });
  }
  return templates;
}

async function doorsOf(db: Db, owner: Owner, secrets: Secrets) {
  const { serviceId, name: service } = owner;
  return {
    keys: (await listApiKeys(db, owner)).map(({ id, name, kind, secret }) => {
      const reference = secrets.refer([service, name, "key"], fullApiKey(name, serviceId, secret));
      return { id, name, kind, secret: reference };
    }),
    smpp_accounts: (await listSmppAccounts(db, serviceId)).map(smppAccountOf),
    ...(await textSendersOf(db, serviceId)),
    reply_tos: (await listReplyToAddresses(db, serviceId)).map(({ id, address, isDefault }) => ({
      ...{ id, address },
      default: isDefault,
    })),
    callbacks: (await listCallbacks(db, owner)).map(({ endpointId: id, kinds, url, ...kept }) => ({
      ...{ id, ...(kinds.length === 1 ? { kind: kinds[0] } : { kinds }), url },
      bearer_token: secrets.refer([service, ...kinds, "token"], kept.bearerToken),
      signing_secret: secrets.refer([service, ...kinds, "signing secret"], kept.signingSecret),
    })),
  };
}

/** Its password is kept as a hash, and so stays here: elsewhere it gets another. */
function smppAccountOf(account: ListedSmppAccount) {
  return {
    ...{ id: account.id, system_id: account.systemId, kind: account.kind },
    allowed_networks: account.allowedNetworks,
    ...{ binds: account.bindsMax, window: account.windowMax, rate_per_second: account.ratePerSecond },
    ...{ replies: account.takesReplies, default_alphabet: account.defaultAlphabet },
  };
}

/** The sandbox belongs to its installation: the next has one of its own. */
async function providersOf(db: Db, keys: OpeningKeys, secrets: Secrets) {
  const providers = (await listProviders(db, keys.master)).filter(({ isSandbox }) => !isSandbox);
  const charges = await listCharges(db);
  return providers.map(({ id, name, channel, kind, settings, secrets: values, isActive }) => {
    const entries = Object.entries(values).map(([secret, value]) => [secret, secrets.refer([name, secret], value)]);
    const { currency = NONE, prices } = charges.of(name);
    return {
      ...{ id, name, channel, kind, settings, secrets: Object.fromEntries(entries) },
      ...{ currency, prices },
      active: isActive,
    };
  });
}

async function lookupSuppliersOf(db: Db, keys: OpeningKeys, secrets: Secrets) {
  const suppliers = (await listLookupSuppliers(db, keys.master)).filter(({ isSandbox }) => !isSandbox);
  return suppliers.map(({ id, name, settings, secrets: values, isActive }) => {
    const entries = Object.entries(values).map(([secret, value]) => [secret, secrets.refer([name, secret], value)]);
    return { id, name, settings, secrets: Object.fromEntries(entries), active: isActive };
  });
}

async function routesOf(db: Db) {
  const routes = (await listRoutes(db)).filter(({ isSandbox }) => !isSandbox);
  return routes.map((route) => ({
    ...{ name: route.name, provider: route.provider, key_kinds: route.keyKinds },
    international: route.carriesInternational,
    ...{ countries: route.countryPrefixes, networks: route.networks, services: route.serviceIds },
    ...{ senders: route.senderTypes, priorities: route.priorities, times: route.times },
    ...{ position: route.position, weight: route.weight, cheapest: route.isCheapestFirst },
  }));
}

async function domainsOf(db: Db, keys: OpeningKeys, secrets: Secrets) {
  return (await listSendingDomains(db, keys.master)).map((domain) => ({
    domain: domain.domain,
    default: domain.isDefault,
    dkim_selector: domain.dkimSelector,
    dkim_private_key: secrets.refer(["dkim", domain.domain], domain.dkimPrivateKey),
    bounce_domain: domain.bounceDomain,
  }));
}
