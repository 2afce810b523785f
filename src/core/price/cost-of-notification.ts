/** What a notification costs as far as is known, from what is kept of it. */
import type { Status } from "../delivery/statuses.ts";
import type { Postage } from "../letter/postage.ts";
import { impossible } from "../refusal.ts";
import { billableFragments } from "./billable-fragments.ts";
import { type Cost, costOf } from "./cost-of.ts";
import type { HomeMoney } from "./home-money.ts";

export interface KeptNotification {
  channel: "sms" | "email" | "letter" | "chat";
  status: Status;
  fragments: number;
  attempts: number;
  rateMultiplier: number;
  /** Of one fragment, where the price list had one; of a chat message. */
  unitPrice?: string | undefined;
  /** Sent with a test key. */
  isTest: boolean;
  createdAt: Date;
  /** Of letters. */
  letter: KeptLetter | undefined;
}

export interface KeptLetter {
  postage: Postage;
  /** Undefined until its PDF has been made, or has passed its checks. */
  sheets: number | undefined;
}

export function costOfNotification(kept: KeptNotification, home: HomeMoney): Cost {
  const { channel, letter } = kept;
  switch (channel) {
    case "email":
      return costOf({ channel }, home);
    case "chat":
      return costOf({ ...kept, channel }, home);
    case "sms":
      return costOf({ ...kept, channel, fragments: billableFragments(kept) }, home);
    case "letter":
      if (!letter) throw new Error("what is kept of a letter is missing");
      return costOf({ ...kept, channel, postage: letter.postage, sheets: billableSheets(kept, letter) }, home);
    default:
      return impossible(channel);
  }
}

/** Nobody prints a test, so it has nothing to pay for. */
function billableSheets({ isTest }: KeptNotification, { sheets = 0 }: KeptLetter): number {
  return isTest ? 0 : sheets;
}
