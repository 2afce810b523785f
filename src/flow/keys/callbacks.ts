/** Endpoints that a service is told at, set up and tried out by people. The signing secret is shown once; the bearer token never again. */
import { Refusal } from "../../core/refusal.ts";
import { checkCallbackUrl, type Outbound } from "../../platform/http.ts";
import { newId } from "../../platform/ids.ts";
import { newWebhookSecret, signWebhook } from "../../platform/webhook-signature.ts";
import {
  ENDPOINTS_MAX,
  listCallbacks,
  removeCallback as removeCallbackRow,
  replaceCallback,
} from "../../records/callbacks/callback-store.ts";
import { forgetFailures, resumeCallback } from "../../records/callbacks/failing-callback-store.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import type { Callback, CallbackKind, Service } from "../../records/services/service.ts";
import { lockService } from "../../records/services/team-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, refuseProblems } from "../form-refusal.ts";
import { exampleOf } from "./callback-examples.ts";

const TOKEN_MIN_CHARACTERS = 10;
const TOKEN_MAX_CHARACTERS = 1_000;
/** What an HTTP header carries (RFC 9110 §5.5): Latin-1 without control characters. */
const HEADER_TEXT = /^[\x20-\x7e\xa0-\xff]+$/;
const TEST_TIMEOUT_MS = 5_000;
const TEST_ANSWER_MAX_BYTES = 1_024;

type Keeper = Pick<App, "db" | "services" | "callbackNetworks">;

export interface CallbackForm {
  /** Undefined for another endpoint. */
  endpointId: string | undefined;
  kinds: readonly CallbackKind[];
  url: string;
  /** Undefined: the one that was kept, for a page that does not show it. */
  bearerToken: string | undefined;
  /** Makes another signing secret. */
  renewsSecret: boolean;
}

/** Answers the signing secret when it is new, to be shown this once. An endpoint that was paused is told again. */
export async function saveCallback(
  app: Keeper,
  actor: Actor,
  { service, form }: { service: Service; form: CallbackForm },
): Promise<{ endpointId: string; signingSecret: string | undefined }> {
  const { kinds } = form;
  const url = form.url.trim();
  const current = form.endpointId === undefined ? undefined : getEndpoint(service, form.endpointId);
  const bearerToken = form.bearerToken ?? current?.bearerToken ?? "";
  const others = service.callbacks.filter((one) => one !== current);
  refuseProblems([
    ...kindProblems(kinds),
    ...urlProblems(url, app.callbackNetworks),
    ...tokenProblems(bearerToken),
    ...otherProblems(others, url),
  ]);
  const isNewSecret = form.renewsSecret || current === undefined;
  const signingSecret = isNewSecret ? newWebhookSecret() : current.signingSecret;
  const endpointId = current?.endpointId ?? newId();
  await app.db.transaction(async (tx) => {
    const owner = { serviceId: service.id, dataKey: service.dataKey };
    await lockService(tx, service.id);
    await replaceCallback(tx, owner, { id: newId(), endpointId, kinds, url, bearerToken, signingSecret });
    if ((await listCallbacks(tx, owner)).length > ENDPOINTS_MAX) refuseProblems(TOO_MANY);
    const after = { url, kinds, hasNewToken: bearerToken !== current?.bearerToken, hasNewSecret: isNewSecret };
    const before = current && { url: current.url, kinds: current.kinds };
    const subject = subjectOf(endpointId);
    await recordDeed(tx, actor, { serviceId: service.id, action: "callback.saved", subject, before, after });
  });
  app.services.forget(service.id);
  return { endpointId, signingSecret: isNewSecret ? signingSecret : undefined };
}

/** Refuses one that the service does not have. */
export function getEndpoint(service: Service, endpointId: string): Callback {
  const endpoint = service.callbacks.find((one) => one.endpointId === endpointId);
  if (endpoint) return endpoint;
  throw new Refusal("not-found", "There is no such endpoint");
}

function subjectOf(endpointId: string): string {
  return `endpoint ${endpointId}`;
}

/** A second time changes nothing. */
export async function removeCallback(
  app: Keeper,
  actor: Actor,
  { service, endpointId }: { service: Service; endpointId: string },
): Promise<void> {
  const current = service.callbacks.find((one) => one.endpointId === endpointId);
  if (!current) return;
  await app.db.transaction(async (tx) => {
    await removeCallbackRow(tx, service.id, endpointId);
    const before = { url: current.url, kinds: current.kinds };
    const subject = subjectOf(endpointId);
    await recordDeed(tx, actor, { serviceId: service.id, action: "callback.removed", subject, before });
  });
  app.services.forget(service.id);
}

/** An endpoint that was paused because it failed is told again. A second time changes nothing. */
export async function resumeEndpoint(
  app: Keeper,
  actor: Actor,
  { service, endpointId }: { service: Service; endpointId: string },
): Promise<void> {
  const { id, url } = getEndpoint(service, endpointId);
  await app.db.transaction(async (tx) => {
    if (!(await resumeCallback(tx, service.id, endpointId))) return;
    await forgetFailures(tx, id);
    const subject = subjectOf(endpointId);
    await recordDeed(tx, actor, { serviceId: service.id, action: "callback.resumed", subject, after: { url } });
  });
  app.services.forget(service.id);
}

export type TestedCallback =
  | { kind: "answered"; status: number; isTaken: boolean; durationMs: number }
  /** In plain words. */
  | { kind: "not-reached"; problem: string; durationMs: number };

/** Posts an example as a true callback would be, signed and with its token, and says what came back. Nothing is retried. */
export async function testCallback(
  app: Pick<App, "db" | "clock"> & { outbound: Outbound },
  actor: Actor,
  { service, endpointId, kind }: { service: Service; endpointId: string; kind: CallbackKind },
): Promise<TestedCallback> {
  const callback = getEndpoint(service, endpointId);
  const at = app.clock.now();
  const { currency } = await getHomeMoney(app.db);
  const body = exampleOf(kind, { at, currency });
  const headers = {
    "content-type": "application/json",
    "user-agent": "Pennypost",
    authorization: `Bearer ${callback.bearerToken}`,
    ...signWebhook([callback.signingSecret], { id: newId(), at, body }),
  };
  const startedAtMs = performance.now();
  const limits = { timeoutMs: TEST_TIMEOUT_MS, maxBytes: TEST_ANSWER_MAX_BYTES };
  const answer = await app.outbound.post(callback.url, body, { headers, ...limits });
  const durationMs = Math.round(performance.now() - startedAtMs);
  const status = answer.kind === "answered" ? answer.status : undefined;
  const deed = { action: "callback.tested", subject: subjectOf(endpointId), after: { kind, status } };
  await app.db.transaction((tx) => recordDeed(tx, actor, { serviceId: service.id, ...deed }));
  if (answer.kind === "answered")
    return {
      kind: "answered",
      status: answer.status,
      isTaken: answer.status >= 200 && answer.status < 300,
      durationMs,
    };
  return { kind: "not-reached", problem: answer.kind === "timeout" ? "no answer in time" : answer.reason, durationMs };
}

function kindProblems(kinds: readonly CallbackKind[]): FieldProblem[] {
  if (kinds.length > 0) return [];
  return [{ field: "kinds", problem: "kinds-missing", message: "Choose what it is told of" }];
}

const TOO_MANY = [
  { field: "url", problem: "endpoints-many", message: `A service has up to ${ENDPOINTS_MAX} endpoints: remove one` },
];

/** One address has one endpoint: else it would have to know which of two secrets signed what. */
function otherProblems(others: readonly Callback[], url: string): FieldProblem[] {
  if (!others.some((other) => other.url === url)) return [];
  return [
    { field: "url", problem: "url-taken", message: "There is an endpoint with this URL: change what it is told of" },
  ];
}

function urlProblems(url: string, networks: readonly string[]): FieldProblem[] {
  if (url === "") return [{ field: "url", problem: "url-missing", message: "Enter a URL" }];
  const message = checkCallbackUrl(url, networks);
  return message === undefined ? [] : [{ field: "url", problem: "url-wrong", message }];
}

function tokenProblems(token: string): FieldProblem[] {
  const problem = (code: string, message: string) => [{ field: "bearerToken", problem: code, message }];
  if (token.length < TOKEN_MIN_CHARACTERS)
    return problem("token-too-short", `The bearer token must have ${TOKEN_MIN_CHARACTERS} characters or more`);
  if (token.length > TOKEN_MAX_CHARACTERS)
    return problem("token-too-long", `The bearer token must have ${TOKEN_MAX_CHARACTERS} characters or fewer`);
  return HEADER_TEXT.test(token) ? [] : problem("token-wrong", "The bearer token has a character that cannot be sent");
}
