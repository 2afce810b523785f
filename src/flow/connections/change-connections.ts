/** Connections as people write them: checked, kept and noted in the log. A secret is made here and shown once. */
import { randomBytes } from "node:crypto";
import { PATH_LIMITS, parsePath } from "../../core/connections/body-path.ts";
import { CONDITION_LIMITS, type Condition, conditionText, parseCondition } from "../../core/connections/condition.ts";
import { type ConnectionKind, PRESETS } from "../../core/connections/connection-kind.ts";
import { Refusal } from "../../core/refusal.ts";
import { violatedUniqueConstraint } from "../../platform/db.ts";
import { newRandomId } from "../../platform/ids.ts";
import { CONNECTION_LIMITS, type Connection, type ConnectionTerms } from "../../records/connections/connection.ts";
import {
  deleteConnection as deleteRow,
  findConnection,
  insertConnection,
  listConnections,
  NAME_CONSTRAINT,
  replaceConnectionSecret,
  switchConnection as switchRow,
  updateConnection,
} from "../../records/connections/connection-store.ts";
import type { Service } from "../../records/services/service.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";
import { getConnectedTemplate } from "./send-for-event.ts";

const SECRET_BYTES = 32;
const ORGANIZATION_ID = /^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/;

/** As filled in: conditions one a line, paths by the names of the template's fields. */
export interface ConnectionForm {
  name: string;
  templateId: string;
  recipientPath: string;
  fields: Readonly<Record<string, string>>;
  conditions: string;
  eventPath: string;
  repeatDays: string;
  organizationId: string;
}

export interface MadeConnection {
  id: string;
  /** Which nobody can read again. */
  secret: string;
}

type Keeper = Pick<App, "db" | "templates">;
type Owner = Pick<Service, "id" | "dataKey">;
type Which = { serviceId: string; id: string };

export async function createConnection(
  app: Keeper,
  actor: Actor,
  { service, kind, form }: { service: Owner; kind: ConnectionKind; form: ConnectionForm },
): Promise<MadeConnection> {
  await getConnectedTemplate(app, service, form.templateId);
  const terms = readConnection(kind, form);
  const made = { id: newRandomId(), secret: newConnectionSecret() };
  const { id: serviceId } = service;
  await naming(async () =>
    app.db.transaction(async (tx) => {
      if ((await listConnections(tx, serviceId)).length >= CONNECTION_LIMITS.connections)
        throw fieldRefusal(
          "name",
          "connections-many",
          `There are ${CONNECTION_LIMITS.connections} connections: delete one`,
        );
      await insertConnection(tx, service, { ...terms, ...made, serviceId, kind, createdBy: actor.userId });
      const deed = { serviceId, action: "connection.created", subject: terms.name };
      await recordDeed(tx, actor, { ...deed, after: { kind, ...shownOf(terms) } });
    }),
  );
  return made;
}

export async function changeConnection(
  app: Keeper,
  actor: Actor,
  { service, id, form }: { service: Owner; id: string; form: ConnectionForm },
): Promise<void> {
  const before = await getConnection(app, { serviceId: service.id, id });
  await getConnectedTemplate(app, service, form.templateId);
  const terms = readConnection(before.kind, form);
  await naming(async () =>
    app.db.transaction(async (tx) => {
      await updateConnection(tx, id, terms);
      const deed = { serviceId: service.id, action: "connection.changed", subject: terms.name };
      await recordDeed(tx, actor, { ...deed, before: shownOf(before), after: shownOf(terms) });
    }),
  );
}

/** Its product has to be told at once: with the one before nothing is taken any more. */
export async function renewConnectionSecret(
  app: Keeper,
  actor: Actor,
  { service, id }: { service: Owner; id: string },
): Promise<MadeConnection> {
  const { name } = await getConnection(app, { serviceId: service.id, id });
  const made = { id, secret: newConnectionSecret() };
  await app.db.transaction(async (tx) => {
    await replaceConnectionSecret(tx, service, made);
    await recordDeed(tx, actor, { serviceId: service.id, action: "connection.secret-renewed", subject: name });
  });
  return made;
}

/** What is called while it is off is answered as well, and sends nothing. */
export async function switchConnection(app: Keeper, actor: Actor, { isOn, ...which }: Which & { isOn: boolean }) {
  const { name, isOn: wasOn } = await getConnection(app, which);
  if (wasOn === isOn) return;
  await app.db.transaction(async (tx) => {
    await switchRow(tx, which.id, isOn);
    const action = isOn ? "connection.switched-on" : "connection.switched-off";
    await recordDeed(tx, actor, { serviceId: which.serviceId, action, subject: name });
  });
}

export async function deleteConnection(app: Keeper, actor: Actor, which: Which): Promise<void> {
  const { name } = await getConnection(app, which);
  await app.db.transaction(async (tx) => {
    await deleteRow(tx, which.id);
    await recordDeed(tx, actor, { serviceId: which.serviceId, action: "connection.deleted", subject: name });
  });
}

export async function getConnection({ db }: Pick<App, "db">, { serviceId, id }: Which): Promise<Connection> {
  const connection = await findConnection(db, serviceId, id);
  if (connection) return connection;
  throw new Refusal("not-found", "There is no such connection");
}

export function newConnectionSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** Fields of the form: `name`, `recipientPath`, `conditions`, `eventPath`, `repeatDays`, `organizationId`, and `field-` with a place each. */
export function readConnection(kind: ConnectionKind, form: ConnectionForm): ConnectionTerms {
  const name = form.name.trim();
  const [recipientPath, eventPath] = [form.recipientPath.trim(), form.eventPath.trim()];
  const fields = Object.entries(form.fields).map(([field, path]) => [field, path.trim()] as const);
  const lines = form.conditions.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const conditions = lines.map(parseCondition);
  const repeatDays = Number(form.repeatDays.trim() || Number.NaN);
  const organizationId = PRESETS[kind].proof === "address" ? form.organizationId.trim() : undefined;
  refuseProblems([
    ...problem("name", name === "" || name.length > CONNECTION_LIMITS.nameCharacters, NAME_WRONG),
    ...problem("recipientPath", parsePath(recipientPath) === undefined, PATH_WRONG),
    ...fields.flatMap(([, path], at) => problem(`field-${at}`, parsePath(path) === undefined, PATH_WRONG)),
    ...problem(
      "name",
      fields.length > CONNECTION_LIMITS.fields,
      `Up to ${CONNECTION_LIMITS.fields} fields can be filled`,
    ),
    ...problem("conditions", conditions.length > CONDITION_LIMITS.conditions, CONDITIONS_MANY),
    ...lines.flatMap((line, at) =>
      problem("conditions", conditions[at] === undefined, `Not a condition: ${line.trim()}`),
    ),
    ...problem("eventPath", eventPath !== "" && parsePath(eventPath) === undefined, PATH_WRONG),
    ...problem("repeatDays", !isDays(repeatDays), `Enter a number of days from 1 to ${CONNECTION_LIMITS.repeatDays}`),
    ...problem(
      "organizationId",
      organizationId !== undefined && !ORGANIZATION_ID.test(organizationId),
      ORGANIZATION_WRONG,
    ),
  ]);
  const read = { recipientPath, fields: Object.fromEntries(fields), conditions: conditions as Condition[] };
  return { name, templateId: form.templateId, ...read, eventPath: eventPath || undefined, repeatDays, organizationId };
}

const NAME_WRONG = `Enter a name of up to ${CONNECTION_LIMITS.nameCharacters} characters`;
const PATH_WRONG = `Enter where it stands, such as data.phones[0].value, in up to ${PATH_LIMITS.characters} characters`;
const CONDITIONS_MANY = `Enter up to ${CONDITION_LIMITS.conditions} conditions, one a line`;
const ORGANIZATION_WRONG = "Enter your Salesforce organization ID: 15 or 18 letters and digits";

function isDays(days: number): boolean {
  return Number.isInteger(days) && days >= 1 && days <= CONNECTION_LIMITS.repeatDays;
}

function problem(field: string, isWrong: boolean, message: string): FieldProblem[] {
  return isWrong ? [{ field, problem: `connection-${field}-wrong`, message }] : [];
}

async function naming<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedUniqueConstraint(error) !== NAME_CONSTRAINT) throw error;
    throw fieldRefusal("name", "connection-name-taken", "Another connection has this name; choose another");
  }
}

/** As people read it. */
export function shownOf({ name, templateId, recipientPath, fields, conditions, ...terms }: ConnectionTerms) {
  return {
    ...{ name, templateId, recipientPath },
    fields: Object.entries(fields)
      .map(([field, path]) => `${field}: ${path}`)
      .join(", "),
    conditions: conditions.map(conditionText).join(", "),
    ...{ eventPath: terms.eventPath ?? "", repeatDays: terms.repeatDays, organizationId: terms.organizationId ?? "" },
  };
}
