/** `/services/:sid/settings/text-senders/…`: a service asks to have a sender of its own registered in a country. */
import { Refusal } from "../../../core/refusal.ts";
import { movesFrom } from "../../../core/senders/application.ts";
import { APPLICATION_FIELDS, type ApplicationAnswers } from "../../../flow/senders/application-form.ts";
import { tellOfApplication } from "../../../flow/senders/decide-applications.ts";
import {
  applyForCountry,
  getApplication,
  type HistoryEntry,
  handInAgain,
  readApplication,
  withdrawApplication,
} from "../../../flow/senders/sender-applications.ts";
import { listCountryRules } from "../../../records/senders/country-rule-store.ts";
import type { SenderApplication } from "../../../records/senders/sender-application-store.ts";
import type { TextSender } from "../../../records/services/service.ts";
import { countryNames } from "../formats/countries.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

type Field = keyof ApplicationAnswers;

interface Place {
  serviceId: string;
  sender: string;
  country: string;
  /** What those who run the platform wrote about the country. */
  requirements: string;
}

const showChoice = page<{
  serviceId: string;
  sender: TextSender;
  form: Form<"country">;
  items: readonly { value: string; text: string }[];
}>("settings/application-country.njk");
const showNew = page<Place & { action: string; form: Form<Field> }>("settings/new-application.njk");
const showOne = page<
  Place & {
    action: string;
    application: SenderApplication;
    answers: ApplicationAnswers;
    history: readonly HistoryEntry[];
    mayMend: boolean;
    mayWithdraw: boolean;
    form: Form<Field>;
  }
>("settings/application.njk");

const SENDERS = "/services/:sid/settings/text-senders";
const CHOICE = `${SENDERS}/:id/registration`;
const NEW = `${CHOICE}/:country`;
const ONE = `${SENDERS}/applications/:aid`;
const who = { permission: "manage_service" } as const;

export const senderApplicationRoutes: readonly Route[] = [
  route({ method: "GET", url: CHOICE, who, handler: (visit) => choose(visit, formOf({ country: "" })) }),
  route({ method: "POST", url: CHOICE, who, handler: chosen }),
  route({ method: "GET", url: NEW, who, handler: openNew }),
  route({ method: "POST", url: NEW, who, handler: handIn }),
  route({ method: "GET", url: ONE, who, handler: open }),
  route({ method: "POST", url: ONE, who, handler: mend }),
  route({ method: "POST", url: `${ONE}/withdrawal`, who, handler: withdraw }),
];

/** Countries that want registered senders first. */
async function choose(visit: ServiceVisit, form: Form<"country">): Promise<Answer> {
  const sender = ownSender(visit);
  const rules = await listCountryRules(visit.app.db);
  const first = new Set(rules.filter(({ registeredOnly }) => registeredOnly).map(({ countryPrefix }) => countryPrefix));
  const all = [...countryNames()].map(([value, text]) => ({ value, text }));
  const items = all.toSorted((a, b) => Number(first.has(b.value)) - Number(first.has(a.value)));
  return showChoice(visit, {
    ...{ serviceId: visit.service.id, sender, form },
    items: [{ value: "", text: "" }, ...items.filter(({ value }) => !sender.registeredCountries.includes(value))],
  });
}

function chosen(visit: ServiceVisit): Promise<Answer> {
  const values = readFields(visit, ["country"]);
  return submit({
    values,
    refusedAt: "country",
    act: async () => {
      if (!countryNames().has(values.country))
        throw new Refusal("bad-request", visit.text("senderApplications.choose"));
      return redirect(`${sendersOf(visit)}/${ownSender(visit).id}/registration/${values.country}`);
    },
    showAgain: (form) => choose(visit, form),
  });
}

function openNew(visit: ServiceVisit): Promise<Answer> {
  const nothing = Object.fromEntries(APPLICATION_FIELDS.map((field) => [field, ""])) as ApplicationAnswers;
  return showNewWith(visit, formOf<Field>(nothing));
}

async function showNewWith(visit: ServiceVisit, form: Form<Field>): Promise<Answer> {
  const { id, sender } = ownSender(visit);
  const prefix = countryIn(visit);
  const action = `${sendersOf(visit)}/${id}/registration/${prefix}`;
  return showNew(visit, { ...(await placeOf(visit, { sender, countryPrefix: prefix })), action, form });
}

function handIn(visit: ServiceVisit): Promise<Answer> {
  const { app, people, origin, service, text } = visit;
  const answers = readFields(visit, APPLICATION_FIELDS);
  return submit({
    values: answers,
    refusedAt: "organisationName",
    act: async () => {
      const wish = { service, senderId: ownSender(visit).id, countryPrefix: countryIn(visit), answers };
      const id = await applyForCountry(app, actorOf(visit), wish);
      await tellOfApplication(people, { id, origin });
      return redirect(`${sendersOf(visit)}/applications/${id}`, { flash: text("senderApplications.handedIn") });
    },
    showAgain: (form) => showNewWith(visit, form),
  });
}

async function open(visit: ServiceVisit): Promise<Answer> {
  const application = await getApplication(visit.app.db, idIn(visit, "aid"), visit.service.id);
  const { answers } = await readApplication(visit.app, visit.service, application);
  return show(visit, formOf<Field>(answers));
}

async function show(visit: ServiceVisit, form: Form<Field>): Promise<Answer> {
  const { app, service } = visit;
  const application = await getApplication(app.db, idIn(visit, "aid"), service.id);
  const moves = movesFrom("service", application.state);
  return showOne(visit, {
    ...(await placeOf(visit, application)),
    ...(await readApplication(app, service, application)),
    ...{ application, form, action: `${sendersOf(visit)}/applications/${application.id}` },
    ...{ mayMend: moves.includes("asked"), mayWithdraw: moves.includes("withdrawn") },
  });
}

function mend(visit: ServiceVisit): Promise<Answer> {
  const { app, people, origin, service, text } = visit;
  const answers = readFields(visit, APPLICATION_FIELDS);
  const id = idIn(visit, "aid");
  return submit({
    values: answers,
    refusedAt: "organisationName",
    act: async () => {
      await handInAgain(app, actorOf(visit), { service, id, answers });
      await tellOfApplication(people, { id, origin });
      return redirect(`${sendersOf(visit)}/applications/${id}`, { flash: text("senderApplications.handedIn") });
    },
    showAgain: (form) => show(visit, form),
  });
}

async function withdraw(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await withdrawApplication(app, actorOf(visit), { service, id: idIn(visit, "aid") });
  return redirect(sendersOf(visit), { flash: text("senderApplications.withdrawn") });
}

function ownSender(visit: ServiceVisit): TextSender {
  const id = idIn(visit, "id");
  const sender = visit.service.textSenders.find((one) => one.id === id);
  if (!sender || sender.isShared) throw new Refusal("not-found", "There is no such sender");
  return sender;
}

function countryIn({ params }: ServiceVisit): string {
  const prefix = params["country"] ?? "";
  if (!countryNames().has(prefix)) throw new Refusal("not-found", "There is no such country");
  return prefix;
}

async function placeOf(
  { app, service }: ServiceVisit,
  { sender, countryPrefix }: Pick<SenderApplication, "sender" | "countryPrefix">,
): Promise<Place> {
  const rule = (await listCountryRules(app.db)).find((one) => one.countryPrefix === countryPrefix);
  const country = countryNames().get(countryPrefix) ?? countryPrefix;
  return { serviceId: service.id, sender, country, requirements: rule?.requirements ?? "" };
}

function sendersOf({ service }: ServiceVisit): string {
  return `/services/${service.id}/settings/text-senders`;
}
