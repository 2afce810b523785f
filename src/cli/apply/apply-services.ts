/** Services and, in each, what the file names of its parts. A file never removes a service. */
import { UNDO_LANES } from "../../core/delivery/undo-window.ts";
import { seedSpending } from "../../flow/money/seed-spending.ts";
import { systemClock } from "../../platform/clock.ts";
import { newRandomId } from "../../platform/ids.ts";
import { newWrappedKey, unwrapKey } from "../../platform/sealing.ts";
import { putDefaultBrands } from "../../records/brands/service-brand-store.ts";
import { listOrganisations, type Organisation } from "../../records/organisations/organisation-store.ts";
import {
  insertService,
  listServices,
  NEW_SERVICE,
  type ServiceSettings,
  updateService,
} from "../../records/services/service-settings-store.ts";
import { applyAlerts } from "./apply-alerts.ts";
import { applyAreas } from "./apply-areas.ts";
import { applyConnections } from "./apply-connections.ts";
import { applyContentRules } from "./apply-content-rules.ts";
import { applyFloodGuard } from "./apply-flood-guard.ts";
import { applyEmailBrand, applyLetterLogo } from "./apply-logos.ts";
import { applyReplies } from "./apply-replies.ts";
import { applySenderPools, applyTextSenders } from "./apply-senders.ts";
import { applyCallbacks, applyKeys, applyReplyTos } from "./apply-service-doors.ts";
import { applyGuests, applyInboundNumbers, applyMembers } from "./apply-service-parts.ts";
import { applySmppAccounts } from "./apply-smpp-accounts.ts";
import { applyTemplates } from "./apply-templates.ts";
import type { DeclaredService } from "./declaration.ts";
import { NONE, refuseAt } from "./read.ts";
import { type Noun, reconcile, refuseTwice, said } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

type CurrentService = ServiceSettings & { wrappedKey: Buffer };

export async function applyServices(run: Run, declared: readonly DeclaredService[]): Promise<void> {
  const organisations = await listOrganisations(run.tx);
  const current = await listServices(run.tx);
  const noun = serviceNoun(run, organisations);
  refuseTwice(noun, declared);
  const wanted = declared.map((service) => withId(service, current));
  await reconcile(run, noun, { wanted, current });
  const services = await listServices(run.tx);
  for (const service of wanted) await applyParts(run, ownerOf(run, service, services), service);
}

/** A new service has its id before it is made, so that the audit log can say whose change it was. */
function withId(declared: DeclaredService, current: readonly CurrentService[]): DeclaredService {
  const isNew = declared.id === undefined && !current.some(({ name }) => name === declared.name);
  return isNew ? { ...declared, id: newRandomId() } : declared;
}

function ownerOf(run: Run, declared: DeclaredService, services: readonly CurrentService[]): Owner {
  const service = services.find(({ id }) => id === declared.id) ?? services.find(({ name }) => name === declared.name);
  if (!service) return refuseAt(declared.at, "was not made");
  const { id: serviceId, name, filesContact } = service;
  const dataKey = unwrapKey(run.keys.master, serviceId, service.wrappedKey);
  const hasFilesContact = filesContact !== undefined;
  return { serviceId, name, dataKey, searchIndex: run.keys.searchIndex, hasFilesContact };
}

async function applyParts(run: Run, owner: Owner, declared: DeclaredService): Promise<void> {
  await applyKeys(run, owner, declared.keys);
  await applySmppAccounts(run, owner, declared.smpp_accounts);
  await applyTextSenders(run, owner, declared.text_senders);
  await applySenderPools(run, owner, declared.sender_pools);
  await applyReplyTos(run, owner, declared.reply_tos);
  await applyCallbacks(run, owner, declared.callbacks);
  await applyInboundNumbers(run, owner, declared.inbound_numbers);
  await applyGuests(run, owner, declared.guest_list);
  await applyMembers(run, owner, declared.members);
  await applyReplies(run, owner, declared.replies);
  await applyEmailBrand(run, owner, declared.email_brand);
  await applyLetterLogo(run, owner, declared.letter_logo);
  await applyTemplates(run, owner, declared.templates);
  await applyConnections(run, owner, declared.connections);
  await applyAreas(run, owner, declared.areas);
  await applyAlerts(run, owner, declared.alerts);
  await applyContentRules(run, owner, declared.content_rules);
  await applyFloodGuard(run, owner, declared.flood_guard);
}

function serviceNoun(run: Run, organisations: readonly Organisation[]): Noun<DeclaredService, CurrentService> {
  const { tx } = run;
  const settingsOf = (declared: DeclaredService) => declaredSettings(declared, organisationId(declared, organisations));
  return {
    kind: "service",
    isService: true,
    nameOf: ({ name }) => name,
    idOf: ({ id }) => id,
    placeOf: ({ at }) => at,
    fieldsOf: ({ id: _, wrappedKey: __, ...settings }) => ({
      ...settings,
      permissions: settings.permissions.toSorted(),
      monthlyBudget: settings.monthlyBudget ?? null,
      dailySpendLimit: settings.dailySpendLimit ?? null,
      quietFrom: settings.quietFrom ?? null,
      quietUntil: settings.quietUntil ?? null,
      suppressAfterFailures: settings.suppressAfterFailures ?? null,
    }),
    wishesOf: settingsOf,
    insert: async (declared) => {
      const { id = newRandomId() } = declared;
      const settings = { ...NEW_SERVICE, name: declared.name, ...said(settingsOf(declared)) };
      await insertService(tx, { id, ...keptSettings(settings) }, newWrappedKey(run.keys.master, id));
      await putDefaultBrands(tx, id, settings.organisationId);
    },
    update: async (current, declared) => {
      const settings = keptSettings({ ...current, ...said(settingsOf(declared)) });
      await updateService(tx, settings);
      await seedSpending({ tx, clock: systemClock }, current.id, { before: current, after: settings });
    },
  };
}

function organisationId(declared: DeclaredService, organisations: readonly Organisation[]): string | undefined {
  if (declared.organisation === undefined) return undefined;
  const organisation = organisations.find(({ name }) => name === declared.organisation);
  const { path, source } = declared.at;
  return (
    organisation?.id ??
    refuseAt({ path: [...path, "organisation"], source }, "is not an organisation in the file or here")
  );
}

function declaredSettings(declared: DeclaredService, organisation: string | undefined) {
  const { limits, retention_days: days } = declared;
  return {
    name: declared.name,
    organisationId: organisation,
    permissions: declared.permissions?.toSorted(),
    isTrial: declared.live === undefined ? undefined : !declared.live,
    textMode: declared.text_mode,
    prefixesTexts: declared.prefix_texts,
    refusesRoaming: declared.refuse_roaming,
    requiresCountry: declared.require_country,
    emailSenderLocalPart: declared.email_sender,
    emailSendingDomain: declared.sending_domain,
    filesContact: declared.files_contact?.value,
    monthlyBudget: budgetOf(declared.monthly_budget),
    budgetStops: declared.budget_stops,
    dailySpendLimit: budgetOf(declared.daily_spend_limit),
    ...guardsOf(declared),
    rateLimitPerMinute: limits?.requests_per_minute,
    dailyLimitSms: limits?.sms_per_day,
    dailyLimitEmail: limits?.email_per_day,
    dailyLimitLetter: limits?.letter_per_day,
    dailyLimitChat: limits?.chat_per_day,
    dailyLimitInternationalSms: limits?.international_sms_per_day,
    contactsMax: limits?.contacts,
    retentionDaysSms: days?.sms,
    retentionDaysEmail: days?.email,
    retentionDaysLetter: days?.letter,
    retentionDaysChat: days?.chat,
  };
}

function guardsOf({ repeat_guard: repeats, quiet_hours: hours, suppression, undo, release }: DeclaredService) {
  const failures = suppression?.after_failures;
  return {
    suppressAfterFailures: failures === NONE ? null : failures,
    suppressesObjectors: suppression?.objectors,
    releaseAbove: release?.above,
    releaseAbovePounds: release?.above_cost ?? release?.above_pounds,
    releaseWithinHours: release?.within_hours,
    undoSeconds: undo?.seconds,
    undoLanes: undo?.lanes && UNDO_LANES.filter((lane) => undo.lanes?.includes(lane)),
    repeatLimitSame: repeats?.same_per_hour,
    repeatLimitAny: repeats?.any_per_hour,
    quietFrom: hours === NONE ? null : hours?.from,
    quietUntil: hours === NONE ? null : hours?.until,
  };
}

/** Null, in the file's words "none", takes a budget away. */
function budgetOf(budget: DeclaredService["monthly_budget"]): number | null | undefined {
  return budget === NONE ? null : budget;
}

interface Clearable {
  monthlyBudget?: number | null | undefined;
  dailySpendLimit?: number | null | undefined;
  quietFrom?: string | null | undefined;
  quietUntil?: string | null | undefined;
  suppressAfterFailures?: number | null | undefined;
}

function keptSettings<Settings extends Clearable>(settings: Settings) {
  const { monthlyBudget, dailySpendLimit, quietFrom, quietUntil, suppressAfterFailures } = settings;
  return {
    ...settings,
    monthlyBudget: monthlyBudget ?? undefined,
    dailySpendLimit: dailySpendLimit ?? undefined,
    quietFrom: quietFrom ?? undefined,
    quietUntil: quietUntil ?? undefined,
    suppressAfterFailures: suppressAfterFailures ?? undefined,
  };
}
