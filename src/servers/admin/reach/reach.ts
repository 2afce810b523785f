/** `/services/:sid/reach`: people who are reached by several steps, and how far each of them is. Whom a step is for stands with its message alone. */
import { REACH_STATUSES, type ReachStatus, type StepState, stepState } from "../../../core/reach/reach-course.ts";
import { cancelReach } from "../../../flow/reach/end-reach.ts";
import { type ReachDetails, readReach, readReachList, type StepDetails } from "../../../flow/reach/read-reach.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { knownOfReach, reachListTopic, reachTopic } from "./watch-reach.ts";

const PAGE_ROWS = 50;
const REACH = "/services/:sid/reach";
const MAY_OPEN = { permission: ["view_activity", "send_messages"] } as const;

export const reachRoutes: readonly Route[] = [
  route({ method: "GET", url: REACH, who: MAY_OPEN, handler: listAll }),
  route({ method: "GET", url: `${REACH}/:rid`, who: MAY_OPEN, handler: showOne }),
  route({
    method: "POST",
    url: `${REACH}/:rid/cancellation`,
    who: { permission: "send_messages" },
    handler: cancelOne,
  }),
];

export function reachUrl({ service }: Pick<ServiceVisit, "service">, id?: string): string {
  return `/services/${service.id}/reach${id === undefined ? "" : `/${id}`}`;
}

interface Shown {
  words: string;
  colour: "pp-waiting" | "pp-delivered" | "pp-failed" | "";
}

interface Row {
  href: string;
  reference: string | undefined;
  isTest: boolean;
  at: Date;
  channels: string;
  shown: Shown;
  cost: string;
}

const showList = page<{
  tabs: readonly { text: string; href: string; isCurrent: boolean }[];
  rows: readonly Row[];
  watched: { topic: string; known: string };
  backUrl: string;
  firstUrl: string;
  further: { nextUrl: string | undefined; isFurther: boolean };
}>("reach/list.njk");

async function listAll(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const olderThan = asId(visit.query.get("older"));
  const status = REACH_STATUSES.find((one) => one === visit.query.get("status"));
  const topic = reachListTopic(service.id);
  const known = await knownOfReach(app, topic); // before the rest, so that nothing is missed between the two
  const found = await readReachList(app.db, { serviceId: service.id, status, olderThan, limit: PAGE_ROWS + 1 });
  const shown = found.slice(0, PAGE_ROWS);
  const url = listUrl(visit, { status });
  const nextUrl = found.length > PAGE_ROWS ? listUrl(visit, { status, older: shown.at(-1)?.reach.id }) : undefined;
  return showList(visit, {
    tabs: tabsOf(visit, status),
    watched: { topic, known },
    rows: shown.map((details) => rowOf(visit, details)),
    backUrl: `/services/${service.id}/messages`,
    firstUrl: url,
    further: { nextUrl, isFurther: olderThan !== undefined },
  });
}

function listUrl(visit: ServiceVisit, query: { status?: ReachStatus | undefined; older?: string | undefined }): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? reachUrl(visit) : `${reachUrl(visit)}?${new URLSearchParams(given)}`;
}

function tabsOf(visit: ServiceVisit, current: ReachStatus | undefined) {
  const { text } = visit;
  return [undefined, ...REACH_STATUSES].map((status) => ({
    text: status === undefined ? text("reach.status.all") : text(`reach.status.${status}`),
    href: listUrl(visit, { status }),
    isCurrent: status === current,
  }));
}

function rowOf(visit: ServiceVisit, details: ReachDetails): Row {
  const { reach, steps, cost } = details;
  return {
    href: reachUrl(visit, reach.id),
    reference: reach.reference,
    isTest: reach.keyKind === "test",
    at: reach.createdAt,
    channels: steps.map(({ channel }) => visit.text(`reach.channel.${channel}`)).join(", "),
    shown: statusShown(visit, details),
    cost: visit.formats.money(cost),
  };
}

const STATUS_COLOURS = {
  working: "pp-waiting",
  reached: "pp-delivered",
  "not-reached": "pp-failed",
  cancelled: "",
} as const;

function statusShown({ text }: ServiceVisit, { reach: { status } }: ReachDetails): Shown {
  return { words: text(`reach.status.${status}`), colour: STATUS_COLOURS[status] };
}

interface ShownStep {
  title: string;
  until: string;
  waits: string | undefined;
  state: Shown;
  /** Why it was passed over. */
  words: string | undefined;
  begunAt: Date | undefined;
  cost: string | undefined;
  messageUrl: string | undefined;
  isSimulated: boolean;
}

const showReach = page<{
  form: Form<"reach">;
  details: ReachDetails;
  shown: Shown;
  result: string | undefined;
  cost: string;
  mostCost: string | undefined;
  steps: readonly ShownStep[];
  mayCancel: boolean;
  watched: { topic: string; known: string };
  listUrl: string;
  url: string;
}>("reach/reach.njk");

function showOne(visit: ServiceVisit): Promise<Answer> {
  return showWith(visit, formOf({ reach: "" }));
}

async function showWith(visit: ServiceVisit, form: Form<"reach">): Promise<Answer> {
  const { app, service, formats, isMember, may } = visit;
  const id = idIn(visit, "rid");
  const topic = reachTopic(service.id, id);
  const known = await knownOfReach(app, topic); // before the rest, so that nothing is missed between the two
  const details = await readReach(app, { serviceId: service.id, id });
  const { reach, steps, cost } = details;
  return showReach(visit, {
    watched: { topic, known },
    ...{ form, details },
    shown: statusShown(visit, details),
    result: resultWords(visit, details),
    cost: formats.money(cost),
    mostCost: reach.mostCost && formats.money(reach.mostCost),
    steps: steps.map((step) => stepShown(visit, details, step)),
    mayCancel: reach.status === "working" && (may("send_messages") || !isMember),
    listUrl: reachUrl(visit),
    url: reachUrl(visit, id),
  });
}

function resultWords({ text }: ServiceVisit, { reach }: ReachDetails): string | undefined {
  const { reachedBy, reachedStep = 0, because } = reach;
  if (reachedBy) return text(`reach.reachedBy.${reachedBy}`, { step: reachedStep });
  return because && text(`reach.because.${because}`);
}

const STATE_COLOURS: Record<StepState, Shown["colour"]> = {
  waiting: "",
  "under-way": "pp-waiting",
  reached: "pp-delivered",
  failed: "pp-failed",
  "passed-over": "pp-failed",
  "not-needed": "",
};

function stepShown(visit: ServiceVisit, { reach }: ReachDetails, step: StepDetails): ShownStep {
  const { text, formats, service } = visit;
  const { number, channel, until, waitSeconds, notificationId, costSoFar, status } = step;
  const state = stepState(step, reach);
  return {
    title: text("reach.step.number", { step: number, channel: text(`reach.channel.${channel}`) }),
    until: text(`reach.until.${until}`),
    waits: waitSeconds === undefined ? undefined : text("reach.step.waits", { count: waitSeconds }),
    state: { words: text(`reach.state.${state}`), colour: STATE_COLOURS[state] },
    words: step.passedOverWords,
    begunAt: step.begunAt,
    cost: costSoFar && formats.money(costSoFar),
    messageUrl:
      notificationId !== undefined && status !== undefined
        ? `/services/${service.id}/messages/${notificationId}`
        : undefined,
    isSimulated: step.isSimulated,
  };
}

function cancelOne(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, ipAddress: ip, text } = visit;
  const id = idIn(visit, "rid");
  return submit({
    values: { reach: "" },
    refusedAt: "reach",
    act: async () => {
      await cancelReach(app, { serviceId: service.id, id }, { userId: visitor.userId, ip });
      return redirect(reachUrl(visit, id), { flash: text("reach.one.cancelled") });
    },
    showAgain: (form) => showWith(visit, form),
  });
}
