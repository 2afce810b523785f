/** `/services/:sid/join-requests/:id`: someone of the organisation asks to join a service, and a manager who was asked decides. */
import { Refusal } from "../../../core/refusal.ts";
import { approveJoinRequest, getJoinRequest, refuseJoinRequest } from "../../../flow/people/join-requests.ts";
import type { JoinRequest } from "../../../records/join-requests/join-request-store.ts";
import { findMemberPermissions } from "../../../records/services/team-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import {
  type Given,
  NOTHING_GIVEN,
  type PermissionFields,
  permissionFields,
  readPermissionFields,
} from "../team/permission-fields.ts";
import { teamUrl } from "../team/team.ts";

const REQUEST = "/services/:sid/join-requests/:id";
const MANAGER = { permission: "manage_service" } as const;

interface RequestPage {
  request: JoinRequest;
  teamUrl: string;
  /** Why there is nothing to decide; undefined when there is. */
  settled: string | undefined;
  form: Form<"permissions">;
  fields: PermissionFields;
}

const showRequest = page<RequestPage>("join-requests/join-request.njk");

export const joinRequestRoutes: readonly Route[] = [
  route({ method: "GET", url: REQUEST, who: MANAGER, handler: openRequest }),
  route({ method: "POST", url: REQUEST, who: MANAGER, handler: decide }),
];

async function openRequest(visit: ServiceVisit): Promise<Answer> {
  return showForm(visit, { form: formOf({ permissions: "" }), given: NOTHING_GIVEN });
}

async function getRequest(visit: ServiceVisit): Promise<JoinRequest> {
  const request = await getJoinRequest(visit.people, idIn(visit, "id"));
  if (request.serviceId === visit.service.id) return request;
  throw new Refusal("not-found", "There is no such request");
}

async function showForm(
  visit: ServiceVisit,
  { form, given }: { form: Form<"permissions">; given: Given },
): Promise<Answer> {
  const request = await getRequest(visit);
  const settled = await whySettled(visit, request);
  const fields = await permissionFields(visit, given);
  return showRequest(visit, { request, teamUrl: teamUrl(visit), settled, form, fields });
}

async function whySettled({ app, text, visitor }: ServiceVisit, request: JoinRequest): Promise<string | undefined> {
  const { status, userName: name, decidedByName: manager = "", managerIds } = request;
  if (status !== "pending") return text(`joinRequests.${status}`, { name, manager });
  if (await findMemberPermissions(app.db, request)) return text("joinRequests.isMember", { name });
  const isAsked = managerIds.includes(visitor.userId) || visitor.isPlatformAdmin;
  return isAsked ? undefined : text("joinRequests.othersAsked");
}

async function decide(visit: ServiceVisit): Promise<Answer> {
  const { id } = await getRequest(visit);
  const { decision } = readFields(visit, ["decision"]);
  const { permissions, hiddenFolderIds = [] } = await readPermissionFields(visit);
  return submit({
    values: { permissions: "" },
    refusedAt: "permissions",
    act: () => act(visit, { id, decision, permissions, hiddenFolderIds }),
    showAgain: (form) => showForm(visit, { form, given: { permissions, hiddenFolderIds } }),
  });
}

async function act(visit: ServiceVisit, decision: Given & { id: string; decision: string }): Promise<Answer> {
  const { people, origin, text } = visit;
  const { id, permissions, hiddenFolderIds } = decision;
  switch (decision.decision) {
    case "approve":
      await approveJoinRequest(people, actorOf(visit), { id, permissions, hiddenFolderIds, origin });
      return redirect(teamUrl(visit), { flash: text("joinRequests.letIn") });
    case "refuse":
      await refuseJoinRequest(people, actorOf(visit), id);
      return redirect(teamUrl(visit), { flash: text("joinRequests.turnedDown") });
    default:
      throw new InvalidFields({ permissions: text("joinRequests.choose") });
  }
}
