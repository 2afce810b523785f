/** `/orgs/:oid/approvals`: services of an organisation that ask to go live, for those who may decide it. */
import { Refusal } from "../../../core/refusal.ts";
import { getGoLiveRequest, mayDecideGoLive } from "../../../flow/people/go-live.ts";
import { type GoLiveRequest, listOpenGoLiveRequests } from "../../../records/go-live/go-live-store.ts";
import { findYearlyVolumes } from "../../../records/services/service-life-store.ts";
import { readTasks, type TaskItem } from "../go-live/checklist.ts";
import { type DecisionForm, decideOnRequest, type ShownRequest, showableRequest } from "../go-live/request.ts";
import type { Answer } from "../http/answer.ts";
import { formOf } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import {
  type OrganisationPage,
  type OrganisationVisit,
  organisationPage,
  organisationUrl,
  refuseUnlessMayMakeLive,
  visitOrganisation,
} from "./organisation-visit.ts";

const APPROVALS = "/orgs/:oid/approvals";
const APPROVAL = `${APPROVALS}/:rid`;

interface ApprovalPage extends OrganisationPage {
  url: string;
  approvalsUrl: string;
  shown: ShownRequest;
  tasks: readonly TaskItem[];
  volumes: { sms: number; email: number };
  isOpen: boolean;
  mayDecide: boolean;
  form: DecisionForm;
}

const showApprovals = page<OrganisationPage & { requests: readonly GoLiveRequest[]; approvalsUrl: string }>(
  "organisations/approvals.njk",
);
const showApproval = page<ApprovalPage>("organisations/approval.njk");

export const organisationApprovalRoutes: readonly Route[] = [
  route({ method: "GET", url: APPROVALS, who: "signed-in", handler: openApprovals }),
  route({ method: "GET", url: APPROVAL, who: "signed-in", handler: openApproval }),
  route({ method: "POST", url: APPROVAL, who: "signed-in", handler: decide }),
];

async function visitApprovals(userVisit: UserVisit): Promise<OrganisationVisit> {
  const visit = await visitOrganisation(userVisit);
  refuseUnlessMayMakeLive(visit);
  return visit;
}

function approvalsUrl(visit: OrganisationVisit): string {
  return `${organisationUrl(visit)}/approvals`;
}

async function openApprovals(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitApprovals(userVisit);
  const requests = await listOpenGoLiveRequests(visit.app.db, visit.organisation.id);
  return showApprovals(visit, { ...organisationPage(visit), requests, approvalsUrl: approvalsUrl(visit) });
}

async function getRequest(visit: OrganisationVisit): Promise<GoLiveRequest> {
  const request = await getGoLiveRequest(visit.people, idIn(visit, "rid"));
  if (request.organisationId === visit.organisation.id) return request;
  throw new Refusal("not-found", "There is no such request");
}

async function openApproval(userVisit: UserVisit): Promise<Answer> {
  return show(await visitApprovals(userVisit), formOf({ comment: "" }));
}

async function show(visit: OrganisationVisit, form: DecisionForm): Promise<Answer> {
  const { app, people, visitor } = visit;
  const request = await getRequest(visit);
  const { serviceId } = request;
  const { sms = 0, email = 0 } = await findYearlyVolumes(app.db, serviceId);
  const isOpen = request.status === "open";
  return showApproval(visit, {
    ...organisationPage(visit),
    url: `${approvalsUrl(visit)}/${request.id}`,
    approvalsUrl: approvalsUrl(visit),
    shown: await showableRequest(visit, request),
    tasks: (await readTasks(visit, { serviceId, hasLinks: false })).tasks,
    volumes: { sms, email },
    isOpen,
    mayDecide: isOpen && (await mayDecideGoLive(people, { userId: visitor.userId, request })),
    form,
  });
}

async function decide(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitApprovals(userVisit);
  const request = await getRequest(visit);
  const url = `${approvalsUrl(visit)}/${request.id}`;
  return decideOnRequest(visit, { request, url, showAgain: (form) => show(visit, form) });
}
