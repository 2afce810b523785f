/** `/services/:sid/settings/replies`: what STOP, START and HELP do, and who gets texts by email. */
import { ASKED, type Asked, USUAL_WORDS } from "../../../core/replies/reply-words.ts";
import { usualAnswer } from "../../../flow/replies/send-answer.ts";
import { listForwardable, setReplies } from "../../../flow/replies/set-replies.ts";
import { getReplySettings, type ReplySettings } from "../../../records/replies/reply-settings-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit, type Values } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const REPLIES = "/services/:sid/settings/replies";
const FIELDS = [
  ...["isOn", "stopWords", "startWords", "helpWords"],
  ...["stopAnswer", "startAnswer", "helpAnswer"],
] as ("isOn" | `${Asked}Words` | `${Asked}Answer`)[];
type Field = (typeof FIELDS)[number] | "forwardTo";

interface RepliesPage {
  serviceId: string;
  asked: typeof ASKED;
  form: Form<Field>;
  usual: typeof USUAL_WORDS;
  forwardable: readonly string[];
  ticked: readonly string[];
}

const showReplies = page<RepliesPage>("settings/replies.njk");
const who = { permission: "manage_service" } as const;

export const replyRoutes: readonly Route[] = [
  route({ method: "GET", url: REPLIES, who, handler: ask }),
  route({ method: "POST", url: REPLIES, who, handler: save }),
];

async function ask(visit: ServiceVisit): Promise<Answer> {
  const { isOn, words, answers, forwardTo } = await getReplySettings(visit.app.db, visit.service.id);
  const values = { isOn: isOn ? "yes" : "", forwardTo: "", ...fieldsOf(visit, { words, answers }) };
  return show(visit, formOf<Field>(values), forwardTo);
}

function fieldsOf({ service }: ServiceVisit, { words, answers }: Pick<ReplySettings, "words" | "answers">) {
  return {
    ...{ stopWords: words.stop.join(", "), startWords: words.start.join(", "), helpWords: words.help.join(", ") },
    stopAnswer: answers.stop ?? usualAnswer(service, "stop"),
    startAnswer: answers.start ?? usualAnswer(service, "start"),
    helpAnswer: answers.help ?? usualAnswer(service, "help"),
  };
}

async function show(visit: ServiceVisit, form: Form<Field>, ticked: readonly string[]): Promise<Answer> {
  const { id: serviceId } = visit.service;
  const forwardable = await listForwardable(visit.app.db, serviceId);
  return showReplies(visit, { serviceId, asked: ASKED, form, usual: USUAL_WORDS, forwardable, ticked });
}

function save(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, FIELDS);
  const forwardTo = readList(visit, "forwardTo");
  return submit<Field>({
    values: { ...values, forwardTo: "" },
    refusedAt: "stopWords",
    act: async () => {
      const settings = { ...readReplies(visit, values), forwardTo };
      await setReplies(app, actorOf(visit), { serviceId: service.id, settings });
      return redirect(`/services/${service.id}/settings`, { flash: text("settings.saved") });
    },
    showAgain: (form) => show(visit, form, forwardTo),
  });
}

/** An answer that is left as the product has it goes on following the product, and the service's name. */
function readReplies(
  { service }: ServiceVisit,
  values: Values<Exclude<Field, "forwardTo">>,
): Omit<ReplySettings, "forwardTo"> {
  const wordsOf = (asked: Asked) =>
    values[`${asked}Words`]
      .split(/[,\r\n]+/)
      .map((word) => word.trim())
      .filter(Boolean);
  const answerOf = (asked: Asked) => {
    const typed = values[`${asked}Answer`].trim();
    return typed === usualAnswer(service, asked) ? undefined : typed;
  };
  return {
    isOn: values.isOn !== "",
    words: { stop: wordsOf("stop"), start: wordsOf("start"), help: wordsOf("help") },
    answers: { stop: answerOf("stop"), start: answerOf("start"), help: answerOf("help") },
  };
}
