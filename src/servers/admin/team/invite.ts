/** Inviting people to a service, and looking after the invitations that wait. */
import { Refusal } from "../../../core/refusal.ts";
import { cancelInvitation, inviteToService, resendInvitation } from "../../../flow/people/invitations.ts";
import { listPendingInvitations } from "../../../records/invitations/invitation-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { NOTHING_GIVEN, type PermissionFields, permissionFields, readPermissionFields } from "./permission-fields.ts";
import { teamUrl } from "./team.ts";

const INVITE = "/services/:sid/team/invite";
const INVITATION = "/services/:sid/team/invitations/:iid";
const MANAGER = { permission: "manage_service" } as const;

const showInvite = page<{ teamUrl: string; form: Form<"emailAddress" | "permissions">; fields: PermissionFields }>(
  "team/invite.njk",
);

export const inviteRoutes: readonly Route[] = [
  route({ method: "GET", url: INVITE, who: MANAGER, handler: askWhom }),
  route({ method: "POST", url: INVITE, who: MANAGER, handler: invite }),
  route({ method: "POST", url: `${INVITATION}/resend`, who: MANAGER, handler: sendAgain }),
  route({ method: "POST", url: `${INVITATION}/cancel`, who: MANAGER, handler: cancel }),
];

async function askWhom(visit: ServiceVisit): Promise<Answer> {
  const fields = await permissionFields(visit, NOTHING_GIVEN);
  const form = formOf({ emailAddress: "", permissions: "" });
  return showInvite(visit, { teamUrl: teamUrl(visit), form, fields });
}

async function invite(visit: ServiceVisit): Promise<Answer> {
  const { people, service, origin, text } = visit;
  const { emailAddress } = readFields(visit, ["emailAddress"]);
  const { permissions, hiddenFolderIds = [] } = await readPermissionFields(visit);
  const form = { serviceId: service.id, emailAddress, permissions, hiddenFolderIds, origin };
  return submit({
    values: { emailAddress, permissions: "" },
    refusedAt: "emailAddress",
    act: async () => {
      await inviteToService(people, actorOf(visit), form);
      return redirect(teamUrl(visit), { flash: text("team.invited") });
    },
    showAgain: async (again) => {
      const fields = await permissionFields(visit, { permissions, hiddenFolderIds });
      return showInvite(visit, { teamUrl: teamUrl(visit), form: again, fields });
    },
  });
}

/** One that waits for an answer, to this service. */
async function getWaitingId(visit: ServiceVisit): Promise<string> {
  const id = idIn(visit, "iid");
  const waiting = await listPendingInvitations(visit.app.db, { serviceId: visit.service.id });
  if (waiting.some((invitation) => invitation.id === id)) return id;
  throw new Refusal("not-found", "There is no such invitation");
}

async function sendAgain(visit: ServiceVisit): Promise<Answer> {
  await resendInvitation(visit.people, actorOf(visit), { id: await getWaitingId(visit), origin: visit.origin });
  return redirect(teamUrl(visit), { flash: visit.text("team.sentAgain") });
}

async function cancel(visit: ServiceVisit): Promise<Answer> {
  await cancelInvitation(visit.people, actorOf(visit), await getWaitingId(visit));
  return redirect(teamUrl(visit), { flash: visit.text("team.cancelled") });
}
