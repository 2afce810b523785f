/** `/services/:sid/go-live`: the tasks before a service goes live, its request, what is said about it, and the decision. */
import { Refusal } from "../../../core/refusal.ts";
import { mayDecideGoLive, requestGoLive } from "../../../flow/people/go-live.ts";
import { findLatestGoLiveRequest, type GoLiveRequest } from "../../../records/go-live/go-live-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { formOf, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { readTasks, type TaskItem } from "./checklist.ts";
import { type DecisionForm, decideOnRequest, type ShownRequest, showableRequest } from "./request.ts";

const GO_LIVE = "/services/:sid/go-live";
const MANAGER = { permission: "manage_service" } as const;

interface GoLivePage {
  url: string;
  isLive: boolean;
  tasks: readonly TaskItem[];
  /** All tasks are done, and no request waits. */
  canAsk: boolean;
  shown: ShownRequest | undefined;
  mayDecide: boolean;
  form: DecisionForm;
}

const showGoLive = page<GoLivePage>("go-live/go-live.njk");

export const goLiveRoutes: readonly Route[] = [
  route({ method: "GET", url: GO_LIVE, who: MANAGER, handler: openGoLive }),
  route({ method: "POST", url: GO_LIVE, who: MANAGER, handler: ask }),
  route({ method: "POST", url: `${GO_LIVE}/answers`, who: MANAGER, handler: answer }),
];

export function goLiveUrl({ service }: ServiceVisit): string {
  return `/services/${service.id}/go-live`;
}

function openGoLive(visit: ServiceVisit): Promise<Answer> {
  return show(visit, formOf({ comment: "" }));
}

async function show(visit: ServiceVisit, form: DecisionForm): Promise<Answer> {
  const { app, people, service, visitor } = visit;
  const request = await findLatestGoLiveRequest(app.db, service.id);
  const { tasks, isDone } = await readTasks(visit, { serviceId: service.id, hasLinks: true });
  const isWaiting = request?.status === "open";
  return showGoLive(visit, {
    url: goLiveUrl(visit),
    isLive: !service.isTrial,
    tasks,
    canAsk: isDone && !isWaiting,
    shown: request && (await showableRequest(visit, request)),
    mayDecide: isWaiting && (await mayDecideGoLive(people, { userId: visitor.userId, request })),
    form,
  });
}

function ask(visit: ServiceVisit): Promise<Answer> {
  const { people, service, origin, text } = visit;
  return submit({
    values: { comment: "", request: "" },
    refusedAt: "request",
    act: async () => {
      await requestGoLive(people, actorOf(visit), { serviceId: service.id, origin });
      return redirect(goLiveUrl(visit), { flash: text("goLive.asked") });
    },
    showAgain: (form) => show(visit, form),
  });
}

async function answer(visit: ServiceVisit): Promise<Answer> {
  const request = await getOpenRequest(visit);
  return decideOnRequest(visit, { request, url: goLiveUrl(visit), showAgain: (form) => show(visit, form) });
}

async function getOpenRequest({ app, service }: ServiceVisit): Promise<GoLiveRequest> {
  const request = await findLatestGoLiveRequest(app.db, service.id);
  if (request?.status === "open") return request;
  throw new Refusal("not-found", "No request waits for an answer");
}
