/** Whom texts come from: a service's senders and their pools, and what is set up for all services. */
import type { SenderPool } from "../../core/senders/choose-text-sender.ts";
import type { ProtectedName } from "../../core/senders/look-alike.ts";
import { SENDER_TYPES, senderTypeOf } from "../../core/senders/sender-type.ts";
import { refuseName } from "../../flow/senders/platform-senders.ts";
import { readSharedSender, shareWith } from "../../flow/senders/shared-senders.ts";
import { newId, newRandomId } from "../../platform/ids.ts";
import { getSenderApproval, type SenderApproval, setSenderApproval } from "../../records/deployment/sender-approval.ts";
import { listOrganisations } from "../../records/organisations/organisation-store.ts";
import {
  deleteCountryRule,
  type KeptCountryRule,
  listCountryRules,
  putCountryRule,
} from "../../records/senders/country-rule-store.ts";
import {
  deleteProtectedName,
  insertProtectedName,
  listProtectedNames,
  updateProtectedName,
} from "../../records/senders/protected-name-store.ts";
import {
  archiveSenderPool,
  insertSenderPool,
  listSenderPools,
  updateSenderPool,
} from "../../records/senders/sender-pool-store.ts";
import {
  deleteSharedSender,
  insertSharedSender,
  listSharedSenders,
  type SharedSender,
  setSharedRegistrations,
} from "../../records/senders/shared-sender-store.ts";
import {
  archiveTextSender,
  insertTextSender,
  isUsedOutside,
  listTextSenders,
  setRegisteredCountries,
  updateTextSender,
} from "../../records/senders/text-sender-store.ts";
import type { TextSender } from "../../records/services/service.ts";
import { findOrganisationIdOf } from "../../records/services/service-life-store.ts";
import { listServices } from "../../records/services/service-settings-store.ts";
import type { Declaration, DeclaredService } from "./declaration.ts";
import { NONE, type Place, refuseAt } from "./read.ts";
import { type Noun, reconcile, said } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

type ListIn<Of, Name extends keyof Of> = NonNullable<Of[Name]> extends readonly (infer Item)[] ? Item : never;
type DeclaredTextSender = ListIn<DeclaredService, "text_senders">;
type DeclaredPool = ListIn<DeclaredService, "sender_pools">;
type DeclaredShared = ListIn<Declaration, "shared_senders">;
type DeclaredName = ListIn<Declaration, "protected_names">;
type DeclaredRule = ListIn<Declaration, "sender_rules">;

export async function applyTextSenders(run: Run, owner: Owner, wanted: DeclaredService["text_senders"]): Promise<void> {
  if (!wanted) return;
  const { tx } = run;
  const { serviceId, name } = owner;
  const noun: Noun<DeclaredTextSender, TextSender> = {
    ...{ kind: "text sender", serviceId, owner: ` of ${name}` },
    nameOf: ({ sender }) => sender,
    idOf: ({ id }) => id,
    placeOf: ({ at }) => at,
    fieldsOf: ({ sender, isDefault, registeredCountries }) => ({ sender, isDefault, registeredCountries }),
    wishesOf: (declared) => ({
      ...{ sender: declared.sender, isDefault: declared.default },
      registeredCountries: declared.registered_in?.toSorted(),
    }),
    insert: async (declared) => {
      const { id = newId(), sender, default: isDefault = false } = declared;
      await refuseStrangersCode(run, serviceId, declared);
      await insertTextSender(tx, serviceId, { id, sender, isDefault });
      await setRegisteredCountries(tx, id, declared.registered_in?.toSorted() ?? []);
    },
    update: async (current, declared) => {
      if (current.isShared && current.sender !== declared.sender)
        refuseAt(declared.at, "is shared inside its organisation and cannot be renamed here");
      if (current.sender !== declared.sender) await refuseStrangersCode(run, serviceId, declared);
      const isDefault = declared.default ?? current.isDefault;
      await updateTextSender(tx, serviceId, { ...current, sender: declared.sender, isDefault });
      if (declared.registered_in) await setRegisteredCountries(tx, current.id, declared.registered_in.toSorted());
    },
    remove: ({ id }) => archiveTextSender(tx, id),
  };
  const isNamed = ({ sender }: TextSender) => wanted.some((one) => one.sender === sender);
  const current = (await listTextSenders(tx, serviceId)).filter((one) => !one.isShared || isNamed(one));
  await reconcile(run, noun, { wanted, current });
}

async function refuseStrangersCode(
  { tx }: Run,
  serviceId: string,
  { sender, at }: Pick<DeclaredTextSender, "sender" | "at">,
): Promise<void> {
  if (senderTypeOf(sender) !== "short-code") return;
  const organisationId = await findOrganisationIdOf(tx, serviceId);
  if (await isUsedOutside(tx, { sender, organisationId, exceptId: serviceId }))
    refuseAt(at, "is a short code that another organisation uses: they are shared inside one organisation only");
}

export async function applySenderPools(run: Run, owner: Owner, wanted: DeclaredService["sender_pools"]): Promise<void> {
  if (!wanted) return;
  const { tx } = run;
  const { serviceId, name } = owner;
  const senders = await listTextSenders(tx, serviceId);
  const columnsOf = (declared: DeclaredPool) => ({
    name: declared.name,
    senderIds: declared.senders.map((sender, index) => senderIdOf(senders, sender, below(declared, "senders", index))),
    ...said({ isDefault: declared.default, isSticky: declared.sticky }),
  });
  const noun: Noun<DeclaredPool, SenderPool> = {
    ...{ kind: "sender pool", serviceId, owner: ` of ${name}` },
    nameOf: ({ name: own }) => own.toLowerCase(),
    idOf: ({ id }) => id,
    placeOf: ({ at }) => at,
    fieldsOf: ({ id: _, ...fields }) => ({ ...fields }),
    wishesOf: columnsOf,
    insert: (declared) => {
      const id = declared.id ?? newRandomId();
      return insertSenderPool(tx, serviceId, { id, isDefault: false, isSticky: true, ...columnsOf(declared) });
    },
    update: (current, declared) => updateSenderPool(tx, serviceId, { ...current, ...columnsOf(declared) }),
    remove: ({ id }) => archiveSenderPool(tx, serviceId, id),
  };
  await reconcile(run, noun, { wanted, current: await listSenderPools(tx, serviceId) });
}

function senderIdOf(senders: readonly TextSender[], wanted: string, place: Pick<Place, "path" | "source">): string {
  const found = senders.find(({ sender }) => sender === wanted);
  return found?.id ?? refuseAt(place, "is not a text sender of the service");
}

export async function applyPlatformSenders(run: Run, declaration: Declaration): Promise<void> {
  await applyApproval(run, declaration.sender_approval);
  await applySenderRules(run, declaration.sender_rules);
  await applyProtectedNames(run, declaration.protected_names);
  await applySharedSenders(run, declaration.shared_senders);
}

async function applyApproval(run: Run, wanted: SenderApproval | undefined): Promise<void> {
  if (wanted === undefined) return;
  const current = await getSenderApproval(run.tx);
  if (current === wanted) {
    run.unchanged.count += 1;
    return;
  }
  await setSenderApproval(run.tx, wanted);
  const change = { before: { approval: current }, after: { approval: wanted } };
  run.changes.push({ action: "updated", kind: "sender approval", name: "of new text senders", ...change });
}

async function applySenderRules(run: Run, wanted: readonly DeclaredRule[] | undefined): Promise<void> {
  if (!wanted) return;
  const { tx } = run;
  const put = (declared: DeclaredRule, current?: KeptCountryRule) =>
    putCountryRule(tx, {
      ...{ senderTypes: SENDER_TYPES, registeredOnly: false, needsSignature: false, ...current, ...ruleOf(declared) },
      countryPrefix: declared.country,
    });
  const noun: Noun<DeclaredRule, KeptCountryRule> = {
    kind: "sender rule",
    nameOf: (rule) => ("at" in rule ? rule.country : rule.countryPrefix),
    placeOf: ({ at }) => at,
    fieldsOf: ({ countryPrefix: _, ...fields }) => ({ ...fields }),
    wishesOf: ruleOf,
    insert: put,
    update: (current, declared) => put(declared, current),
    remove: ({ countryPrefix }) => deleteCountryRule(tx, countryPrefix),
  };
  await reconcile(run, noun, { wanted, current: await listCountryRules(tx) });
}

function ruleOf(declared: DeclaredRule) {
  const { types, registered_only: registeredOnly, signature: needsSignature, requirements } = declared;
  if (types?.length === 0) refuseAt(below(declared, "types"), "must name at least one type");
  const senderTypes = types && SENDER_TYPES.filter((type) => types.includes(type));
  const words = requirements === NONE ? "" : requirements;
  return said({ senderTypes, registeredOnly, needsSignature, requirements: words });
}

async function applyProtectedNames(run: Run, wanted: readonly DeclaredName[] | undefined): Promise<void> {
  if (!wanted) return;
  const { tx } = run;
  const known = { organisations: await listOrganisations(tx), services: await listServices(tx) };
  const columnsOf = (declared: DeclaredName) => {
    const { name, covers_longer: coversLonger } = declared;
    refuseName({ name, coversLonger: coversLonger ?? false });
    const idsOf = (field: "organisations" | "services") =>
      declared[field]?.map((one, index) => idOf(known[field], one, below(declared, field, index)));
    return { name, ...said({ coversLonger, organisationIds: idsOf("organisations"), serviceIds: idsOf("services") }) };
  };
  const noun: Noun<DeclaredName, ProtectedName> = {
    kind: "protected name",
    nameOf: ({ name }) => name,
    placeOf: ({ at }) => at,
    fieldsOf: ({ id: _, ...fields }) => ({ ...fields }),
    wishesOf: columnsOf,
    insert: (declared) => {
      const nobody = { coversLonger: false, organisationIds: [], serviceIds: [] };
      return insertProtectedName(tx, { id: newRandomId(), ...nobody, ...columnsOf(declared) });
    },
    update: (current, declared) => updateProtectedName(tx, { ...current, ...columnsOf(declared) }),
    remove: ({ id }) => deleteProtectedName(tx, id),
  };
  await reconcile(run, noun, { wanted, current: await listProtectedNames(tx) });
}

async function applySharedSenders(run: Run, wanted: readonly DeclaredShared[] | undefined): Promise<void> {
  if (!wanted) return;
  const { tx } = run;
  const known = { organisations: await listOrganisations(tx), services: await listServices(tx) };
  const columnsOf = (declared: DeclaredShared) =>
    said({
      serviceIds: declared.services
        ?.map((one, index) => ownServiceId(known, declared, { named: one, index }))
        .toSorted(),
      registeredCountries: declared.registered_in?.toSorted(),
    });
  const settle = async (shared: Pick<SharedSender, "id" | "sender">, declared: DeclaredShared): Promise<void> => {
    const { serviceIds, registeredCountries } = columnsOf(declared);
    if (registeredCountries) await setSharedRegistrations(tx, shared.id, registeredCountries);
    if (serviceIds) await shareWith(tx, shared, new Set(serviceIds));
  };
  const organisationOf = (declared: DeclaredShared) =>
    idOf(known.organisations, declared.organisation, below(declared, "organisation"));
  const noun: Noun<DeclaredShared, SharedSender> = {
    kind: "shared sender",
    nameOf: (one) => `${one.sender} of ${"at" in one ? organisationOf(one) : one.organisationId}`,
    placeOf: ({ at }) => at,
    fieldsOf: ({ serviceIds, registeredCountries }) => ({ serviceIds, registeredCountries }),
    wishesOf: columnsOf,
    insert: async (declared) => {
      const [id, organisationId] = [newRandomId(), organisationOf(declared)];
      const sender = await readSharedSender(tx, organisationId, declared.sender);
      await insertSharedSender(tx, { id, organisationId, sender, registeredCountries: [] });
      await settle({ id, sender }, declared);
    },
    update: settle,
    remove: async (current) => {
      await shareWith(tx, current, new Set());
      await deleteSharedSender(tx, current.id);
    },
  };
  await reconcile(run, noun, { wanted, current: await listSharedSenders(tx) });
}

interface Known {
  organisations: readonly { id: string; name: string }[];
  services: readonly { id: string; name: string; organisationId: string | undefined }[];
}

/** One of the organisation's: no sender is shared with others. */
function ownServiceId(
  { organisations, services }: Known,
  declared: DeclaredShared,
  { named, index }: { named: string; index: number },
): string {
  const organisationId = idOf(organisations, declared.organisation, below(declared, "organisation"));
  const place = below(declared, "services", index);
  const id = idOf(services, named, place);
  const isOwn = services.some((service) => service.id === id && service.organisationId === organisationId);
  return isOwn ? id : refuseAt(place, "is not a service of the organisation");
}

/** By id, or by a name that only one has. */
function idOf(
  among: readonly { id: string; name: string }[],
  wanted: string,
  place: Pick<Place, "path" | "source">,
): string {
  const found = among.filter(({ id, name }) => id === wanted.toLowerCase() || name === wanted);
  if (found.length === 1 && found[0]) return found[0].id;
  return refuseAt(place, found.length === 0 ? "is not in the file or here" : "could be several: give an id");
}

function below({ at }: { at: Place }, ...path: (string | number)[]) {
  return { source: at.source, path: [...at.path, ...path] };
}
