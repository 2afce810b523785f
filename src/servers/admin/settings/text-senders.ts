/** `/services/:sid/settings/text-senders`: whom a service's texts come from. */

import { Refusal } from "../../../core/refusal.ts";
import type { ApplicationState } from "../../../core/senders/application.ts";
import type { SenderPool } from "../../../core/senders/choose-text-sender.ts";
import { senderTypeOf } from "../../../core/senders/sender-type.ts";
import { tellOfRequest } from "../../../flow/senders/decide-senders.ts";
import { listProvable } from "../../../flow/senders/prove-sender.ts";
import { removeTextSender, saveTextSender, withdrawSender } from "../../../flow/senders/text-senders.ts";
import { getSenderApproval, type SenderApproval } from "../../../records/deployment/sender-approval.ts";
import { listApplicationsOf } from "../../../records/senders/sender-application-store.ts";
import { listSenderRequestsOf, type SenderRequest } from "../../../records/senders/sender-request-store.ts";
import type { TextSender } from "../../../records/services/service.ts";
import { countryNames } from "../formats/countries.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const FIELDS = ["sender", "isDefault"] as const;
type Field = (typeof FIELDS)[number];

interface SendersPage {
  serviceId: string;
  senders: readonly (TextSender & {
    registered: string;
    cannotBeAnswered: boolean;
    applications: readonly { id: string; country: string; state: ApplicationState }[];
  })[];
  requests: readonly (SenderRequest & { isProvable: boolean })[];
  pools: readonly (SenderPool & { senders: string })[];
  mayChange: boolean;
}

interface SenderPage {
  serviceId: string;
  sender: TextSender | undefined;
  form: Form<Field>;
  isOnly: boolean;
  approval: SenderApproval;
}

const showSenders = page<SendersPage>("settings/text-senders.njk");
const showSender = page<SenderPage>("settings/text-sender.njk");
const showRemove = page<{ serviceId: string; sender: TextSender; form: Form<"sender"> }>(
  "settings/remove-text-sender.njk",
);

const SENDERS = "/services/:sid/settings/text-senders";
const reader = { permission: ["manage_service", "manage_api_keys"] } as const;
const who = { permission: "manage_service" } as const;

export const textSenderRoutes: readonly Route[] = [
  route({ method: "GET", url: SENDERS, who: reader, handler: list }),
  route({ method: "GET", url: `${SENDERS}/add`, who, handler: askForNew }),
  route({ method: "POST", url: `${SENDERS}/add`, who, handler: (visit) => save(visit, undefined) }),
  route({ method: "POST", url: `${SENDERS}/requests/:rid/withdrawal`, who, handler: withdraw }),
  route({ method: "GET", url: `${SENDERS}/:id`, who, handler: askForChange }),
  route({ method: "POST", url: `${SENDERS}/:id`, who, handler: (visit) => save(visit, getSender(visit)) }),
  route({ method: "GET", url: `${SENDERS}/:id/remove`, who, handler: askToRemove }),
  route({ method: "POST", url: `${SENDERS}/:id/remove`, who, handler: remove }),
];

async function list(visit: ServiceVisit): Promise<Answer> {
  const { app, service, may } = visit;
  const { id: serviceId, textSenders, senderPools, permissions } = service;
  const names = countryNames();
  const requests = await listSenderRequestsOf(app.db, serviceId);
  const applications = (await listApplicationsOf(app.db, serviceId)).filter(({ state }) => state !== "registered");
  const provable = await listProvable(app.db, requests);
  return showSenders(visit, {
    serviceId,
    senders: textSenders.map((one) => ({
      ...one,
      // Whoever gets a text from a name has nobody to write to, although this service reads what people write.
      cannotBeAnswered: permissions.has("inbound_sms") && senderTypeOf(one.sender) === "alphanumeric",
      registered: one.registeredCountries.map((country) => names.get(country) ?? country).join("; "),
      applications: applications
        .filter(({ senderId }) => senderId === one.id)
        .map(({ id, state, countryPrefix }) => ({ id, state, country: names.get(countryPrefix) ?? countryPrefix })),
    })),
    requests: requests.map((one) => ({ ...one, isProvable: provable.has(one.id) })),
    pools: senderPools.map((pool) => {
      const members = textSenders.filter(({ id }) => pool.senderIds.includes(id));
      return { ...pool, senders: members.map(({ sender }) => sender).join(", ") };
    }),
    mayChange: may("manage_service"),
  });
}

function askForNew(visit: ServiceVisit): Promise<Answer> {
  return show(visit, undefined, formOf({ sender: "", isDefault: "" }));
}

function askForChange(visit: ServiceVisit): Promise<Answer> {
  const sender = getSender(visit);
  return show(visit, sender, formOf({ sender: sender.sender, isDefault: sender.isDefault ? "yes" : "" }));
}

async function show(visit: ServiceVisit, sender: TextSender | undefined, form: Form<Field>): Promise<Answer> {
  const { service, app } = visit;
  const approval = await getSenderApproval(app.db);
  const isOnly = service.textSenders.length === 1;
  return showSender(visit, { serviceId: service.id, sender, form, isOnly, approval });
}

async function save(visit: ServiceVisit, known: TextSender | undefined): Promise<Answer> {
  const { app, people, service, text, origin } = visit;
  const typed = readFields(visit, FIELDS);
  const values = known?.isShared ? { ...typed, sender: known.sender } : typed;
  return submit({
    values,
    refusedAt: "sender",
    act: async () => {
      const isDefault = values.isDefault === "yes";
      const wish = { serviceId: service.id, id: known?.id, sender: values.sender, isDefault };
      const { id, waits } = await saveTextSender(app, actorOf(visit), wish);
      if (waits) await tellOfRequest(people, { id, origin });
      return redirect(sendersOf(visit), { flash: text(waits ? "settings.textSenders.waits" : "settings.saved") });
    },
    showAgain: (form) => show(visit, known, form),
  });
}

async function withdraw(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await withdrawSender(app, actorOf(visit), { serviceId: service.id, id: idIn(visit, "rid") });
  return redirect(sendersOf(visit), { flash: text("settings.textSenders.withdrawn") });
}

function askToRemove(visit: ServiceVisit): Answer {
  const sender = getSender(visit);
  return showRemove(visit, { serviceId: visit.service.id, sender, form: formOf({ sender: sender.sender }) });
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const sender = getSender(visit);
  return submit({
    values: { sender: sender.sender },
    refusedAt: "sender",
    act: async () => {
      await removeTextSender(app, actorOf(visit), { serviceId: service.id, id: sender.id });
      return redirect(sendersOf(visit), { flash: text("settings.textSenders.removed") });
    },
    showAgain: (form) => showRemove(visit, { serviceId: service.id, sender, form }),
  });
}

function getSender(visit: ServiceVisit): TextSender {
  const id = idIn(visit, "id");
  const sender = visit.service.textSenders.find((one) => one.id === id);
  if (!sender) throw new Refusal("not-found", "There is no such sender");
  return sender;
}

function sendersOf({ service }: ServiceVisit): string {
  return `/services/${service.id}/settings/text-senders`;
}
