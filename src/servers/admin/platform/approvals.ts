/** `/platform/approvals`: services that ask to go live; what is said about each, and the decision. */
import {
  approveGoLive,
  commentOnGoLive,
  type GoLiveTask,
  getGoLiveRequest,
  goLiveChecklist,
  refuseGoLive,
} from "../../../flow/people/go-live.ts";
import {
  type GoLiveComment,
  type GoLiveRequest,
  listDecidedGoLiveRequests,
  listGoLiveComments,
  listOpenGoLiveRequests,
} from "../../../records/go-live/go-live-store.ts";
import { findServiceFacts, type ServiceFacts } from "../../../records/services/service-overview-store.ts";
import { findGoLiveVolumes } from "../../../records/services/service-volume-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";

const LIST_URL = "/platform/approvals";
const DECIDED_MAX = 20;
const DECISIONS = ["approve", "refuse", "comment"] as const;
type Decision = (typeof DECISIONS)[number];

type Decided = GoLiveRequest & { statusText: string };

interface RequestData {
  form: Form<"comment">;
  request: Decided;
  service: ServiceFacts | undefined;
  volumes: { sms: number; email: number };
  tasks: readonly { words: string; isDone: boolean }[];
  comments: readonly GoLiveComment[];
}

const showApprovals = page<{ open: readonly GoLiveRequest[]; decided: readonly Decided[] }>("platform/approvals.njk");
const showApproval = page<RequestData>("platform/approval.njk");

export const platformApprovalRoutes: readonly Route[] = [
  route({ method: "GET", url: LIST_URL, who: "platform-admin", handler: listApprovals }),
  route({ method: "GET", url: `${LIST_URL}/:id`, who: "platform-admin", handler: openApproval }),
  route({ method: "POST", url: `${LIST_URL}/:id`, who: "platform-admin", handler: decide }),
];

async function listApprovals(visit: UserVisit): Promise<Answer> {
  const { db } = visit.app;
  const [open, decided] = await Promise.all([listOpenGoLiveRequests(db), listDecidedGoLiveRequests(db, DECIDED_MAX)]);
  return showApprovals(visit, { open, decided: decided.map((one) => withStatus(visit, one)) });
}

function withStatus({ text }: UserVisit, request: GoLiveRequest): Decided {
  return { ...request, statusText: text(`platformServices.goLive.${request.status}`) };
}

async function openApproval(visit: UserVisit): Promise<Answer> {
  const request = await getGoLiveRequest(visit.people, idIn(visit, "id"));
  return showAll(visit, request, formOf({ comment: "" }));
}

async function showAll(visit: UserVisit, request: GoLiveRequest, form: Form<"comment">): Promise<Answer> {
  const { db } = visit.app;
  const [service, volumes, checklist, comments] = await Promise.all([
    findServiceFacts(db, request.serviceId),
    findGoLiveVolumes(db, request.serviceId),
    goLiveChecklist(visit.people, request.serviceId),
    listGoLiveComments(db, request.id),
  ]);
  const words = (task: GoLiveTask) => visit.text(`platformServices.task.${task}`);
  return showApproval(visit, {
    form,
    request: withStatus(visit, request),
    service,
    volumes,
    tasks: checklist.map(({ task, isDone }) => ({ words: words(task), isDone })),
    comments,
  });
}

async function decide(visit: UserVisit): Promise<Answer> {
  const request = await getGoLiveRequest(visit.people, idIn(visit, "id"));
  const values = readFields(visit, ["comment"]);
  const { decision } = readFields(visit, ["decision"]);
  return submit({
    values,
    refusedAt: "comment",
    act: () => act(visit, request.id, { decision: asDecision(decision), comment: values.comment }),
    showAgain: (form) => showAll(visit, request, form),
  });
}

/** Enter in a form without a button named says no more than that somebody wrote something. */
function asDecision(text: string): Decision {
  return DECISIONS.find((one) => one === text) ?? "comment";
}

async function act(
  visit: UserVisit,
  id: string,
  { decision, comment }: { decision: Decision; comment: string },
): Promise<Answer> {
  const { people, origin, text } = visit;
  const actor = actorOf(visit);
  const flash = text(`platformServices.decided.${decision}`);
  if (decision === "comment") {
    await commentOnGoLive(people, actor, { id, comment });
    return redirect(`${LIST_URL}/${id}`, { flash });
  }
  if (decision === "approve") await approveGoLive(people, actor, { id, comment, origin });
  else await refuseGoLive(people, actor, { id, comment, origin });
  return redirect(LIST_URL, { flash });
}
