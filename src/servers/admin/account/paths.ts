/** The ways back to the account's first page. */
import type { Text, TextKey } from "../catalogue/text.ts";
import { type Answer, redirect } from "../http/answer.ts";
import type { Visit } from "../http/visit.ts";

export const ACCOUNT = "/account";
export const SECOND_FACTORS = "/account/second-factors";
/** Where a code is given that shows that texts arrive. */
export const TEXT_CODE = `${SECOND_FACTORS}/text/code`;

type Said = Extract<TextKey, `account.${string}.changed` | `accountFactors.${string}.changed`>;

export function toAccount(text: Text): { text: string; href: string } {
  return { text: text("account.cancel"), href: ACCOUNT };
}

export function toFactors(text: Text): { text: string; href: string } {
  return { text: text("account.cancel"), href: SECOND_FACTORS };
}

/** Back to the account, where it says what has changed. */
export function changed(visit: Visit, said: Said): Answer {
  return redirect(ACCOUNT, { flash: visit.text(said) });
}

export function factorChanged(visit: Visit, said: Said): Answer {
  return redirect(SECOND_FACTORS, { flash: visit.text(said) });
}
