/** From trial to live: what a service has to have done, its request, what is said about it, and the decision. */
import { Refusal } from "../../core/refusal.ts";
import type { Db, Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import {
  findGoLiveRequest,
  type GoLiveRequest,
  insertGoLiveComment,
  insertGoLiveRequest,
  settleGoLiveRequest,
} from "../../records/go-live/go-live-store.ts";
import { listOrganisationMembers } from "../../records/organisations/organisation-people-store.ts";
import {
  findGoLiveFacts,
  type GoLiveFacts,
  setConfirmedUnique,
  setVolumes,
} from "../../records/services/service-life-store.ts";
import { listUsers } from "../../records/users/user-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { getOrganisation } from "./organisations.ts";
import { getUser } from "./own-account.ts";
import { adminUrl, type People } from "./people.ts";
import { setServiceLive } from "./platform.ts";
import { DEFAULT_TEXT_SENDER, serviceDeed } from "./services.ts";
import { getLockedService } from "./team.ts";

const COMMENT_MAX_CHARACTERS = 5_000;
const VOLUME_MAX = 2_000_000_000;
const MANAGERS_MIN = 2;

export type GoLiveTask = "name-unique" | "volumes" | "managers" | "templates" | "reply-to" | "text-sender";

/** What applies to the service, in order, and whether it is done. */
export type GoLiveChecklist = readonly { task: GoLiveTask; isDone: boolean }[];

export async function goLiveChecklist({ db }: { db: Db }, serviceId: string): Promise<GoLiveChecklist> {
  const facts = await findGoLiveFacts(db, { serviceId, defaultTextSender: DEFAULT_TEXT_SENDER });
  if (!facts) throw new Refusal("not-found", "There is no such service");
  return checklistOf(facts);
}

/** Email is only asked about where it is used, and so are texts. */
export function checklistOf(facts: GoLiveFacts): GoLiveChecklist {
  const { yearlyVolumeSms = 0, yearlyVolumeEmail = 0 } = facts;
  const all: { task: GoLiveTask; applies?: boolean; isDone: boolean }[] = [
    { task: "name-unique", isDone: facts.isConfirmedUnique },
    { task: "volumes", isDone: yearlyVolumeSms + yearlyVolumeEmail > 0 },
    { task: "managers", isDone: facts.managers >= MANAGERS_MIN },
    { task: "templates", isDone: facts.templates > 0 },
    { task: "reply-to", applies: facts.hasEmailTemplates || yearlyVolumeEmail > 0, isDone: facts.hasReplyTo },
    { task: "text-sender", applies: facts.hasTextTemplates || yearlyVolumeSms > 0, isDone: facts.hasOwnTextSender },
  ];
  return all.filter(({ applies = true }) => applies).map(({ task, isDone }) => ({ task, isDone }));
}

export async function confirmNameUnique(people: People, actor: Actor, serviceId: string): Promise<void> {
  await people.db.transaction(async (tx) => {
    await getLockedService(tx, serviceId);
    await setConfirmedUnique(tx, serviceId);
    await recordDeed(tx, actor, serviceDeed("service.name-confirmed", serviceId));
  });
}

/** Messages a year. Fields: `sms`, `email`. */
export async function setYearlyVolumes(
  people: People,
  actor: Actor,
  { serviceId, sms, email }: { serviceId: string; sms: number; email: number },
): Promise<void> {
  checkVolume("sms", sms);
  checkVolume("email", email);
  if (sms + email === 0)
    throw fieldRefusal("sms", "volumes-none", "Say how many texts or emails you will send in a year");
  const after = { yearlyVolumeSms: sms, yearlyVolumeEmail: email };
  await people.db.transaction(async (tx) => {
    await getLockedService(tx, serviceId);
    await setVolumes(tx, serviceId, after);
    await recordDeed(tx, actor, { ...serviceDeed("service.volumes-set", serviceId), after });
  });
}

function checkVolume(field: "sms" | "email", volume: number): void {
  if (Number.isInteger(volume) && volume >= 0 && volume <= VOLUME_MAX) return;
  throw fieldRefusal(field, "volume-invalid", "Enter a whole number, such as 12000");
}

/** Tells who can decide. Refuses while something of the checklist is not done. Resolves with the request's id. */
export async function requestGoLive(
  people: People,
  actor: Actor,
  { serviceId, origin }: { serviceId: string; origin: string },
): Promise<string> {
  const request = { id: newId(), serviceId, requestedBy: actor.userId, createdAt: people.clock.now() };
  await people.db.transaction(async (tx) => {
    const service = await getLockedService(tx, serviceId);
    if (!service.isTrial) throw new Refusal("conflict", "The service is live");
    if (service.hasOpenGoLiveRequest) throw new Refusal("conflict", "The service has asked, and waits for an answer");
    const open = (await goLiveChecklist({ db: tx }, serviceId)).filter(({ isDone }) => !isDone);
    if (open.length > 0) throw new Refusal("conflict", "Finish the tasks before you ask for the service to go live");
    await insertGoLiveRequest(tx, request);
    await recordDeed(tx, actor, { ...serviceDeed("go-live.requested", serviceId), after: { request: request.id } });
  });
  await tellApprovers(people, { id: request.id, origin });
  return request.id;
}

async function tellApprovers(people: People, { id, origin }: { id: string; origin: string }): Promise<void> {
  const request = await getGoLiveRequest(people, id);
  const { addresses, path } = await approversOf(people, request);
  const link = adminUrl(people, { origin }, path);
  const values = { requester: request.requestedByName, service: request.serviceName, link };
  for (const to of addresses) await people.post.send({ kind: "go-live-requested", to, values });
}

/** Those of the organisation where it decides for itself and has some; else the platform's administrators. And where they decide. */
async function approversOf(
  people: People,
  { id, serviceId, organisationId }: GoLiveRequest,
): Promise<{ addresses: string[]; path: string }> {
  const own = organisationId ? await ownApprovers(people, organisationId) : [];
  if (own.length > 0) return { addresses: own, path: `/orgs/${organisationId}/approvals/${id}` };
  const administrators = (await listUsers(people.db)).filter(({ isPlatformAdmin }) => isPlatformAdmin);
  return { addresses: administrators.map(({ emailAddress }) => emailAddress), path: `/services/${serviceId}/go-live` };
}

async function ownApprovers(people: People, organisationId: string): Promise<string[]> {
  const { approvesOwnServices } = await getOrganisation(people, organisationId);
  if (!approvesOwnServices) return [];
  const members = await listOrganisationMembers(people.db, organisationId);
  return members.filter(({ mayMakeLive }) => mayMakeLive).map(({ emailAddress }) => emailAddress);
}

export async function getGoLiveRequest(people: Pick<People, "db">, id: string): Promise<GoLiveRequest> {
  const request = await findGoLiveRequest(people.db, id);
  if (request) return request;
  throw new Refusal("not-found", "There is no such request");
}

/** Field: `comment`. By whoever may see the request. */
export async function commentOnGoLive(
  people: People,
  actor: Actor,
  { id, comment }: { id: string; comment: string },
): Promise<void> {
  const request = await getGoLiveRequest(people, id);
  await people.db.transaction((tx) => addComment(people, tx, { actor, request, comment: checkComment(comment) }));
}

/** A comment is optional. By a platform administrator, or by an approver of an organisation that decides for itself. */
export async function approveGoLive(
  people: People,
  actor: Actor,
  decision: { id: string; comment?: string | undefined; origin: string },
): Promise<void> {
  const { id, origin } = decision;
  const comment = decision.comment?.trim() ? checkComment(decision.comment) : undefined;
  const request = await getDecidable(people, actor, id);
  await people.db.transaction(async (tx) => {
    await settle(people, tx, { actor, request, status: "approved" });
    if (comment) await addComment(people, tx, { actor, request, comment });
    await setServiceLive(tx, actor, { serviceId: request.serviceId, isLive: true });
  });
  people.services.forget(request.serviceId);
  await tellRequester(people, { request, kind: "go-live-approved", origin });
}

/** Field: `comment`: why not, and what helps. */
export async function refuseGoLive(
  people: People,
  actor: Actor,
  decision: { id: string; comment: string; origin: string },
): Promise<void> {
  const comment = checkComment(decision.comment);
  const request = await getDecidable(people, actor, decision.id);
  await people.db.transaction(async (tx) => {
    await settle(people, tx, { actor, request, status: "refused" });
    await addComment(people, tx, { actor, request, comment });
  });
  await tellRequester(people, { request, kind: "go-live-refused", origin: decision.origin });
}

async function getDecidable(people: People, actor: Actor, id: string): Promise<GoLiveRequest> {
  const request = await getGoLiveRequest(people, id);
  if (await mayDecideGoLive(people, { userId: actor.userId, request })) return request;
  throw new Refusal("not-authorised", "Others decide which services go live");
}

/** Nobody decides on what they asked for themselves, but those who run the platform. */
export async function mayDecideGoLive(
  people: People,
  { userId, request }: { userId: string; request: GoLiveRequest },
): Promise<boolean> {
  const user = await getUser(people, userId);
  if (user.isPlatformAdmin) return true;
  const approvers = request.organisationId ? await ownApprovers(people, request.organisationId) : [];
  return approvers.includes(user.emailAddress) && request.requestedBy !== user.id;
}

interface Settling {
  actor: Actor;
  request: GoLiveRequest;
  status: "approved" | "refused";
}

async function settle(people: People, tx: Tx, { actor, request, status }: Settling): Promise<void> {
  const { id, serviceId } = request;
  await getLockedService(tx, serviceId);
  const isOurs = await settleGoLiveRequest(tx, { id, status, decidedBy: actor.userId, now: people.clock.now() });
  if (!isOurs) throw new Refusal("conflict", "The request was decided before");
  await recordDeed(tx, actor, { ...serviceDeed(`go-live.${status}`, serviceId), after: { request: id } });
}

async function addComment(
  people: People,
  tx: Tx,
  { actor, request, comment }: { actor: Actor; request: GoLiveRequest; comment: string },
): Promise<void> {
  const { id, serviceId } = request;
  const row = { id: newId(), requestId: id, userId: actor.userId, body: comment, createdAt: people.clock.now() };
  await insertGoLiveComment(tx, row);
  await recordDeed(tx, actor, { ...serviceDeed("go-live.commented", serviceId), after: { request: id } });
}

function checkComment(comment: string): string {
  const trimmed = comment.trim();
  if (trimmed === "") throw fieldRefusal("comment", "comment-missing", "Write what they need to know");
  if (trimmed.length <= COMMENT_MAX_CHARACTERS) return trimmed;
  throw fieldRefusal("comment", "comment-long", `The comment must be ${COMMENT_MAX_CHARACTERS} characters or fewer`);
}

async function tellRequester(
  people: People,
  { request, kind, origin }: { request: GoLiveRequest; kind: "go-live-approved" | "go-live-refused"; origin: string },
): Promise<void> {
  const user = await getUser(people, request.requestedBy);
  const path = `/services/${request.serviceId}${kind === "go-live-refused" ? "/go-live" : ""}`;
  const values = { name: user.name, service: request.serviceName, link: adminUrl(people, { origin }, path) };
  await people.post.send({ kind, to: user.emailAddress, values });
}
