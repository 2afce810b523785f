/** `/platform/services/:id`: what those who run the platform set of a service: its limits, whether it is live, whether it sends. */
import { Refusal } from "../../../core/refusal.ts";
import {
  changeLimits,
  linkToOrganisation,
  makeLive,
  makeTrial,
  resumeService,
  suspendService,
} from "../../../flow/people/platform.ts";
import {
  findLatestGoLiveRequest,
  type GoLiveRequest,
  listGoLiveComments,
} from "../../../records/go-live/go-live-store.ts";
import { listOrganisations, type Organisation } from "../../../records/organisations/organisation-store.ts";
import type { Limits } from "../../../records/services/service-life-store.ts";
import { findServiceFacts, type ServiceFacts } from "../../../records/services/service-overview-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { stateOf } from "./services.ts";

const LIMITS = [
  "rateLimitPerMinute",
  "dailyLimitSms",
  "dailyLimitEmail",
  "dailyLimitInternationalSms",
  "dailyLimitLetter",
  "dailyLimitChat",
  "contactsMax",
] as const satisfies readonly (keyof Limits)[];
type Limit = (typeof LIMITS)[number];

const URL_OF_ONE = "/platform/services/:id";

interface ServiceData {
  form: Form<Limit>;
  service: ServiceFacts & { stateText: string; state: string };
  limits: readonly { name: Limit; label: string; hint: string }[];
  channels: readonly string[];
  organisations: readonly Organisation[];
  goLive:
    | (GoLiveRequest & { statusText: string; comments: Awaited<ReturnType<typeof listGoLiveComments>> })
    | undefined;
  approvalsUrl: string | undefined;
}

const showService = page<ServiceData>("platform/service.njk");

export const platformServiceRoutes: readonly Route[] = [
  route({ method: "GET", url: URL_OF_ONE, who: "platform-admin", handler: openService }),
  route({ method: "POST", url: `${URL_OF_ONE}/limits`, who: "platform-admin", handler: setLimits }),
  route({ method: "POST", url: `${URL_OF_ONE}/mode`, who: "platform-admin", handler: setMode }),
  route({ method: "POST", url: `${URL_OF_ONE}/suspension`, who: "platform-admin", handler: setSuspension }),
  route({ method: "POST", url: `${URL_OF_ONE}/organisation`, who: "platform-admin", handler: setOrganisation }),
];

async function openService(visit: UserVisit): Promise<Answer> {
  const service = await getFacts(visit);
  const values = Object.fromEntries(LIMITS.map((name) => [name, String(service[name])])) as Record<Limit, string>;
  return showAll(visit, service, formOf(values));
}

async function getFacts(visit: UserVisit): Promise<ServiceFacts> {
  const service = await findServiceFacts(visit.app.db, idIn(visit, "id"));
  if (!service) throw new Refusal("not-found", "There is no such service");
  return service;
}

async function showAll(visit: UserVisit, service: ServiceFacts, form: Form<Limit>): Promise<Answer> {
  const { text, app, admin } = visit;
  const [organisations, request] = await Promise.all([
    listOrganisations(app.db),
    findLatestGoLiveRequest(app.db, service.id),
  ]);
  const comments = request ? await listGoLiveComments(app.db, request.id) : [];
  return showService(visit, {
    form,
    service: { ...service, ...stateOf(service, text) },
    limits: LIMITS.map((name) => ({
      name,
      label: text(`platformServices.limit.${name}`),
      hint: text(`platformServices.limitHint.${name}`),
    })),
    channels: channelsOf(visit, service),
    organisations,
    goLive: request && { ...request, comments, statusText: text(`platformServices.goLive.${request.status}`) },
    approvalsUrl:
      request && admin.urls.has("/platform/approvals/:id") ? `/platform/approvals/${request.id}` : undefined,
  });
}

function channelsOf({ text }: UserVisit, { channels }: ServiceFacts): string[] {
  const told = ["sms", "email", "chat", "international_sms", "inbound_sms"] as const;
  return told
    .filter((channel) => channels.includes(channel))
    .map((channel) => text(`platformServices.channel.${channel}`));
}

async function setLimits(visit: UserVisit): Promise<Answer> {
  const service = await getFacts(visit);
  const values = readFields(visit, LIMITS);
  return submit({
    values,
    refusedAt: "rateLimitPerMinute",
    act: async () => {
      await changeLimits(visit.people, actorOf(visit), { serviceId: service.id, limits: readLimits(visit, values) });
      return back(visit, visit.text("platformServices.limitsSaved"));
    },
    showAgain: (form) => showAll(visit, service, form),
  });
}

/** Digits alone; spaces and commas between thousands are how people write them. */
function readLimits({ text }: UserVisit, values: Readonly<Record<Limit, string>>): Limits {
  const read = LIMITS.map((name) => [name, values[name].replace(/[\s,]/g, "")] as const);
  const wrong = read.filter(([, digits]) => !/^\d{1,10}$/.test(digits));
  if (wrong.length > 0)
    throw new InvalidFields(Object.fromEntries(wrong.map(([name]) => [name, text("platformServices.limitInvalid")])));
  return Object.fromEntries(read.map(([name, digits]) => [name, Number(digits)])) as unknown as Limits;
}

async function setMode(visit: UserVisit): Promise<Answer> {
  const { id } = await getFacts(visit);
  const { mode } = readFields(visit, ["mode"]);
  if (mode !== "live" && mode !== "trial") throw new Refusal("bad-request", "Choose live or trial");
  await (mode === "live" ? makeLive : makeTrial)(visit.people, actorOf(visit), id);
  return back(visit, visit.text(`platformServices.made.${mode}`));
}

async function setSuspension(visit: UserVisit): Promise<Answer> {
  const { id } = await getFacts(visit);
  const { state } = readFields(visit, ["state"]);
  if (state !== "suspended" && state !== "sending")
    throw new Refusal("bad-request", "Choose what the service is to do");
  await (state === "suspended" ? suspendService : resumeService)(visit.people, actorOf(visit), id);
  return back(visit, visit.text(`platformServices.now.${state}`));
}

async function setOrganisation(visit: UserVisit): Promise<Answer> {
  const { id } = await getFacts(visit);
  const chosen = visit.body.get("organisationId")?.[0];
  if (chosen === undefined) throw new Refusal("bad-request", "Choose an organisation, or none");
  const organisationId = chosen === "" ? undefined : asId(chosen);
  if (chosen !== "" && !organisationId) throw new Refusal("not-found", "There is no such organisation");
  await linkToOrganisation(visit.people, actorOf(visit), { serviceId: id, organisationId });
  return back(visit, visit.text("platformServices.organisationSaved"));
}

function back(visit: UserVisit, flash: string): Answer {
  return redirect(`/platform/services/${idIn(visit, "id")}`, { flash });
}
