/** Settings with two answers, each on a page of its own with the two as radios. */
import {
  setChannel,
  setFreeTextReplies,
  setInternationalLetters,
  setInternationalTexts,
  setRefusesRoaming,
  setRequiresCountry,
  setTextMode,
  setTextPrefix,
  startReceivingTexts,
  stopReceivingTexts,
} from "../../../flow/services/settings.ts";
import type { Service } from "../../../records/services/service.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

type Option = "on" | "off" | "unicode" | "gsm";

interface Choice {
  options: readonly Option[];
  read(service: Service): Option;
  save(visit: ServiceVisit, option: Option): Promise<unknown>;
}

const ON_OFF = ["on", "off"] as const;
const onOff = (isOn: boolean): Option => (isOn ? "on" : "off");

const CHOICES = {
  emails: {
    options: ON_OFF,
    read: ({ permissions }) => onOff(permissions.has("email")),
    save: (visit, option) =>
      setChannel(visit.app, actorOf(visit), wish(visit, { channel: "email", isOn: option === "on" })),
  },
  "text-messages": {
    options: ON_OFF,
    read: ({ permissions }) => onOff(permissions.has("sms")),
    save: (visit, option) =>
      setChannel(visit.app, actorOf(visit), wish(visit, { channel: "sms", isOn: option === "on" })),
  },
  "text-prefix": {
    options: ON_OFF,
    read: ({ prefixesTexts }) => onOff(prefixesTexts),
    save: (visit, option) => setTextPrefix(visit.app, actorOf(visit), wish(visit, option === "on")),
  },
  "text-mode": {
    options: ["unicode", "gsm"],
    read: ({ textMode }) => textMode,
    save: (visit, option) => setTextMode(visit.app, actorOf(visit), wish(visit, option === "gsm" ? "gsm" : "unicode")),
  },
  "international-text-messages": {
    options: ON_OFF,
    read: ({ permissions }) => onOff(permissions.has("international_sms")),
    save: (visit, option) => setInternationalTexts(visit.app, actorOf(visit), wish(visit, option === "on")),
  },
  "roaming-numbers": {
    options: ON_OFF,
    read: ({ refusesRoaming }) => onOff(refusesRoaming),
    save: (visit, option) => setRefusesRoaming(visit.app, actorOf(visit), wish(visit, option === "on")),
  },
  "country-codes": {
    options: ON_OFF,
    read: ({ requiresCountry }) => onOff(requiresCountry),
    save: (visit, option) => setRequiresCountry(visit.app, actorOf(visit), wish(visit, option === "on")),
  },
  letters: {
    options: ON_OFF,
    read: ({ permissions }) => onOff(permissions.has("letter")),
    save: (visit, option) =>
      setChannel(visit.app, actorOf(visit), wish(visit, { channel: "letter", isOn: option === "on" })),
  },
  "chat-messages": {
    options: ON_OFF,
    read: ({ permissions }) => onOff(permissions.has("chat")),
    save: (visit, option) =>
      setChannel(visit.app, actorOf(visit), wish(visit, { channel: "chat", isOn: option === "on" })),
  },
  "international-letters": {
    options: ON_OFF,
    read: ({ permissions }) => onOff(permissions.has("international_letters")),
    save: (visit, option) => setInternationalLetters(visit.app, actorOf(visit), wish(visit, option === "on")),
  },
  "receive-text-messages": {
    options: ON_OFF,
    read: ({ permissions }) => onOff(permissions.has("inbound_sms")),
    save: (visit, option) => {
      const set = option === "on" ? startReceivingTexts : stopReceivingTexts;
      return set(visit.app, actorOf(visit), { serviceId: visit.service.id });
    },
  },
  "free-text-replies": {
    options: ON_OFF,
    read: ({ permissions }) => onOff(permissions.has("free_text_replies")),
    save: (visit, option) => setFreeTextReplies(visit.app, actorOf(visit), wish(visit, option === "on")),
  },
} as const satisfies Record<string, Choice>;

export type ChoiceName = keyof typeof CHOICES;

/** As the macro for radios takes it. */
interface RadioItem {
  value: Option;
  text: string;
  hint?: { text: string };
}

const showChoice = page<{
  serviceId: string;
  name: ChoiceName;
  heading: string;
  explain: string;
  items: readonly RadioItem[];
  form: Form<"choice">;
}>("settings/choice.njk");

const who = { permission: "manage_service" } as const;

export const choiceRoutes: readonly Route[] = (Object.keys(CHOICES) as ChoiceName[]).flatMap((name) => {
  const url = `/services/:sid/settings/${name}`;
  return [
    route({ method: "GET", url, who, handler: (visit) => ask(visit, name) }),
    route({ method: "POST", url, who, handler: (visit) => save(visit, name) }),
  ];
});

/** What is chosen, in words. */
export function shownChoice({ service, text }: ServiceVisit, name: ChoiceName): string {
  return text(`settings.option.${CHOICES[name].read(service)}`);
}

function ask(visit: ServiceVisit, name: ChoiceName): Answer {
  return show(visit, name, formOf({ choice: CHOICES[name].read(visit.service) }));
}

function show(visit: ServiceVisit, name: ChoiceName, form: Form<"choice">): Answer {
  const { service, text } = visit;
  return showChoice(visit, {
    serviceId: service.id,
    name,
    heading: text(`settings.choice.${name}.title`),
    explain: text(`settings.choice.${name}.explain`),
    items: CHOICES[name].options.map((option) => itemOf(visit, option)),
    form,
  });
}

function itemOf({ text }: ServiceVisit, value: Option): RadioItem {
  const item = { value, text: text(`settings.option.${value}`) };
  return value === "unicode" || value === "gsm"
    ? { ...item, hint: { text: text(`settings.option.${value}.hint`) } }
    : item;
}

async function save(visit: ServiceVisit, name: ChoiceName): Promise<Answer> {
  const { service, text } = visit;
  const choice: Choice = CHOICES[name];
  const values = readFields(visit, ["choice"]);
  return submit({
    values,
    refusedAt: "choice",
    act: async () => {
      const option = choice.options.find((one) => one === values.choice) ?? choice.read(service);
      await choice.save(visit, option);
      return redirect(`/services/${service.id}/settings`, { flash: text("settings.saved") });
    },
    showAgain: (form) => show(visit, name, form),
  });
}

function wish<Value>({ service }: ServiceVisit, value: Value): { serviceId: string; value: Value } {
  return { serviceId: service.id, value };
}
