/** `/sign-in/verify`: the second step, by any of the factors that the user has. */
import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import { impossible } from "../../../core/refusal.ts";
import { finishWithApp } from "../../../flow/people/authenticator-app.ts";
import { sendSignInLink } from "../../../flow/people/email-links.ts";
import { beginPasskeySignIn, finishWithPasskey } from "../../../flow/people/passkeys.ts";
import { finishWithRecoveryCode } from "../../../flow/people/recovery-codes.ts";
import type { FactorAnswer } from "../../../flow/people/sign-in.ts";
import { finishWithCode, sendSignInCode } from "../../../flow/people/text-codes.ts";
import { type FactorKind, listFactors } from "../../../records/sign-in/factor-store.ts";
import { whereOf } from "../http/actor.ts";
import { type Answer, jsonAnswer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, refuseIfInvalid, submit, type Values } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { SecondFactorVisit, Visit } from "../http/visit.ts";
import { beginSession, enter } from "./begin-session.ts";
import { lockedPage } from "./locked.ts";
import { nextPage, rememberNext } from "./next-page.ts";
import { parsePasskey } from "./parse-passkey.ts";

const VERIFY = "/sign-in/verify";
const CODES = `${VERIFY}/codes`;
const LINKS = `${VERIFY}/links`;
const PASSKEY_OPTIONS = `${VERIFY}/passkey-options`;

/** The surest first: it is what is asked for unless another is chosen. */
const FACTORS: readonly FactorKind[] = ["passkey", "app", "text", "email-link", "recovery-code"];
/** For these something is sent, so they are chosen with a form. */
const SENT_FROM: Partial<Record<FactorKind, string>> = { text: CODES, "email-link": LINKS };

type Field = "code" | "passkey";
/** Of a link by email there is nothing to fill in here. */
type FilledIn = Exclude<FactorKind, "email-link">;

interface Choice {
  kind: FactorKind;
  text: string;
  /** One of the two: a page to open, or where a form is sent. */
  href: string | undefined;
  action: string | undefined;
}

interface StepPage {
  by: FactorKind;
  next: string;
  form: Form<Field>;
  others: readonly Choice[];
}

const showStep = page<StepPage>("sign-in/second-step.njk");

export const secondStepRoutes: readonly Route[] = [
  route({ method: "GET", url: VERIFY, who: "password-given", handler: askForFactor }),
  route({ method: "POST", url: VERIFY, who: "password-given", handler: finish }),
  route({ method: "POST", url: CODES, who: "password-given", handler: sendCode }),
  route({ method: "POST", url: LINKS, who: "password-given", handler: sendLink }),
  route({ method: "POST", url: PASSKEY_OPTIONS, who: "password-given", handler: passkeyOptions }),
];

/** After the password: to the surest factor, with what that one waits for sent. */
export async function beginSecondStep(
  visit: Visit,
  { userId, factors }: { userId: string; factors: readonly FactorKind[] },
  next: string,
): Promise<Answer> {
  const by = inOrder(factors)[0] ?? "text";
  const session = await beginSession(visit, { userId, stage: "password-given" });
  if (by === "text") await sendSignInCode(visit.people, userId);
  if (by === "email-link") await sendSignInLink(visit.people, userId, whereOf(visit));
  return redirect(stepUrl(by, next), { session, cookies: [rememberNext(next)] });
}

async function askForFactor(visit: SecondFactorVisit): Promise<Answer> {
  const factors = await factorsOf(visit);
  const asked = factors.find((kind) => kind === visit.query.get("by"));
  const next = nextPage(visit.query.get("next"));
  return show(visit, { by: asked ?? factors[0] ?? "text", next, form: formOf({ code: "", passkey: "" }) });
}

async function show(visit: SecondFactorVisit, shown: Omit<StepPage, "others">): Promise<Answer> {
  const factors = await factorsOf(visit);
  const others = factors.filter((kind) => kind !== shown.by).map((kind) => choiceOf(visit, kind, shown.next));
  return showStep(visit, { ...shown, others });
}

function choiceOf({ text }: Visit, kind: FactorKind, next: string): Choice {
  const action = SENT_FROM[kind];
  return { kind, text: text(`secondStep.choose.${kind}`), action, href: action ? undefined : stepUrl(kind, next) };
}

async function finish(visit: SecondFactorVisit): Promise<Answer> {
  const values = readFields(visit, ["code", "passkey"]);
  const fields = readFields(visit, ["by", "next"]);
  const [by, next] = [filledIn(fields.by), nextPage(fields.next)];
  return submit<Field>({
    values,
    refusedAt: fieldOf(by),
    act: () => finishBy(visit, { by, values, next }),
    showAgain: (form) => show(visit, { by, next, form }),
  });
}

interface Attempt {
  by: FilledIn;
  values: Values<Field>;
  next: string;
}

async function finishBy(visit: SecondFactorVisit, attempt: Attempt): Promise<Answer> {
  const { text } = visit;
  const { by, values, next } = attempt;
  refuseIfInvalid({ [fieldOf(by)]: values[fieldOf(by)].trim() === "" && text(`secondStep.missing.${by}`) });
  const answer = await judge(visit, attempt);
  switch (answer.kind) {
    case "signed-in":
      return redirect(next, await enter(visit, answer.userId));
    case "wrong":
      throw new InvalidFields({ [fieldOf(by)]: text(`secondStep.wrong.${by}`) });
    case "expired":
      throw new InvalidFields({
        [fieldOf(by)]: text(by === "passkey" ? "secondStep.wrong.passkey" : "secondStep.expired"),
      });
    case "locked":
      return lockedPage(visit);
    default:
      return impossible(answer);
  }
}

function judge(visit: SecondFactorVisit, { by, values }: Attempt): Promise<FactorAnswer> {
  const { people, ipAddress: ip, origin } = visit;
  const given = { userId: visit.visitor.session.userId, code: values.code, ip };
  switch (by) {
    case "text":
      return finishWithCode(people, given);
    case "app":
      return finishWithApp(people, given);
    case "recovery-code":
      return finishWithRecoveryCode(people, given);
    case "passkey": {
      const response = parsePasskey<AuthenticationResponseJSON>(values.passkey);
      if (!response) throw new InvalidFields({ passkey: visit.text("secondStep.wrong.passkey") });
      return finishWithPasskey(people, { userId: given.userId, response, ip, origin });
    }
    default:
      return impossible(by);
  }
}

async function sendCode(visit: SecondFactorVisit): Promise<Answer> {
  await sendSignInCode(visit.people, visit.visitor.session.userId);
  return toSent(visit, "text");
}

async function sendLink(visit: SecondFactorVisit): Promise<Answer> {
  await sendSignInLink(visit.people, visit.visitor.session.userId, whereOf(visit));
  return toSent(visit, "email-link");
}

function toSent(visit: SecondFactorVisit, kind: "text" | "email-link"): Answer {
  const next = nextPage(readFields(visit, ["next"]).next);
  const flash = visit.text(`secondStep.sent.${kind}`);
  return redirect(stepUrl(kind, next), { flash, cookies: [rememberNext(next)] });
}

async function passkeyOptions({ people, visitor, origin }: SecondFactorVisit): Promise<Answer> {
  return jsonAnswer(await beginPasskeySignIn(people, visitor.session.userId, { origin }));
}

async function factorsOf({ app, visitor }: SecondFactorVisit): Promise<FactorKind[]> {
  return inOrder(await listFactors(app.db, visitor.session.userId));
}

function inOrder(factors: readonly FactorKind[]): FactorKind[] {
  return FACTORS.filter((kind) => factors.includes(kind));
}

function stepUrl(by: FactorKind, next: string): string {
  return `${VERIFY}?${new URLSearchParams({ by, next })}`;
}

function filledIn(by: string): FilledIn {
  const kind = FACTORS.find((factor) => factor === by);
  return kind === undefined || kind === "email-link" ? "text" : kind;
}

function fieldOf(by: FactorKind): Field {
  return by === "passkey" ? "passkey" : "code";
}
