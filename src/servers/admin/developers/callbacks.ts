/** `/services/:sid/developers/callbacks`: where a service's systems are told what happens, tried out, and what was told. */

import { Refusal } from "../../../core/refusal.ts";
import { removeCallback, saveCallback, type TestedCallback, testCallback } from "../../../flow/keys/callbacks.ts";
import { replayAttempt } from "../../../flow/messages/replay-callback.ts";
import { type LoggedAttempt, listCallbackAttempts } from "../../../records/callbacks/callback-log-store.ts";
import { type CallbackKind, callbackOf, type Service } from "../../../records/services/service.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

/** Letters are not sent yet, so none comes back. */
const KINDS = ["delivery-receipt", "received-text", "complaint"] as const satisfies readonly CallbackKind[];
type ShownKind = (typeof KINDS)[number];

const ATTEMPTS_PER_PAGE = 25;
const MESSAGE_PAGE = "/services/:sid/messages/:nid";
const FIELDS = ["url", "bearerToken", "renewsSecret"] as const;
type Field = (typeof FIELDS)[number];

interface CallbackRow {
  kind: ShownKind;
  url: string | undefined;
}

interface AttemptRow extends Omit<LoggedAttempt, "httpStatus" | "problem"> {
  /** The status, or why there was none. */
  answer: string;
  messageUrl: string | undefined;
}

interface Overview {
  serviceId: string;
  callbacks: readonly CallbackRow[];
  attempts: readonly AttemptRow[];
  onlyFailed: boolean;
  isFirst: boolean;
  olderThan: string | undefined;
  form: Form<"log">;
}

const showCallbacks = page<Overview>("developers/callbacks.njk");
const showCallback = page<{ serviceId: string; kind: ShownKind; isSet: boolean; form: Form<Field> }>(
  "developers/callback.njk",
);
const showSecret = page<{ serviceId: string; signingSecret: string }>("developers/callback-secret.njk");
const showTest = page<{ serviceId: string; kind: ShownKind; url: string; words: string; isTaken: boolean }>(
  "developers/callback-test.njk",
);
const showRemove = page<{ serviceId: string; kind: ShownKind; url: string }>("developers/remove-callback.njk");

const CALLBACKS = "/services/:sid/developers/callbacks";
const who = { permission: "manage_api_keys" } as const;

export const callbackRoutes: readonly Route[] = [
  route({ method: "GET", url: CALLBACKS, who, handler: list }),
  route({ method: "POST", url: `${CALLBACKS}/attempts/:aid/replay`, who, handler: replay }),
  route({ method: "GET", url: `${CALLBACKS}/:kind`, who, handler: askForCallback }),
  route({ method: "POST", url: `${CALLBACKS}/:kind`, who, handler: save }),
  route({ method: "POST", url: `${CALLBACKS}/:kind/test`, who, handler: test }),
  route({ method: "GET", url: `${CALLBACKS}/:kind/remove`, who, handler: askToRemove }),
  route({ method: "POST", url: `${CALLBACKS}/:kind/remove`, who, handler: remove }),
];

function list(visit: ServiceVisit): Promise<Answer> {
  return showOverview(visit, formOf({ log: "" }));
}

async function showOverview(visit: ServiceVisit, form: Form<"log">): Promise<Answer> {
  const { app, service, query } = visit;
  const onlyFailed = query.get("show") === "failed";
  const olderThan = asId(query.get("older-than"));
  const filter = { serviceId: service.id, onlyFailed, olderThan, limit: ATTEMPTS_PER_PAGE };
  const attempts = await listCallbackAttempts(app.db, filter);
  return showCallbacks(visit, {
    serviceId: service.id,
    callbacks: kindsFor(service).map((kind) => ({ kind, url: callbackOf(service, kind)?.url })),
    attempts: attempts.map((attempt) => rowOf(visit, attempt)),
    onlyFailed,
    isFirst: olderThan === undefined,
    olderThan: attempts.length === ATTEMPTS_PER_PAGE ? attempts.at(-1)?.id : undefined,
    form,
  });
}

/** Only services that receive texts, or once did, are told of them. */
function kindsFor(service: Service): ShownKind[] {
  const receives = service.permissions.has("inbound_sms");
  return KINDS.filter((kind) => kind !== "received-text" || receives || callbackOf(service, kind) !== undefined);
}

function rowOf({ service, admin, may }: ServiceVisit, attempt: LoggedAttempt): AttemptRow {
  const { httpStatus, problem, ...row } = attempt;
  const isAboutMessage = attempt.kind !== "received-text";
  const mayOpen = admin.urls.has(MESSAGE_PAGE) && (may("view_activity") || may("send_messages"));
  return {
    ...row,
    answer: httpStatus === undefined ? (problem ?? "") : String(httpStatus),
    messageUrl: isAboutMessage && mayOpen ? `/services/${service.id}/messages/${attempt.subjectId}` : undefined,
  };
}

/** Refused when there is nothing left to tell: said above the log. */
async function replay(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  return submit({
    values: { log: "" },
    refusedAt: "log",
    act: async () => {
      await replayAttempt(app, actorOf(visit), { serviceId: service.id, attemptId: idIn(visit, "aid") });
      return redirect(callbacksOf(visit), { flash: text("developers.log.replayed") });
    },
    showAgain: (form) => showOverview(visit, form),
  });
}

function askForCallback(visit: ServiceVisit): Answer {
  const kind = kindIn(visit);
  const url = callbackOf(visit.service, kind)?.url ?? "";
  return showCallbackWith(visit, kind, formOf({ url, bearerToken: "", renewsSecret: "" }));
}

function showCallbackWith(visit: ServiceVisit, kind: ShownKind, form: Form<Field>): Answer {
  const { service } = visit;
  return showCallback(visit, { serviceId: service.id, kind, isSet: callbackOf(service, kind) !== undefined, form });
}

async function save(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const kind = kindIn(visit);
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "url",
    act: async () => {
      const form = {
        ...{ kind, url: values.url },
        bearerToken: values.bearerToken.trim() || undefined,
        renewsSecret: values.renewsSecret === "yes",
      };
      const { signingSecret } = await saveCallback(app, actorOf(visit), { service, form });
      // In the answer to the form itself: the secret is in no address, and cannot be fetched again.
      if (signingSecret !== undefined) return showSecret(visit, { serviceId: service.id, signingSecret });
      return redirect(callbacksOf(visit), { flash: text("developers.callbacks.saved") });
    },
    // What was typed as a token is not sent back.
    showAgain: (form) => showCallbackWith(visit, kind, { ...form, values: { ...form.values, bearerToken: "" } }),
  });
}

async function test(visit: ServiceVisit): Promise<Answer> {
  const { app, admin, service } = visit;
  const kind = kindIn(visit);
  const callback = callbackOf(service, kind);
  if (!callback) return redirect(callbacksOf(visit));
  const tested = await testCallback({ ...app, outbound: admin.outbound }, actorOf(visit), { service, kind });
  const isTaken = tested.kind === "answered" && tested.isTaken;
  return showTest(visit, { serviceId: service.id, kind, url: callback.url, words: wordsFor(visit, tested), isTaken });
}

function wordsFor({ text }: ServiceVisit, tested: TestedCallback): string {
  if (tested.kind === "not-reached") return text("developers.test.notReached", { problem: tested.problem });
  const { isTaken, status, durationMs: ms } = tested;
  return text(isTaken ? "developers.test.taken" : "developers.test.refused", { status, ms });
}

function askToRemove(visit: ServiceVisit): Answer {
  const kind = kindIn(visit);
  const callback = callbackOf(visit.service, kind);
  if (!callback) return redirect(callbacksOf(visit));
  return showRemove(visit, { serviceId: visit.service.id, kind, url: callback.url });
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await removeCallback(app, actorOf(visit), { service, kind: kindIn(visit) });
  return redirect(callbacksOf(visit), { flash: text("developers.callbacks.removed") });
}

function kindIn({ params }: ServiceVisit): ShownKind {
  const kind = KINDS.find((one) => one === params["kind"]);
  if (!kind) throw new Refusal("not-found", "There is no such kind of callback");
  return kind;
}

function callbacksOf({ service }: ServiceVisit): string {
  return `/services/${service.id}/developers/callbacks`;
}
