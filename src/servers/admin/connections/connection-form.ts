/** The forms of a connection: first which product and which template, then where in a body everything stands. */
import { conditionText } from "../../../core/connections/condition.ts";
import { CONNECTION_KINDS, type ConnectionKind, PRESETS } from "../../../core/connections/connection-kind.ts";
import { Refusal } from "../../../core/refusal.ts";
import {
  type ConnectionForm,
  changeConnection,
  createConnection,
} from "../../../flow/connections/change-connections.ts";
import { getConnectedTemplate } from "../../../flow/connections/send-for-event.ts";
import { placeholderNamesOf } from "../../../flow/rendering.ts";
import { listVisibleTemplates } from "../../../flow/templates/folders.ts";
import type { Connection } from "../../../records/connections/connection.ts";
import type { TemplateVersion } from "../../../records/templates/template.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit, type Values } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { CONNECTIONS, connectionIn, connectionPath, connectionsPath, MAKER, showMade, WHO } from "./paths.ts";

const USUAL_REPEAT_DAYS = "7";
const TERMS = ["name", "recipientPath", "conditions", "eventPath", "repeatDays", "organizationId"] as const;

type Choice = { value: string; text: string };

const showChoice = page<{
  url: string;
  listUrl: string;
  form: Form<"kind" | "template">;
  kinds: readonly (Choice & { hint: { text: string } })[];
  templates: readonly Choice[];
}>("connections/choose.njk");

const showForm = page<{
  title: string;
  url: string;
  backUrl: string;
  isNew: boolean;
  asksOrganization: boolean;
  form: Form;
  template: { id: string; name: string };
  /** The template's fields, each with the name of its input. */
  fields: readonly { name: string; input: string }[];
  templates: readonly Choice[];
}>("connections/form.njk");

export const connectionFormRoutes: readonly Route[] = [
  route({ method: "GET", url: `${CONNECTIONS}/new`, who: MAKER, handler: (visit) => choose(visit) }),
  route({ method: "POST", url: `${CONNECTIONS}/new`, who: MAKER, handler: chosen }),
  route({ method: "GET", url: `${CONNECTIONS}/new/:kind/:tid`, who: MAKER, handler: askForNew }),
  route({ method: "POST", url: `${CONNECTIONS}/new/:kind/:tid`, who: MAKER, handler: create }),
  route({ method: "GET", url: `${CONNECTIONS}/:cid/edit`, who: WHO, handler: askForChange }),
  route({ method: "POST", url: `${CONNECTIONS}/:cid/edit`, who: WHO, handler: change }),
];

async function choose(visit: ServiceVisit, form: Form<"kind" | "template"> = formOf({ kind: "", template: "" })) {
  const { text } = visit;
  return showChoice(visit, {
    ...{ url: `${connectionsPath(visit)}/new`, listUrl: connectionsPath(visit), form },
    kinds: CONNECTION_KINDS.map((kind) => ({
      ...{ value: kind, text: text(`connections.kind.${kind}`), hint: { text: text(`connections.kind.${kind}.hint`) } },
    })),
    templates: await templatesFor(visit),
  });
}

async function templatesFor({ app, service, visitor }: ServiceVisit): Promise<Choice[]> {
  const templates = await listVisibleTemplates(app, { serviceId: service.id, userId: visitor.userId });
  const sendable = templates.filter(({ channel }) => channel === "sms" || channel === "email");
  return sendable.map(({ id, name }) => ({ value: id, text: name }));
}

function chosen(visit: ServiceVisit): Promise<Answer> {
  const { text } = visit;
  const values = readFields(visit, ["kind", "template"]);
  return submit({
    values,
    refusedAt: "template",
    act: async () => {
      const [kind, template] = [CONNECTION_KINDS.find((one) => one === values.kind), asId(values.template)];
      refuseIfInvalid({
        kind: kind === undefined && text("connections.new.chooseKind"),
        template: template === undefined && text("connections.new.chooseTemplate"),
      });
      await getConnectedTemplate(visit.app, visit.service, template ?? "");
      return redirect(`${connectionsPath(visit)}/new/${kind}/${template}`);
    },
    showAgain: (form) => choose(visit, form),
  });
}

function kindIn({ params }: ServiceVisit): ConnectionKind {
  const kind = CONNECTION_KINDS.find((one) => one === params["kind"]);
  if (kind) return kind;
  throw new Refusal("not-found", "There is no such kind of connection");
}

async function askForNew(visit: ServiceVisit): Promise<Answer> {
  const kind = kindIn(visit);
  const template = await getConnectedTemplate(visit.app, visit.service, idIn(visit, "tid"));
  return showNew(visit, { kind, template, form: formOf(usualValues(visit, kind, template)) });
}

/** What is usual for the product, and for a template with such fields. */
function usualValues({ text }: ServiceVisit, kind: ConnectionKind, template: TemplateVersion): Values<string> {
  const { recipientPath, conditions, eventPath, fields } = PRESETS[kind];
  return {
    ...{ name: text(`connections.kind.${kind}`), conditions: conditions.join("\n"), eventPath },
    recipientPath: recipientPath[template.channel === "email" ? "email" : "sms"],
    ...{ repeatDays: USUAL_REPEAT_DAYS, organizationId: "" },
    ...inputsOf(
      template,
      Object.fromEntries(namesIn(template).map((name) => [name, fields[name.toLowerCase()] ?? ""])),
    ),
  };
}

/** In the order in which an object has them, numbers first. */
function namesIn(template: TemplateVersion): string[] {
  return Object.keys(Object.fromEntries(placeholderNamesOf(template).map((name) => [name, ""])));
}

function inputsOf(template: TemplateVersion, paths: Readonly<Record<string, string>>): Values<string> {
  return Object.fromEntries(namesIn(template).map((name, at) => [`field-${at}`, paths[name] ?? ""]));
}

function formIn(visit: ServiceVisit, template: TemplateVersion): { values: Values<string>; form: ConnectionForm } {
  const names = namesIn(template);
  const terms = readFields(visit, TERMS);
  const inputs = readFields(
    visit,
    names.map((_, at) => `field-${at}`),
  );
  const fields = Object.fromEntries(names.map((name, at) => [name, inputs[`field-${at}`] ?? ""]));
  return { values: { ...terms, ...inputs }, form: { ...terms, fields, templateId: template.templateId } };
}

interface NewPage {
  kind: ConnectionKind;
  template: TemplateVersion;
  form: Form;
}

function showNew(visit: ServiceVisit, { kind, template, form }: NewPage): Answer {
  return showForm(visit, {
    title: visit.text(`connections.new.${kind}`),
    url: `${connectionsPath(visit)}/new/${kind}/${template.templateId}`,
    ...{ backUrl: `${connectionsPath(visit)}/new`, isNew: true, templates: [], form },
    ...partsOf(kind, template),
  });
}

function partsOf(kind: ConnectionKind, template: TemplateVersion) {
  return {
    asksOrganization: PRESETS[kind].proof === "address",
    template: { id: template.templateId, name: template.name },
    fields: namesIn(template).map((name, at) => ({ name, input: `field-${at}` })),
  };
}

async function create(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const kind = kindIn(visit);
  const template = await getConnectedTemplate(app, service, idIn(visit, "tid"));
  const { values, form: wanted } = formIn(visit, template);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      const made = await createConnection(app, actorOf(visit), { service, kind, form: wanted });
      return showMade(visit, { ...made, kind });
    },
    showAgain: (form) => showNew(visit, { kind, template, form }),
  });
}

/** With another template, if one is asked for; its own may have been deleted. */
async function askForChange(visit: ServiceVisit): Promise<Answer> {
  const connection = await connectionIn(visit);
  const wanted = asId(visit.query.get("template")) ?? connection.templateId;
  const template = await findUsable(visit, wanted);
  if (!template) return redirect(`${connectionPath(visit, connection.id)}/edit?template=${await firstTemplate(visit)}`);
  const { name, recipientPath, conditions, eventPath = "", repeatDays, organizationId = "", fields } = connection;
  const values = {
    ...{ name, recipientPath, eventPath, organizationId, repeatDays: String(repeatDays) },
    ...{ conditions: conditions.map(conditionText).join("\n"), ...inputsOf(template, fields) },
  };
  return showChange(visit, { connection, template, form: formOf(values) });
}

async function findUsable({ app, service }: ServiceVisit, id: string): Promise<TemplateVersion | undefined> {
  try {
    return await getConnectedTemplate(app, service, id);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

async function firstTemplate(visit: ServiceVisit): Promise<string> {
  const [first] = await templatesFor(visit);
  if (first) return first.value;
  throw new Refusal("not-found", "There is no template that it could send");
}

interface ChangePage {
  connection: Connection;
  template: TemplateVersion;
  form: Form;
}

async function showChange(visit: ServiceVisit, { connection, template, form }: ChangePage): Promise<Answer> {
  const url = connectionPath(visit, connection.id);
  return showForm(visit, {
    title: visit.text("connections.edit.title", { name: connection.name }),
    ...{ url: `${url}/edit?template=${template.templateId}`, backUrl: url, isNew: false, form },
    ...partsOf(connection.kind, template),
    templates: await templatesFor(visit),
  });
}

async function change(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const connection = await connectionIn(visit);
  const wanted = asId(visit.query.get("template")) ?? connection.templateId;
  const template = await getConnectedTemplate(app, service, wanted);
  const { values, form: changed } = formIn(visit, template);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      await changeConnection(app, actorOf(visit), { service, id: connection.id, form: changed });
      return redirect(connectionPath(visit, connection.id), { flash: text("connections.edit.done") });
    },
    showAgain: (form) => showChange(visit, { connection, template, form }),
  });
}
