/** `/services/:sid/developers/smpp`: accounts with which a service's systems bind over SMPP. Each password is shown once. */
import {
  createSmppAccount,
  getInUse,
  type MadeSmppAccount,
  replaceSmppPassword,
  revokeSmppAccount,
  setSmppTerms,
  suggestSystemId,
} from "../../../flow/keys/smpp-accounts.ts";
import type { KeyKind } from "../../../records/services/service.ts";
import { type ListedSmppAccount, type SmppTerms, USUAL_TERMS } from "../../../records/smpp-accounts/smpp-account.ts";
import { listSmppAccounts } from "../../../records/smpp-accounts/smpp-account-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { KINDS, type KindChoice, kindsFor } from "./key-kinds.ts";

const TERMS_FIELDS = [
  "allowedNetworks",
  "bindsMax",
  "windowMax",
  "ratePerSecond",
  "takesReplies",
  "defaultAlphabet",
] as const;
const NEW_FIELDS = ["systemId", "kind", ...TERMS_FIELDS] as const;
type TermsField = (typeof TERMS_FIELDS)[number];
type NewField = (typeof NEW_FIELDS)[number];

const showList = page<{ serviceId: string; accounts: readonly ListedSmppAccount[]; mayCreate: boolean }>(
  "developers/smpp-accounts.njk",
);
const showNew = page<{ serviceId: string; form: Form<NewField>; kinds: readonly KindChoice[] }>(
  "developers/new-smpp-account.njk",
);
const showMade = page<{ serviceId: string; made: MadeSmppAccount }>("developers/made-smpp-account.njk");
const showTerms = page<{ serviceId: string; account: ListedSmppAccount; form: Form<TermsField> }>(
  "developers/smpp-terms.njk",
);
const showReplace = page<{ serviceId: string; account: ListedSmppAccount }>("developers/replace-smpp-password.njk");
const showRevoke = page<{ serviceId: string; account: ListedSmppAccount }>("developers/revoke-smpp-account.njk");

const SMPP = "/services/:sid/developers/smpp";
const who = { permission: "manage_api_keys" } as const;
/** A platform administrator who looks in never holds a service's password. */
const maker = { permission: "manage_api_keys", membersOnly: true } as const;

export const smppAccountRoutes: readonly Route[] = [
  route({ method: "GET", url: SMPP, who, handler: list }),
  route({ method: "GET", url: `${SMPP}/new`, who: maker, handler: askForNew }),
  route({ method: "POST", url: `${SMPP}/new`, who: maker, handler: create }),
  route({ method: "GET", url: `${SMPP}/:account/terms`, who, handler: askForTerms }),
  route({ method: "POST", url: `${SMPP}/:account/terms`, who, handler: saveTerms }),
  route({ method: "GET", url: `${SMPP}/:account/password`, who: maker, handler: askToReplace }),
  route({ method: "POST", url: `${SMPP}/:account/password`, who: maker, handler: replacePassword }),
  route({ method: "GET", url: `${SMPP}/:account/revoke`, who, handler: askToRevoke }),
  route({ method: "POST", url: `${SMPP}/:account/revoke`, who, handler: revoke }),
];

async function list(visit: ServiceVisit): Promise<Answer> {
  const { app, service, isMember } = visit;
  const accounts = await listSmppAccounts(app.db, service.id);
  return showList(visit, { serviceId: service.id, accounts, mayCreate: isMember });
}

function askForNew(visit: ServiceVisit): Answer {
  const systemId = suggestSystemId(visit.service.name);
  return showNewWith(visit, formOf({ systemId, kind: "", ...fieldsOf(USUAL_TERMS) }));
}

function showNewWith(visit: ServiceVisit, form: Form<NewField>): Answer {
  return showNew(visit, { serviceId: visit.service.id, form, kinds: kindsFor(visit) });
}

async function create(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, NEW_FIELDS);
  return submit({
    values,
    refusedAt: "systemId",
    act: async () => {
      const kind = KINDS.find((one) => one === values.kind);
      refuseIfInvalid({ kind: !kind && text("developers.newKey.chooseKind") });
      const form = { systemId: values.systemId, kind: (kind ?? "test") satisfies KeyKind, terms: termsIn(values) };
      return showOnce(visit, await createSmppAccount(app, actorOf(visit), { service, form }));
    },
    showAgain: (form) => showNewWith(visit, form),
  });
}

/** The answer to the form itself, so that the password is in no address and is kept nowhere to be fetched from. */
function showOnce(visit: ServiceVisit, made: MadeSmppAccount): Answer {
  return showMade(visit, { serviceId: visit.service.id, made });
}

async function askForTerms(visit: ServiceVisit): Promise<Answer> {
  const account = await accountIn(visit);
  return showTerms(visit, { serviceId: visit.service.id, account, form: formOf(fieldsOf(account)) });
}

async function saveTerms(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const account = await accountIn(visit);
  const values = readFields(visit, TERMS_FIELDS);
  return submit({
    values,
    refusedAt: "allowedNetworks",
    act: async () => {
      const wish = { serviceId: service.id, id: account.id, terms: termsIn(values) };
      await setSmppTerms(app, actorOf(visit), wish);
      return redirect(listOf(visit), { flash: text("smppAccounts.terms.saved") });
    },
    showAgain: (form) => showTerms(visit, { serviceId: service.id, account, form }),
  });
}

async function askToReplace(visit: ServiceVisit): Promise<Answer> {
  return showReplace(visit, { serviceId: visit.service.id, account: await accountIn(visit) });
}

async function replacePassword(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const wish = { serviceId: service.id, id: idIn(visit, "account") };
  return showOnce(visit, await replaceSmppPassword(app, actorOf(visit), wish));
}

async function askToRevoke(visit: ServiceVisit): Promise<Answer> {
  return showRevoke(visit, { serviceId: visit.service.id, account: await accountIn(visit) });
}

async function revoke(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await revokeSmppAccount(app, actorOf(visit), { serviceId: service.id, id: idIn(visit, "account") });
  return redirect(listOf(visit), { flash: text("smppAccounts.revoke.done") });
}

function accountIn(visit: ServiceVisit): Promise<ListedSmppAccount> {
  return getInUse(visit.app, visit.service.id, idIn(visit, "account"));
}

function listOf({ service }: ServiceVisit): string {
  return `/services/${service.id}/developers/smpp`;
}

function fieldsOf(terms: SmppTerms): Record<TermsField, string> {
  return {
    allowedNetworks: terms.allowedNetworks.join("\n"),
    bindsMax: String(terms.bindsMax),
    windowMax: String(terms.windowMax),
    ratePerSecond: String(terms.ratePerSecond),
    takesReplies: terms.takesReplies ? "yes" : "no",
    defaultAlphabet: terms.defaultAlphabet,
  };
}

function termsIn(values: Record<TermsField, string>): SmppTerms {
  return {
    allowedNetworks: values.allowedNetworks.split(/\s+/).filter(Boolean),
    bindsMax: numberIn(values.bindsMax),
    windowMax: numberIn(values.windowMax),
    ratePerSecond: numberIn(values.ratePerSecond),
    takesReplies: values.takesReplies === "yes",
    defaultAlphabet: values.defaultAlphabet === "latin1" ? "latin1" : "gsm7",
  };
}

function numberIn(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}
