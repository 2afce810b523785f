/** Connections with other products. What a file leaves out of one is none: it says the whole of how a body is read. */
import { conditionText } from "../../core/connections/condition.ts";
import { Refusal } from "../../core/refusal.ts";
import { newConnectionSecret, readConnection } from "../../flow/connections/change-connections.ts";
import { newRandomId } from "../../platform/ids.ts";
import type { Connection, ConnectionTerms } from "../../records/connections/connection.ts";
import {
  deleteConnection,
  insertConnection,
  listConnections,
  switchConnection,
  updateConnection,
} from "../../records/connections/connection-store.ts";
import { listAllTemplates } from "../../records/templates/template-write-store.ts";
import type { DeclaredConnection } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { type Noun, reconcile } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

const USUAL_REPEAT_DAYS = 7;

interface Wish {
  declared: DeclaredConnection;
  terms: ConnectionTerms;
}

/** After the service's templates. */
export async function applyConnections(
  run: Run,
  owner: Owner,
  declared: readonly DeclaredConnection[] | undefined,
): Promise<void> {
  if (!declared) return;
  const templates = await listAllTemplates(run.tx, owner.serviceId);
  const wanted = declared.map((one) => ({ declared: one, terms: termsOf(one, templates) }));
  const current = await listConnections(run.tx, owner.serviceId);
  await reconcile(run, connectionNoun(run, owner), { wanted, current });
}

type Named = Pick<Awaited<ReturnType<typeof listAllTemplates>>[number], "id" | "name" | "channel">;

/** By the same rules as on the page. */
function termsOf(declared: DeclaredConnection, templates: readonly Named[]): ConnectionTerms {
  const {
    name,
    kind,
    recipient,
    fields = {},
    conditions = [],
    event = "",
    organization_id: organizationId = "",
  } = declared;
  const form = {
    ...{ name, templateId: templateId(declared, templates), recipientPath: recipient, fields },
    ...{ conditions: conditions.join("\n"), eventPath: event, organizationId },
    repeatDays: String(declared.repeat_days ?? USUAL_REPEAT_DAYS),
  };
  try {
    return readConnection(kind, form);
  } catch (error) {
    if (error instanceof Refusal) return refuseAt(declared.at, `cannot be: ${error.message}`);
    throw error;
  }
}

function templateId({ template, at }: DeclaredConnection, templates: readonly Named[]): string {
  const sendable = templates.filter(({ channel }) => channel === "sms" || channel === "email");
  const [found, ...others] = sendable.filter(({ id, name }) => id === template || name === template);
  const place = { path: [...at.path, "template"], source: at.source };
  if (!found) return refuseAt(place, "is not a text or an email among the service's templates");
  return others.length === 0
    ? found.id
    : refuseAt(place, "could be any of several templates of that name: give its id");
}

function connectionNoun({ tx, actor, secrets }: Run, owner: Owner): Noun<Wish, Connection> {
  const { serviceId, dataKey } = owner;
  return {
    ...{ kind: "connection", serviceId, owner: ` of ${owner.name}` },
    nameOf: (one) => ("declared" in one ? one.declared.name : one.name),
    idOf: (one) => ("declared" in one ? one.declared.id : one.id),
    placeOf: ({ declared }) => declared.at,
    fieldsOf: ({ kind, isOn, ...connection }) => ({ kind, on: isOn, ...shownOf(connection) }),
    wishesOf: ({ declared, terms }, current) => ({
      ...{ kind: sameKind(declared, current), on: declared.on },
      ...shownOf(terms),
    }),
    insert: async ({ declared: { id = newRandomId(), kind, on = true }, terms }) => {
      const secret = newConnectionSecret();
      await insertConnection(tx, { dataKey }, { ...terms, id, serviceId, kind, secret, createdBy: actor });
      if (!on) await switchConnection(tx, id, on);
      secrets.push({ kind: "connection secret", name: `${terms.name} of ${owner.name}`, value: secret });
    },
    update: async ({ id, isOn }, { declared, terms }) => {
      await updateConnection(tx, id, terms);
      await switchConnection(tx, id, declared.on ?? isOn);
    },
    remove: ({ id }) => deleteConnection(tx, id),
  };
}

/** The other product proves itself by what its kind has. */
function sameKind({ kind, at }: DeclaredConnection, current: Connection | undefined): Connection["kind"] {
  if (current === undefined || current.kind === kind) return kind;
  const place = { path: [...at.path, "kind"], source: at.source };
  return refuseAt(place, `cannot change from ${current.kind}: make a connection of another name, and delete this one`);
}

function shownOf({ name, templateId: template, recipientPath: recipient, fields, ...terms }: ConnectionTerms) {
  return {
    ...{ name, template, recipient, fields: { ...fields }, conditions: terms.conditions.map(conditionText) },
    ...{ event: terms.eventPath ?? null, repeatDays: terms.repeatDays, organizationId: terms.organizationId ?? null },
  };
}
