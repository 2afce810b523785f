/** `/services/:sid/settings/text-senders/requests/:rid/code` and `…/proof`: a number as a sender, proved by a code texted to it. */
import { getProvable, proveSender, sendSenderProof } from "../../../flow/senders/prove-sender.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { type FormPage, formPageOf } from "../plain/form-page.ts";

const REQUEST = "/services/:sid/settings/text-senders/requests/:rid";
const who = { permission: "manage_service" } as const;
/** Where what is wrong with a form without fields is told: at its button. */
const NO_FIELDS = { button: "" } as const;

export const senderProofRoutes: readonly Route[] = [
  route({ method: "GET", url: `${REQUEST}/code`, who, handler: (visit) => askToSend(visit, formOf(NO_FIELDS)) }),
  route({ method: "POST", url: `${REQUEST}/code`, who, handler: send }),
  route({ method: "GET", url: `${REQUEST}/proof`, who, handler: (visit) => askForCode(visit, formOf({ code: "" })) }),
  route({ method: "POST", url: `${REQUEST}/proof`, who, handler: prove }),
];

async function askToSend(visit: ServiceVisit, form: Form): Promise<Answer> {
  const { app, text } = visit;
  const { sender: number } = await getProvable(app.db, proofIn(visit));
  const words: FormPage<never> = {
    title: text("settings.textSenders.prove.title", { number }),
    paragraphs: [text("settings.textSenders.prove.explain")],
    fields: {},
    button: text("settings.textSenders.prove.send"),
    otherwise: { text: text("settings.textSenders.prove.notNow"), href: sendersOf(visit) },
  };
  return formPageOf(visit, words, form);
}

function send(visit: ServiceVisit): Promise<Answer> {
  return submit<string>({
    values: NO_FIELDS,
    refusedAt: "button",
    act: async () => {
      await sendSenderProof(visit.people, proofIn(visit));
      return redirect(`${requestOf(visit)}/proof`);
    },
    showAgain: (form) => askToSend(visit, form),
  });
}

async function askForCode(visit: ServiceVisit, form: Form): Promise<Answer> {
  const { app, text } = visit;
  const { sender: number } = await getProvable(app.db, proofIn(visit));
  const words: FormPage<"code"> = {
    title: text("settings.textSenders.prove.enterTitle"),
    paragraphs: [text("settings.textSenders.prove.enter", { number })],
    fields: { code: { type: "code", label: text("settings.textSenders.prove.code") } },
    button: text("settings.textSenders.prove.button"),
    otherwise: { text: text("settings.textSenders.prove.again"), href: `${requestOf(visit)}/code` },
  };
  return formPageOf(visit, words, form);
}

function prove(visit: ServiceVisit): Promise<Answer> {
  const values = readFields(visit, ["code"]);
  return submit({
    values,
    refusedAt: "code",
    act: async () => {
      await proveSender(visit.people, actorOf(visit), { ...proofIn(visit), code: values.code });
      return redirect(sendersOf(visit), { flash: visit.text("settings.textSenders.prove.done") });
    },
    showAgain: (form) => askForCode(visit, form),
  });
}

function proofIn(visit: ServiceVisit) {
  return { serviceId: visit.service.id, id: idIn(visit, "rid") };
}

function sendersOf({ service }: ServiceVisit): string {
  return `/services/${service.id}/settings/text-senders`;
}

function requestOf(visit: ServiceVisit): string {
  return `${sendersOf(visit)}/requests/${idIn(visit, "rid")}`;
}
