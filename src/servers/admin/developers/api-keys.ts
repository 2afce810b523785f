/** `/services/:sid/developers/keys`: API keys, each shown once, replaced and revoked. */

import { Refusal } from "../../../core/refusal.ts";
import { createKey, listKeys, type MadeKey, revokeKey, rotateKey, setKeyTerms } from "../../../flow/keys/api-keys.ts";
import { findKey, type ListedApiKey } from "../../../records/api-keys/api-key-page-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { KINDS, type KindChoice, kindsFor } from "./key-kinds.ts";

/** Long enough to change over in a week's release. */
const OVERLAP_DAYS = "7";
const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

const TERMS_FIELDS = ["expiresAt", "allowedNetworks"] as const;
const NEW_KEY_FIELDS = ["name", "kind", ...TERMS_FIELDS] as const;
type TermsField = (typeof TERMS_FIELDS)[number];
type NewKeyField = (typeof NEW_KEY_FIELDS)[number];

const showKeys = page<{
  serviceId: string;
  keys: readonly ListedApiKey[];
  revoked: readonly ListedApiKey[];
  mayCreate: boolean;
}>("developers/keys.njk");
const showNew = page<{ serviceId: string; form: Form<NewKeyField>; kinds: readonly KindChoice[] }>(
  "developers/new-key.njk",
);
const showMade = page<{ serviceId: string; name: string; key: string }>("developers/made-key.njk");
const showTerms = page<{ serviceId: string; key: ListedApiKey; form: Form<TermsField> }>("developers/key-terms.njk");
const showRotate = page<{ serviceId: string; key: ListedApiKey; form: Form<"overlapDays"> }>(
  "developers/rotate-key.njk",
);
const showRevoke = page<{ serviceId: string; key: ListedApiKey }>("developers/revoke-key.njk");

const KEYS = "/services/:sid/developers/keys";
const who = { permission: "manage_api_keys" } as const;
/** A platform administrator who looks in never holds a service's key. */
const maker = { permission: "manage_api_keys", membersOnly: true } as const;

export const keyRoutes: readonly Route[] = [
  route({ method: "GET", url: KEYS, who, handler: list }),
  route({ method: "GET", url: `${KEYS}/new`, who: maker, handler: askForNew }),
  route({ method: "POST", url: `${KEYS}/new`, who: maker, handler: create }),
  route({ method: "GET", url: `${KEYS}/:kid/terms`, who, handler: askForTerms }),
  route({ method: "POST", url: `${KEYS}/:kid/terms`, who, handler: saveTerms }),
  route({ method: "GET", url: `${KEYS}/:kid/rotate`, who: maker, handler: askToRotate }),
  route({ method: "POST", url: `${KEYS}/:kid/rotate`, who: maker, handler: rotate }),
  route({ method: "GET", url: `${KEYS}/:kid/revoke`, who, handler: askToRevoke }),
  route({ method: "POST", url: `${KEYS}/:kid/revoke`, who, handler: revoke }),
];

async function list(visit: ServiceVisit): Promise<Answer> {
  const { app, service, isMember, now } = visit;
  const keys = await listKeys(app, service.id);
  return showKeys(visit, {
    serviceId: service.id,
    keys: keys.filter((key) => isInUse(key, now)),
    revoked: keys.filter((key) => !isInUse(key, now)),
    mayCreate: isMember,
  });
}

function isInUse({ revokedAt, expiresAt }: ListedApiKey, now: Date): boolean {
  return revokedAt === undefined && (expiresAt === undefined || expiresAt > now);
}

function askForNew(visit: ServiceVisit): Answer {
  return showNewWith(visit, formOf({ name: "", kind: "", expiresAt: "", allowedNetworks: "" }));
}

function showNewWith(visit: ServiceVisit, form: Form<NewKeyField>): Answer {
  return showNew(visit, { serviceId: visit.service.id, form, kinds: kindsFor(visit) });
}

async function create(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, NEW_KEY_FIELDS);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      const kind = KINDS.find((one) => one === values.kind);
      refuseIfInvalid({ kind: !kind && text("developers.newKey.chooseKind"), ...dateError(visit, values.expiresAt) });
      const key = { name: values.name, kind: kind ?? "test", ...termsIn(values) };
      return showOnce(visit, key.name, await createKey(app, actorOf(visit), { service, key }));
    },
    showAgain: (form) => showNewWith(visit, form),
  });
}

/** The answer to the form itself, so that the secret is in no address and is kept nowhere to be fetched from. */
function showOnce(visit: ServiceVisit, name: string, made: MadeKey): Answer {
  return showMade(visit, { serviceId: visit.service.id, name, key: made.key });
}

async function askForTerms(visit: ServiceVisit): Promise<Answer> {
  const key = await getKeyInUse(visit);
  const values = { expiresAt: lastDayOf(key), allowedNetworks: key.allowedNetworks.join("\n") };
  return showTerms(visit, { serviceId: visit.service.id, key, form: formOf(values) });
}

async function saveTerms(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const key = await getKeyInUse(visit);
  const values = readFields(visit, TERMS_FIELDS);
  return submit({
    values,
    refusedAt: "expiresAt",
    act: async () => {
      refuseIfInvalid(dateError(visit, values.expiresAt));
      await setKeyTerms(app, actorOf(visit), { serviceId: service.id, keyId: key.id, terms: termsIn(values) });
      return redirect(keysOf(visit), { flash: text("developers.terms.saved") });
    },
    showAgain: (form) => showTerms(visit, { serviceId: service.id, key, form }),
  });
}

async function askToRotate(visit: ServiceVisit): Promise<Answer> {
  const key = await getKeyInUse(visit);
  return showRotate(visit, { serviceId: visit.service.id, key, form: formOf({ overlapDays: OVERLAP_DAYS }) });
}

async function rotate(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const key = await getKeyInUse(visit);
  const values = readFields(visit, ["overlapDays"]);
  return submit({
    values,
    refusedAt: "overlapDays",
    act: async () => {
      const overlapDays = values.overlapDays.trim() === "" ? Number.NaN : Number(values.overlapDays);
      return showOnce(visit, key.name, await rotateKey(app, actorOf(visit), { service, keyId: key.id, overlapDays }));
    },
    showAgain: (form) => showRotate(visit, { serviceId: service.id, key, form }),
  });
}

async function askToRevoke(visit: ServiceVisit): Promise<Answer> {
  return showRevoke(visit, { serviceId: visit.service.id, key: await getKeyInUse(visit) });
}

async function revoke(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await revokeKey(app, actorOf(visit), { serviceId: service.id, keyId: idIn(visit, "kid") });
  return redirect(keysOf(visit), { flash: text("developers.revoke.done") });
}

async function getKeyInUse(visit: ServiceVisit): Promise<ListedApiKey> {
  const key = await findKey(visit.app.db, visit.service.id, idIn(visit, "kid"));
  if (!key || !isInUse(key, visit.now)) throw new Refusal("not-found", "There is no such key in use");
  return key;
}

function keysOf({ service }: ServiceVisit): string {
  return `/services/${service.id}/developers/keys`;
}

/** A key holds to the end of its last day, which is where the next begins (UTC). */
function termsIn(values: Record<TermsField, string>): { expiresAt: Date | undefined; allowedNetworks: string[] } {
  const day = values.expiresAt.trim();
  return {
    expiresAt: day === "" ? undefined : new Date(Date.parse(day) + DAY_MS),
    allowedNetworks: values.allowedNetworks.split(/\s+/).filter(Boolean),
  };
}

function lastDayOf({ expiresAt }: ListedApiKey): string {
  return expiresAt ? new Date(expiresAt.getTime() - 1).toISOString().slice(0, 10) : "";
}

function dateError({ text, now }: ServiceVisit, typed: string): Record<string, string | false> {
  const day = typed.trim();
  const isRight = day === "" || (DATE.test(day) && !Number.isNaN(Date.parse(day)));
  const example = `${now.getUTCFullYear() + 1}-01-31`;
  return { expiresAt: !isRight && text("developers.newKey.expiresWrong", { example }) };
}
