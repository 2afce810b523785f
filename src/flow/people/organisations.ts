/** Organisations: their names, domains and people. */

import { Refusal } from "../../core/refusal.ts";
import { type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import {
  deleteOrganisationMember,
  findOrganisation,
  type OrganisationDetails,
  putOrganisationMember,
  replaceDomains,
  updateOrganisationSettings,
} from "../../records/organisations/organisation-people-store.ts";
import { insertOrganisation, updateOrganisation } from "../../records/organisations/organisation-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { fieldRefusal, refuseProblems } from "../form-refusal.ts";
import { checkDomains } from "./domains.ts";
import { serviceNameProblem } from "./names.ts";
import type { People } from "./people.ts";

type Keeper = Pick<People, "db">;

/** Field: `name`. */
export async function createOrganisation(people: Keeper, actor: Actor, name: string): Promise<string> {
  const organisation = { id: newId(), name: checkName(name) };
  await naming(() =>
    people.db.transaction(async (tx) => {
      await insertOrganisation(tx, organisation);
      await record(tx, actor, {
        action: "organisation.created",
        id: organisation.id,
        after: { name: organisation.name },
      });
    }),
  );
  return organisation.id;
}

export interface OrganisationSettings {
  id: string;
  name: string;
  approvesOwnServices: boolean;
  takesJoinRequests: boolean;
  /** Of its people's addresses, and of what lies below them. */
  domains: readonly string[];
}

/** Fields: `name`, `domains`. */
export async function changeOrganisation(people: Keeper, actor: Actor, wanted: OrganisationSettings): Promise<void> {
  const name = checkName(wanted.name);
  const domains = checkDomains(wanted.domains, "domains");
  const before = await getOrganisation(people, wanted.id);
  await naming(() =>
    people.db.transaction(async (tx) => {
      await updateOrganisation(tx, { id: wanted.id, name });
      await updateOrganisationSettings(tx, wanted);
      await replaceDomains(tx, wanted.id, domains);
      const after = { ...wanted, name, domains };
      await record(tx, actor, { action: "organisation.changed", id: wanted.id, before: { ...before }, after });
    }),
  );
}

export async function getOrganisation({ db }: Keeper, id: string): Promise<OrganisationDetails> {
  const organisation = await findOrganisation(db, id);
  if (organisation) return organisation;
  throw new Refusal("not-found", "There is no such organisation");
}

/** Whether a member may make its services live. Nobody changes this of themselves. */
export async function changeOrganisationMember(
  people: Keeper,
  actor: Actor,
  member: { organisationId: string; userId: string; mayMakeLive: boolean },
): Promise<void> {
  const { organisationId, userId, mayMakeLive } = member;
  refuseSelf(actor, userId);
  await people.db.transaction(async (tx) => {
    if (!(await deleteOrganisationMember(tx, member))) throw notMember();
    await putOrganisationMember(tx, member);
    const after = { userId, mayMakeLive };
    await record(tx, actor, { action: "organisation-member.changed", id: organisationId, after });
  });
}

export async function removeOrganisationMember(
  people: Keeper,
  actor: Actor,
  member: { organisationId: string; userId: string },
): Promise<void> {
  refuseSelf(actor, member.userId);
  await people.db.transaction(async (tx) => {
    if (!(await deleteOrganisationMember(tx, member))) throw notMember();
    const before = { userId: member.userId };
    await record(tx, actor, { action: "organisation-member.removed", id: member.organisationId, before });
  });
}

function refuseSelf(actor: Actor, userId: string): void {
  if (actor.userId !== userId) return;
  throw new Refusal("not-authorised", "Ask somebody else: nobody changes what they may do themselves");
}

function notMember(): Refusal {
  return new Refusal("not-found", "They do not belong to the organisation");
}

function checkName(name: string): string {
  const problem = serviceNameProblem(name);
  refuseProblems(problem ? [problem] : []);
  return name.trim();
}

async function naming<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const constraint = violatedUniqueConstraint(error);
    if (constraint === "organisations_name")
      throw fieldRefusal("name", "name-taken", "Another organisation has this name");
    if (constraint === "organisation_domains_pkey")
      throw fieldRefusal("domains", "domain-taken", "One of the domains is another organisation’s");
    throw error;
  }
}

interface OrganisationDeed {
  action: string;
  id: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

function record(tx: Tx, actor: Actor, { id, ...deed }: OrganisationDeed): Promise<void> {
  return recordDeed(tx, actor, { ...deed, subject: `organisation ${id}` });
}
