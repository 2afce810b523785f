/** A template as the answer in a chat: sent as it stands, or, where it asks for values, once these are filled in. */
import { answerWithChatTemplate } from "../../../flow/inbox/answer-in-own-words.ts";
import { placeholderNamesOf } from "../../../flow/rendering.ts";
import type { TemplateVersion } from "../../../records/templates/template.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { isYesOrNo } from "../send/send-form.ts";
import { inOurWords } from "../send/sending.ts";
import { inboxPath } from "./inbox-paths.ts";

interface ValueField {
  id: string;
  name: string;
  /** It only says whether words are there. */
  isYesOrNo: boolean;
}

interface ValuesPage {
  form: Form<string>;
  template: TemplateVersion;
  fields: readonly ValueField[];
  formId: string;
  url: string;
}

const showValues = page<ValuesPage>("inbox/chat-template.njk");

export function answerInChat(visit: ServiceVisit, template: TemplateVersion, formId: string): Answer | Promise<Answer> {
  const names = placeholderNamesOf(template);
  const fields = names.map((name, at) => ({ id: `value${at}`, name, isYesOrNo: isYesOrNo(template, name) }));
  const values: Record<string, string> = readFields(
    visit,
    fields.map(({ id }) => id),
  );
  const url = `${inboxPath(visit)}/${idIn(visit, "id")}`;
  const show = (form: Form<string>): Answer => showValues(visit, { form, template, fields, formId, url });
  const [isFilledIn] = visit.body.get("isFilledIn") ?? [];
  if (fields.length > 0 && !isFilledIn) return show(formOf(values));
  const refusedAt = fields.at(-1)?.id ?? "templateId";
  const act = async (): Promise<Answer> => {
    refuseIfInvalid(gapsOf(visit, fields, values));
    const personalisation = Object.fromEntries(fields.map(({ id, name }) => [name, values[id] ?? ""]));
    await send(visit, { templateId: template.templateId, personalisation, formId, refusedAt });
    return redirect(url, { flash: visit.text("inbox.words.sent") });
  };
  // One that asks for nothing is refused on the page of the conversation.
  return fields.length === 0 ? act() : submit<string>({ values, refusedAt, act, showAgain: show });
}

function gapsOf({ text }: ServiceVisit, fields: readonly ValueField[], values: Readonly<Record<string, string>>) {
  const isEmpty = (id: string) => (values[id] ?? "").trim() === "";
  return Object.fromEntries(fields.map(({ id, name }) => [id, isEmpty(id) && text("send.form.enter", { name })]));
}

interface Filled {
  templateId: string;
  personalisation: Record<string, string>;
  formId: string;
  refusedAt: string;
}

async function send(visit: ServiceVisit, { refusedAt, ...filled }: Filled): Promise<void> {
  const { app, service, visitor, text } = visit;
  const person = { ...actorOf(visit), name: visitor.name };
  const answer = { service, textId: idIn(visit, "id"), ...filled };
  await answerWithChatTemplate(app, person, answer).catch((error: unknown) => {
    const told = inOurWords(error, { text, channel: "chat" });
    throw told instanceof InvalidFields ? new InvalidFields({ [refusedAt]: Object.values(told.errors)[0] }) : told;
  });
}
