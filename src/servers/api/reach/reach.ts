/** /v2/reach: one person reached by several steps, with one result. */
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { Refusal } from "../../../core/refusal.ts";
import { onlyOnce } from "../../../flow/intake/idempotency.ts";
import { type Asked, cancelReach, confirmReach } from "../../../flow/reach/end-reach.ts";
import { reachAnswer } from "../../../flow/reach/present-reach.ts";
import { type ReachDetails, readReach, readReaches, readReachList } from "../../../flow/reach/read-reach.ts";
import { startReach } from "../../../flow/reach/start-reach.ts";
import { type Answer, jsonWithMoney } from "../http/answer.ts";
import { type Call, originOf, pathId, queryOf } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { pageLinks } from "../http/page-links.ts";
import { INVALID_JSON, readBody } from "../http/read-body.ts";
import { checkReachQuery, checkReachRequest } from "../schema/reach-requests.ts";
import { readIdempotency } from "../send/idempotency-key.ts";
import { namingRecipients } from "./contact-steps.ts";

const PAGE_SIZE = 50;

/** POST /v2/reach */
export async function postReach(call: Call): Promise<Answer> {
  const { service, key, api, request } = call;
  const { intake } = api;
  const bytes = await readBody(request.raw);
  const body = parseJsonBody(bytes);
  const send = { type: "reach", bytes, json: body };
  const idempotency = readIdempotency(intake.keys, request.headers["idempotency-key"], send);
  const makeNew = async () => {
    await intake.rateLimit.take(service, key.kind);
    if (body === undefined) throw new Refusal("bad-request", INVALID_JSON);
    const asked = checkReachRequest(await namingRecipients(call, body), intake.clock.now());
    return startReach(intake, { ...getValid(asked), service, key, idempotency });
  };
  if (idempotency === undefined) return show(call, 201, await makeNew());
  const once = { ...idempotency, service, keyKind: key.kind };
  const again = async ({ notificationId: id }: { notificationId: string }) => (await readReaches(intake.db, [id]))[0];
  return show(call, 201, await onlyOnce(intake, once, { makeNew, again }));
}

/** GET /v2/reach: those asked for with the same kind of key, newest first, a page at a time. */
export async function getReaches(call: Call): Promise<Answer> {
  const query = queryOf(call);
  const reaches = await readReachList(call.api.intake.db, {
    ...getValid(checkReachQuery(query)),
    ...{ serviceId: call.service.id, keyKind: call.key.kind, limit: PAGE_SIZE },
  });
  const links = pageLinks(`${originOf(call)}/v2/reach`, { query, repeatable: [], lastId: reaches.at(-1)?.reach.id });
  return jsonWithMoney(200, { reaches: reaches.map((details) => present(call, details)), links });
}

/** GET /v2/reach/{id} */
export async function getReach(call: Call): Promise<Answer> {
  return show(call, 200, await readReach(call.api.intake, asked(call)));
}

/** POST /v2/reach/{id}/confirmation: the person was reached, as whoever asked for it knows. */
export async function postConfirmation(call: Call): Promise<Answer> {
  return show(call, 200, await confirmReach(call.api.intake, asked(call)));
}

/** POST /v2/reach/{id}/cancellation */
export async function postReachCancellation(call: Call): Promise<Answer> {
  return show(call, 200, await cancelReach(call.api.intake, asked(call)));
}

function asked(call: Call): Required<Asked> {
  return { serviceId: call.service.id, keyKind: call.key.kind, id: pathId(call) };
}

function show(call: Call, status: number, details: ReachDetails): Answer {
  return jsonWithMoney(status, present(call, details));
}

function present(call: Call, details: ReachDetails) {
  const origin = originOf(call);
  const { steps, ...reach } = reachAnswer(details);
  return {
    ...reach,
    steps: steps.map(({ notification, ...step }) => ({
      ...step,
      notification: notification && { ...notification, uri: `${origin}/v2/notifications/${notification.id}` },
    })),
    uri: `${origin}/v2/reach/${reach.id}`,
  };
}
