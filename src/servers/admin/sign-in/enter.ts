/** The way in with a password: to the page that was asked for, or to the second step. */
import { impossible } from "../../../core/refusal.ts";
import { beginSignIn } from "../../../flow/people/sign-in.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { InvalidFields } from "../http/form.ts";
import type { Visit } from "../http/visit.ts";
import { suggest } from "../layout/suggestion.ts";
import { enter } from "./begin-session.ts";
import { beginSecondStep } from "./second-step.ts";

/**
 * Takes the password step and goes on, to `next` in the end. One and the same refusal, under `emailAddress`, whether the address, the
 * password or the account is at fault.
 */
export async function enterWithPassword(
  visit: Visit,
  credentials: { emailAddress: string; password: string },
  next: string,
): Promise<Answer> {
  const start = await beginSignIn(visit.people, { ...credentials, ip: visit.ipAddress });
  switch (start.kind) {
    case "signed-in":
      return redirect(next, { ...(await enter(visit, start.userId)), cookies: [suggest("second-factor")] });
    case "second-factor":
      return beginSecondStep(visit, start, next);
    case "refused":
      throw new InvalidFields({ emailAddress: visit.text("signIn.refused") });
    default:
      return impossible(start);
  }
}
