/** Invitations by email: for two days, each used once, by whom they were written to. */
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { Refusal } from "../../core/refusal.ts";
import { type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import {
  findInvitation,
  findInvitationByToken,
  type Invitation,
  insertInvitation,
  type NamedInvitation,
  renewInvitation,
  settleInvitation,
} from "../../records/invitations/invitation-store.ts";
import { findOrganisation, putOrganisationMember } from "../../records/organisations/organisation-people-store.ts";
import type { MemberPermission } from "../../records/services/member-store.ts";
import { findMemberPermissions } from "../../records/services/team-store.ts";
import { hashPassword } from "../../records/users/password.ts";
import { findUserByEmail, type User } from "../../records/users/user-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { getUser } from "./own-account.ts";
import { adminUrl, type People, type Where } from "./people.ts";
import { checkPerson, insertNewUser } from "./register.ts";
import { newToken, tokenHash } from "./secrets.ts";
import { addMember, getLockedService } from "./team.ts";
import { refuseIfThrottled } from "./throttle.ts";

const INVITATION_VALID_MS = 2 * 24 * 60 * 60_000;

export interface ServiceInvitationForm {
  serviceId: string;
  emailAddress: string;
  permissions: readonly MemberPermission[];
  /** Folders of templates that they will not see. */
  hiddenFolderIds: readonly string[];
}

/** Field: `emailAddress`. The link is `/invitation/<token>`. Resolves with the invitation's id. */
export async function inviteToService(
  people: People,
  actor: Actor,
  form: ServiceInvitationForm & Pick<Where, "origin">,
): Promise<string> {
  const { serviceId, permissions, hiddenFolderIds } = form;
  await refuseIfThrottled(people, "invitation", actor.userId);
  const emailAddress = await checkAddress(people, actor, form.emailAddress);
  const invitation = { ...newInvitation(people, actor), serviceId, emailAddress, permissions, hiddenFolderIds };
  const check = async (tx: Tx): Promise<void> => {
    await getLockedService(tx, serviceId);
    const holder = await findUserByEmail(tx, emailAddress);
    if (holder && (await findMemberPermissions(tx, { serviceId, userId: holder.id })))
      throw fieldRefusal("emailAddress", "already-member", "They are in the team already");
  };
  return invite(people, actor, { invitation, origin: form.origin, check });
}

/** Field: `emailAddress`. The link is `/organisation-invitation/<token>`. Resolves with the invitation's id. */
export async function inviteToOrganisation(
  people: People,
  actor: Actor,
  form: { organisationId: string; emailAddress: string; mayMakeLive: boolean; origin: string },
): Promise<string> {
  const { organisationId, mayMakeLive } = form;
  await refuseIfThrottled(people, "invitation", actor.userId);
  const emailAddress = await checkAddress(people, actor, form.emailAddress);
  const invitation = { ...newInvitation(people, actor), organisationId, emailAddress, mayMakeLive };
  const check = async (tx: Tx): Promise<void> => {
    if (!(await findOrganisation(tx, organisationId))) throw new Refusal("not-found", "There is no such organisation");
  };
  return invite(people, actor, { invitation, origin: form.origin, check });
}

async function checkAddress(people: People, actor: Actor, text: string): Promise<string> {
  const address = parseEmailAddress(text);
  if (typeof address === "string")
    throw fieldRefusal("emailAddress", "email-invalid", "Enter an email address, such as name@example.org");
  const inviter = await getUser(people, actor.userId);
  if (inviter.emailAddress.toLowerCase() !== address.normalised) return address.asSubmitted;
  throw fieldRefusal("emailAddress", "email-own", "You cannot invite yourself");
}

function newInvitation({ clock }: People, actor: Actor): Omit<Invitation, "emailAddress"> {
  const createdAt = clock.now();
  return {
    id: newId(),
    serviceId: undefined,
    organisationId: undefined,
    permissions: [],
    hiddenFolderIds: [],
    mayMakeLive: false,
    status: "pending",
    invitedBy: actor.userId,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + INVITATION_VALID_MS),
  };
}

interface Inviting {
  invitation: Invitation;
  origin: string;
  /** Whether it may be made, asked in the transaction that makes it. */
  check: (tx: Tx) => Promise<void>;
}

async function invite(people: People, actor: Actor, { invitation, origin, check }: Inviting): Promise<string> {
  const token = newToken();
  try {
    await people.db.transaction(async (tx) => {
      await check(tx);
      await insertInvitation(tx, { ...invitation, tokenHash: tokenHash(token) });
      await recordInvitation(tx, actor, { action: "invitation.sent", invitation });
    });
  } catch (error) {
    if (!violatedUniqueConstraint(error)) throw error;
    throw fieldRefusal("emailAddress", "already-invited", "They have been invited already: send that invitation again");
  }
  await sendInvitation(people, { id: invitation.id, token, origin });
  return invitation.id;
}

async function sendInvitation(
  people: People,
  { id, token, origin }: { id: string; token: string; origin: string },
): Promise<void> {
  const invitation = await findInvitation(people.db, id);
  if (!invitation) throw new Error("the invitation is missing");
  const { serviceId, emailAddress, invitedByName, toName } = invitation;
  const kind = serviceId ? "service-invitation" : "organisation-invitation";
  const link = adminUrl(people, { origin }, `/${serviceId ? "" : "organisation-"}invitation/${token}`);
  const values = { inviter: invitedByName, [serviceId ? "service" : "organisation"]: toName, link };
  await people.post.send({ kind, to: emailAddress, values, validForMs: INVITATION_VALID_MS });
}

/** A new link, for two days from now; the old one counts no longer. */
export async function resendInvitation(
  people: People,
  actor: Actor,
  { id, origin }: { id: string; origin: string },
): Promise<void> {
  await refuseIfThrottled(people, "invitation", actor.userId);
  const invitation = await getInvitation(people, id);
  const token = newToken();
  const expiresAt = new Date(people.clock.now().getTime() + INVITATION_VALID_MS);
  await people.db.transaction(async (tx) => {
    if (!(await renewInvitation(tx, { id, tokenHash: tokenHash(token), expiresAt }))) throw notWaiting();
    await recordInvitation(tx, actor, { action: "invitation.sent-again", invitation });
  });
  await sendInvitation(people, { id, token, origin });
}

export async function cancelInvitation(people: People, actor: Actor, id: string): Promise<void> {
  const invitation = await getInvitation(people, id);
  await people.db.transaction(async (tx) => {
    if (!(await settleInvitation(tx, { id, status: "cancelled", now: people.clock.now() }))) throw notWaiting();
    await recordInvitation(tx, actor, { action: "invitation.cancelled", invitation });
  });
}

async function getInvitation(people: People, id: string): Promise<NamedInvitation> {
  const invitation = await findInvitation(people.db, id);
  if (invitation) return invitation;
  throw new Refusal("not-found", "There is no such invitation");
}

function notWaiting(): Refusal {
  return new Refusal("conflict", "The invitation was accepted or cancelled before");
}

export type InvitationState =
  | { kind: "unknown" }
  | { kind: "cancelled" | "expired" | "accepted"; invitation: NamedInvitation }
  /** `user`: who has an account with the address; without one, it is made with `acceptAsNewUser`. */
  | { kind: "pending"; invitation: NamedInvitation; user: User | undefined };

/** For the page that a link opens: uses nothing up. */
export async function findInvitationState(
  people: Pick<People, "db" | "clock">,
  token: string,
): Promise<InvitationState> {
  const invitation = await findInvitationByToken(people.db, tokenHash(token));
  if (!invitation) return { kind: "unknown" };
  if (invitation.status !== "pending") return { kind: invitation.status, invitation };
  if (invitation.expiresAt <= people.clock.now()) return { kind: "expired", invitation };
  return { kind: "pending", invitation, user: await findUserByEmail(people.db, invitation.emailAddress) };
}

/** By POST, for who is signed in. Refuses `forbidden` who is signed in as somebody else, and `conflict` what waits no longer. */
export async function acceptInvitation(people: People, actor: Actor, token: string): Promise<NamedInvitation> {
  const { invitation } = await getPending(people, token);
  const user = await getUser(people, actor.userId);
  if (user.emailAddress.toLowerCase() !== invitation.emailAddress.toLowerCase())
    throw new Refusal("forbidden", "This invitation is for someone else: sign out, and open it again");
  await people.db.transaction((tx) => settle(people, tx, { actor, invitation }));
  forget(people, invitation);
  return invitation;
}

/** By POST, for who has no account: the link has shown that the mailbox is theirs. Fields as of `register`, but for the address. */
export async function acceptAsNewUser(
  people: People,
  form: { token: string; name: string; mobileNumber?: string | undefined; password: string },
  where: Where,
): Promise<{ userId: string; invitation: NamedInvitation }> {
  const { invitation, user } = await getPending(people, form.token);
  if (user) throw haveAccount();
  const person = await checkPerson({ ...form, emailAddress: invitation.emailAddress });
  const passwordHash = await hashPassword(form.password);
  try {
    const userId = await people.db.transaction(async (tx) => {
      const id = await insertNewUser(tx, { ...person, passwordHash }, where.ip);
      await settle(people, tx, { actor: { userId: id, ip: where.ip }, invitation });
      return id;
    });
    forget(people, invitation);
    return { userId, invitation };
  } catch (error) {
    throw violatedUniqueConstraint(error) ? haveAccount() : error;
  }
}

function haveAccount(): Refusal {
  return new Refusal("conflict", "You have an account already: sign in to accept the invitation");
}

async function getPending(people: People, token: string): Promise<Extract<InvitationState, { kind: "pending" }>> {
  const state = await findInvitationState(people, token);
  if (state.kind === "pending") return state;
  throw new Refusal("conflict", "The invitation is no longer good: ask for a new one");
}

async function settle(
  people: People,
  tx: Tx,
  { actor, invitation }: { actor: Actor; invitation: NamedInvitation },
): Promise<void> {
  const { id, serviceId, organisationId, mayMakeLive } = invitation;
  const { userId } = actor;
  if (!(await settleInvitation(tx, { id, status: "accepted", now: people.clock.now() }))) throw notWaiting();
  await recordInvitation(tx, actor, { action: "invitation.accepted", invitation });
  if (serviceId) {
    await getLockedService(tx, serviceId);
    await addMember(tx, actor, { ...invitation, serviceId, userId });
  }
  if (organisationId) await putOrganisationMember(tx, { organisationId, userId, mayMakeLive });
}

function forget(people: People, { serviceId }: Invitation): void {
  if (serviceId) people.services.forget(serviceId);
}

/** Whom it was written to is not in the log. */
function recordInvitation(
  tx: Tx,
  actor: Actor,
  { action, invitation }: { action: string; invitation: Invitation },
): Promise<void> {
  const { id, serviceId, organisationId, permissions, mayMakeLive } = invitation;
  const after = serviceId ? { permissions } : { organisationId, mayMakeLive };
  return recordDeed(tx, actor, { action, serviceId, subject: `invitation ${id}`, after });
}
