/** Callbacks of a service, set up and tried out by people. The signing secret is shown once; the bearer token never again. */
import { Refusal } from "../../core/refusal.ts";
import { checkCallbackUrl, type Outbound } from "../../platform/http.ts";
import { newId } from "../../platform/ids.ts";
import { newWebhookSecret, signWebhook } from "../../platform/webhook-signature.ts";
import { removeCallback as removeCallbackRow, replaceCallback } from "../../records/callbacks/callback-store.ts";
import { type CallbackKind, callbackOf, type Service } from "../../records/services/service.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, refuseProblems } from "../form-refusal.ts";

const TOKEN_MIN_CHARACTERS = 10;
const TOKEN_MAX_CHARACTERS = 1_000;
/** What an HTTP header carries (RFC 9110 §5.5): Latin-1 without control characters. */
const HEADER_TEXT = /^[\x20-\x7e\xa0-\xff]+$/;
const TEST_TIMEOUT_MS = 5_000;
const TEST_ANSWER_MAX_BYTES = 1_024;

type Keeper = Pick<App, "db" | "services" | "callbackNetworks">;

export interface CallbackForm {
  kind: CallbackKind;
  url: string;
  /** Undefined: the one that was kept, for a page that does not show it. */
  bearerToken: string | undefined;
  /** Makes another signing secret. */
  renewsSecret: boolean;
}

/** Answers the signing secret when it is new, to be shown this once. */
export async function saveCallback(
  app: Keeper,
  actor: Actor,
  { service, form }: { service: Service; form: CallbackForm },
): Promise<{ signingSecret: string | undefined }> {
  const { kind } = form;
  const url = form.url.trim();
  const current = callbackOf(service, kind);
  const bearerToken = form.bearerToken ?? current?.bearerToken ?? "";
  refuseProblems([...urlProblems(url, app.callbackNetworks), ...tokenProblems(bearerToken)]);
  const isNewSecret = form.renewsSecret || current === undefined;
  const signingSecret = isNewSecret ? newWebhookSecret() : current.signingSecret;
  await app.db.transaction(async (tx) => {
    const owner = { serviceId: service.id, dataKey: service.dataKey };
    await replaceCallback(tx, owner, { id: newId(), kind, url, bearerToken, signingSecret });
    const after = { url, hasNewToken: bearerToken !== current?.bearerToken, hasNewSecret: isNewSecret };
    const before = current && { url: current.url };
    await recordDeed(tx, actor, { serviceId: service.id, action: "callback.saved", subject: kind, before, after });
  });
  app.services.forget(service.id);
  return { signingSecret: isNewSecret ? signingSecret : undefined };
}

/** A second time changes nothing. */
export async function removeCallback(
  app: Keeper,
  actor: Actor,
  { service, kind }: { service: Service; kind: CallbackKind },
): Promise<void> {
  const current = callbackOf(service, kind);
  if (!current) return;
  await app.db.transaction(async (tx) => {
    await removeCallbackRow(tx, service.id, kind);
    const before = { url: current.url };
    await recordDeed(tx, actor, { serviceId: service.id, action: "callback.removed", subject: kind, before });
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
  { service, kind }: { service: Service; kind: CallbackKind },
): Promise<TestedCallback> {
  const callback = callbackOf(service, kind);
  if (!callback) throw new Refusal("bad-request", "Set up the callback before you test it");
  const at = app.clock.now();
  const body = JSON.stringify(exampleOf(kind, at));
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
  await app.db.transaction((tx) =>
    recordDeed(tx, actor, { serviceId: service.id, action: "callback.tested", subject: kind, after: { status } }),
  );
  if (answer.kind === "answered")
    return {
      kind: "answered",
      status: answer.status,
      isTaken: answer.status >= 200 && answer.status < 300,
      durationMs,
    };
  return { kind: "not-reached", problem: answer.kind === "timeout" ? "no answer in time" : answer.reason, durationMs };
}

/** With ids that belong to nothing, and a number kept for drama. */
function exampleOf(kind: CallbackKind, at: Date): Record<string, unknown> {
  const moment = at.toISOString().replace(/Z$/, "000Z");
  if (kind === "received-text") {
    const message = "This is a test of your callback";
    return {
      id: newId(),
      message,
      source_number: "447700900001",
      destination_number: "07700900002",
      date_received: moment,
    };
  }
  const about = { notification_id: newId(), reference: "test" };
  if (kind === "complaint") return { ...about, complaint_id: newId(), to: "test@example.org", complaint_date: moment };
  return {
    id: about.notification_id,
    reference: about.reference,
    to: "07700900001",
    status: "delivered",
    created_at: moment,
    completed_at: moment,
    sent_at: moment,
    notification_type: "sms",
    template_id: newId(),
    template_version: 1,
  };
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
