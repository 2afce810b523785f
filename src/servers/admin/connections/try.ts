/** `/services/:sid/settings/connections/:cid/try`: what would be made of a body, without sending anything. */
import type { ConnectionKind } from "../../../core/connections/connection-kind.ts";
import {
  JSON_EXAMPLE,
  PIPEDRIVE_PERSON,
  SALESFORCE_MESSAGE,
  WOOCOMMERCE_ORDER,
} from "../../../core/connections/sample-bodies.ts";
import { type Tried, tryConnection } from "../../../flow/connections/try-connection.ts";
import type { Answer } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { type ShownContent, shownSentEmail, shownText } from "../messages/shown-content.ts";
import { CONNECTIONS, connectionIn, connectionPath, WHO } from "./paths.ts";

const INDENT = 2;

interface Shown {
  /** Why nothing would be sent. */
  why: string | undefined;
  rows: readonly { key: string; text: string }[];
  content: ShownContent | undefined;
}

const showTry = page<{ url: string; backUrl: string; name: string; form: Form<"body">; tried: readonly Shown[] }>(
  "connections/try.njk",
);

export const tryRoutes: readonly Route[] = [
  route({ method: "GET", url: `${CONNECTIONS}/:cid/try`, who: WHO, handler: open }),
  route({ method: "POST", url: `${CONNECTIONS}/:cid/try`, who: WHO, handler: attempt }),
];

async function open(visit: ServiceVisit): Promise<Answer> {
  const { kind, organizationId } = await connectionIn(visit);
  return show(visit, formOf({ body: exampleOf(kind, organizationId ?? "") }), []);
}

/** Of the organization that the connection takes messages of. */
function exampleOf(kind: ConnectionKind, organizationId: string): string {
  if (kind === "salesforce") return SALESFORCE_MESSAGE.replace("00D000000000001EAA", organizationId);
  const bodies = { pipedrive: PIPEDRIVE_PERSON, woocommerce: WOOCOMMERCE_ORDER, json: JSON_EXAMPLE };
  return JSON.stringify(bodies[kind], undefined, INDENT);
}

async function show(visit: ServiceVisit, form: Form<"body">, tried: readonly Tried[]): Promise<Answer> {
  const { id, name } = await connectionIn(visit);
  const url = connectionPath(visit, id);
  return showTry(visit, {
    ...{ url: `${url}/try`, backUrl: url, name, form },
    tried: tried.map((one) => shown(visit, one)),
  });
}

function shown({ text }: ServiceVisit, tried: Tried): Shown {
  if (tried.kind === "left-out")
    return { why: text("connections.try.leftOut", { condition: tried.condition }), rows: [], content: undefined };
  if (tried.kind === "refused")
    return { why: text("connections.try.refused", { reason: tried.reason }), rows: [], content: undefined };
  const { recipient, event, isEmail, content, style, refusal } = tried;
  return {
    why: refusal === undefined ? undefined : text("connections.try.refused", { reason: refusal }),
    rows: [
      { key: text("connections.try.to"), text: recipient },
      ...(event === undefined ? [] : [{ key: text("connections.try.event"), text: event }]),
    ],
    content: isEmail
      ? shownSentEmail(content.subject, { body: content.body, banner: undefined })
      : shownText(content.body, style),
  };
}

async function attempt(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const connection = await connectionIn(visit);
  const values = readFields(visit, ["body"]);
  return submit({
    values,
    refusedAt: "body",
    act: async () =>
      show(visit, formOf(values), await tryConnection(app, { service, connection, pasted: values.body })),
    showAgain: (form) => show(visit, form, []),
  });
}
