/** /v2/suppressions: whom the service does not send to any more. Kept from test keys, which know nobody. */
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { Refusal } from "../../../core/refusal.ts";
import {
  addSuppressions,
  findSuppressionsOf,
  getSuppression as getKept,
  readSuppressions,
  releaseSuppression,
} from "../../../flow/suppressions/suppression-list.ts";
import type { Suppression } from "../../../records/suppressions/suppression.ts";
import { type Answer, json } from "../http/answer.ts";
import { type Call, originOf, pathId, queryOf } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { pageLinks } from "../http/page-links.ts";
import { INVALID_JSON, readBody } from "../http/read-body.ts";
import { timestamp } from "../http/timestamp.ts";
import {
  checkSuppressedRequest,
  checkSuppressionsQuery,
  checkSuppressionsRequest,
} from "../schema/suppression-requests.ts";

const PAGE_SIZE = 250;

/** POST /v2/suppressions: 201 where one was added, 200 where all were there. */
export async function postSuppressions(call: Call): Promise<Answer> {
  const { intake } = call.api;
  const { isMany, asked } = getValid(checkSuppressionsRequest(await readAsked(call)));
  const source = { kind: "api-key", id: call.key.id } as const;
  const wishes = asked.map((one) => ({ ...one, source }));
  const { added } = await addSuppressions(intake, actorOf(call), { service: call.service, wishes });
  const recipients = asked.map(({ recipient }) => recipient);
  const entries = await findSuppressionsOf(intake, call.service, recipients);
  const presented = entries.flatMap((entry) => (entry ? [present(call, entry)] : []));
  const [first] = presented;
  return json(added > 0 ? 201 : 200, isMany ? { added, suppressions: presented } : first);
}

/** GET /v2/suppressions: newest first, a page at a time. */
export async function getSuppressions(call: Call): Promise<Answer> {
  refuseTestKey(call);
  const query = queryOf(call);
  const { channel, older_than: olderThan } = getValid(checkSuppressionsQuery(query));
  const page = { channel, olderThan, limit: PAGE_SIZE };
  const entries = await readSuppressions(call.api.intake, call.service, page);
  const url = `${originOf(call)}/v2/suppressions`;
  const links = pageLinks(url, { query, repeatable: [], lastId: entries.at(-1)?.id });
  return json(200, { suppressions: entries.map((entry) => present(call, entry)), links });
}

/** GET /v2/suppressions/{id} */
export async function getSuppression(call: Call): Promise<Answer> {
  refuseTestKey(call);
  return json(200, present(call, await getKept(call.api.intake, call.service, pathId(call))));
}

/** DELETE /v2/suppressions/{id}: may be sent to again. */
export async function deleteSuppression(call: Call): Promise<Answer> {
  const { intake } = call.api;
  refuseTestKey(call);
  const id = pathId(call);
  await intake.rateLimit.take(call.service, call.key.kind);
  await releaseSuppression(intake, actorOf(call), { service: call.service, id });
  return { status: 204, contentType: "application/json", body: "" };
}

/** POST /v2/suppressions/check: by a body, so that no recipient stands in an address. */
export async function checkSuppressed(call: Call): Promise<Answer> {
  const { recipient } = getValid(checkSuppressedRequest(await readAsked(call)));
  const [entry] = await findSuppressionsOf(call.api.intake, call.service, [recipient]);
  return json(200, { is_suppressed: entry !== undefined, suppression: entry ? present(call, entry) : null });
}

async function readAsked(call: Call) {
  refuseTestKey(call);
  await call.api.intake.rateLimit.take(call.service, call.key.kind);
  const body = parseJsonBody(await readBody(call.request.raw));
  if (body === undefined) throw new Refusal("bad-request", INVALID_JSON);
  return body;
}

function refuseTestKey({ key }: Call): void {
  if (key.kind === "test") throw new Refusal("forbidden", "Cannot use the suppression list with a test api key");
}

function actorOf({ key, request }: Call) {
  return { userId: `API key ${key.name}`, ip: request.ip };
}

function present(call: Call, { id, channel, recipient, reason, sourceKind, createdAt }: Suppression) {
  return {
    id,
    channel,
    phone_number: channel === "sms" ? `+${recipient}` : null,
    email_address: channel === "email" ? recipient : null,
    reason,
    source: sourceKind,
    created_at: timestamp(createdAt),
    uri: `${originOf(call)}/v2/suppressions/${id}`,
  };
}
