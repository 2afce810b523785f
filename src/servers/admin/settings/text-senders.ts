/** `/services/:sid/settings/text-senders`: whom a service's texts come from. */
import { Refusal } from "../../../core/refusal.ts";
import { removeTextSender, saveTextSender } from "../../../flow/services/senders.ts";
import type { TextSender } from "../../../records/services/service.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const FIELDS = ["sender", "isDefault"] as const;
type Field = (typeof FIELDS)[number];

const showSenders = page<{ serviceId: string; senders: readonly TextSender[]; mayChange: boolean }>(
  "settings/text-senders.njk",
);
const showSender = page<{ serviceId: string; sender: TextSender | undefined; form: Form<Field>; isOnly: boolean }>(
  "settings/text-sender.njk",
);
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
  route({ method: "GET", url: `${SENDERS}/:id`, who, handler: askForChange }),
  route({ method: "POST", url: `${SENDERS}/:id`, who, handler: (visit) => save(visit, getSender(visit)) }),
  route({ method: "GET", url: `${SENDERS}/:id/remove`, who, handler: askToRemove }),
  route({ method: "POST", url: `${SENDERS}/:id/remove`, who, handler: remove }),
];

function list(visit: ServiceVisit): Answer {
  const { service, may } = visit;
  const { id: serviceId, textSenders: senders } = service;
  return showSenders(visit, { serviceId, senders, mayChange: may("manage_service") });
}

function askForNew(visit: ServiceVisit): Answer {
  return show(visit, undefined, formOf({ sender: "", isDefault: "" }));
}

function askForChange(visit: ServiceVisit): Answer {
  const sender = getSender(visit);
  return show(visit, sender, formOf({ sender: sender.sender, isDefault: sender.isDefault ? "yes" : "" }));
}

function show(visit: ServiceVisit, sender: TextSender | undefined, form: Form<Field>): Answer {
  const { service } = visit;
  return showSender(visit, { serviceId: service.id, sender, form, isOnly: service.textSenders.length === 1 });
}

async function save(visit: ServiceVisit, known: TextSender | undefined): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "sender",
    act: async () => {
      const isDefault = values.isDefault === "yes";
      const wish = { serviceId: service.id, id: known?.id, sender: values.sender, isDefault };
      await saveTextSender(app, actorOf(visit), wish);
      return redirect(sendersOf(visit), { flash: text("settings.saved") });
    },
    showAgain: (form) => show(visit, known, form),
  });
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
