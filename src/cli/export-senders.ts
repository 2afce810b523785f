/** Whom texts come from, as a declaration says it. */
import type { Db } from "../platform/db.ts";
import { getSenderApproval } from "../records/deployment/sender-approval.ts";
import { listOrganisations } from "../records/organisations/organisation-store.ts";
import { listCountryRules } from "../records/senders/country-rule-store.ts";
import { listProtectedNames } from "../records/senders/protected-name-store.ts";
import { listSenderPools } from "../records/senders/sender-pool-store.ts";
import { listSharedSenders } from "../records/senders/shared-sender-store.ts";
import { listTextSenders } from "../records/senders/text-sender-store.ts";

/** Of one service. Where a shared one is registered is said of all its services together. */
export async function textSendersOf(db: Db, serviceId: string) {
  const senders = await listTextSenders(db, serviceId);
  const pools = await listSenderPools(db, serviceId);
  return {
    text_senders: senders.map(({ id, sender, isDefault, isShared, registeredCountries }) => ({
      ...{ id, sender, default: isDefault },
      ...(isShared || registeredCountries.length === 0 ? {} : { registered_in: registeredCountries }),
    })),
    sender_pools: pools.map(({ id, name, senderIds, isDefault, isSticky }) => ({
      ...{ id, name, default: isDefault, sticky: isSticky },
      senders: senders.filter((one) => senderIds.includes(one.id)).map(({ sender }) => sender),
    })),
  };
}

/** Of the whole installation. */
export async function platformSendersOf(db: Db) {
  const organisations = await listOrganisations(db);
  const nameOf = (id: string) => organisations.find((one) => one.id === id)?.name ?? id;
  return {
    sender_approval: await getSenderApproval(db),
    sender_rules: (await listCountryRules(db)).map((rule) => ({
      ...{ country: rule.countryPrefix, types: rule.senderTypes },
      ...{ registered_only: rule.registeredOnly, signature: rule.needsSignature },
      ...(rule.requirements ? { requirements: rule.requirements } : {}),
    })),
    protected_names: (await listProtectedNames(db)).map((one) => ({
      ...{ name: one.name, covers_longer: one.coversLonger },
      ...{ organisations: one.organisationIds.map(nameOf), services: one.serviceIds },
    })),
    shared_senders: (await listSharedSenders(db)).map((one) => ({
      ...{ organisation: one.organisationName, sender: one.sender, services: one.serviceIds },
      registered_in: one.registeredCountries,
    })),
  };
}
