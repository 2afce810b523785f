/**
 * What a text, an email, a letter or a chat message costs, as the API shows it: before free allowances, and with every amount's decimal point.
 *
 *     costOf({ channel: "sms", status: "delivered", fragments: 2, rateMultiplier: 1, createdAt })
 *       → { isCostDataReady: true, cost: 0.048, costDetails: { billableSmsFragments: 2, … } }
 */
import type { Status } from "../delivery/statuses.ts";
import type { JsonNumber } from "../json/json-value.ts";
import type { Postage } from "../letter/postage.ts";
import { impossible } from "../refusal.ts";
import { type Decimal, decimal, times, toJsonNumber } from "./decimal.ts";
import { atHome, type HomeMoney } from "./home-money.ts";
import { letterRateOn } from "./letter-rates.ts";
import { smsRateOn } from "./sms-rates.ts";

export interface BillableSms {
  channel: "sms";
  status: Status;
  /** 0 until a provider has been asked to carry it. */
  fragments: number;
  rateMultiplier: number;
  /** Of one fragment, where the price list had one: "0.041". */
  unitPrice?: string | undefined;
  createdAt: Date;
}

export interface BillableLetter {
  channel: "letter";
  status: Status;
  postage: Postage;
  /** 0 until its PDF has been made or has passed its checks, and for letters that are not charged for. */
  sheets: number;
  createdAt: Date;
}

export interface BillableChat {
  channel: "chat";
  status: Status;
  /** As it was priced when it was accepted; undefined: it costs nothing. */
  unitPrice?: string | undefined;
}

export interface BillableEmail {
  channel: "email";
}

export interface SmsCostDetails {
  billableSmsFragments: number;
  internationalRateMultiplier: JsonNumber;
  smsRate: JsonNumber;
}

export interface LetterCostDetails {
  billableSheetsOfPaper: number;
  postage: Postage;
}

export interface Cost {
  isCostDataReady: boolean;
  /** In the home's currency; null while it is not known. */
  cost: JsonNumber | null;
  /** Undefined when there is nothing to tell, which the API shows as `{}`. */
  costDetails: SmsCostDetails | LetterCostDetails | undefined;
}

const NOTHING = decimal("0.0");
const ONE = decimal("1.0");

/** Letters that nobody prints, and nobody pays for. */
export const UNPRINTED: readonly Status[] = [
  "cancelled",
  "technical-failure",
  "validation-failed",
  "virus-scan-failed",
];

/** Chat messages that no app was given, or that failed through us. */
const UNSENT: readonly Status[] = ["cancelled", "technical-failure"];

export function costOf(
  notification: BillableSms | BillableEmail | BillableLetter | BillableChat,
  home: HomeMoney,
): Cost {
  switch (notification.channel) {
    case "email":
      return EMAIL_COST;
    case "sms":
      return isAwaitingFirstAttempt(notification) ? UNKNOWN_COST : smsCost(notification, home);
    case "chat":
      return chatCost(notification);
    case "letter":
      return isAwaitingPdf(notification) ? UNKNOWN_COST : letterCost(notification, home);
    default:
      return impossible(notification);
  }
}

const EMAIL_COST: Cost = { isCostDataReady: true, cost: toJsonNumber(NOTHING), costDetails: undefined };
const UNKNOWN_COST: Cost = { isCostDataReady: false, cost: null, costDetails: undefined };

function isAwaitingFirstAttempt({ status, fragments }: BillableSms): boolean {
  return status === "created" && fragments === 0;
}

function smsCost(sms: BillableSms, home: HomeMoney): Cost {
  const listed = sms.unitPrice === undefined ? undefined : decimal(sms.unitPrice);
  // A listed price is that of the country: the multiplier is in it.
  const multiplier = listed ? 1 : sms.rateMultiplier;
  const rate = listed ?? atHome(smsRateOn(sms.createdAt), home);
  return {
    isCostDataReady: true,
    cost: toJsonNumber(chargedFor(sms, times(rate, multiplier))),
    costDetails: {
      billableSmsFragments: sms.fragments,
      internationalRateMultiplier: toJsonNumber(times(ONE, multiplier)),
      smsRate: toJsonNumber(rate),
    },
  };
}

/** Nobody pays for our own failures, though an attempt had counted the fragments. */
function chargedFor({ status, fragments }: BillableSms, rate: Decimal): Decimal {
  return status === "technical-failure" ? NOTHING : times(rate, fragments);
}

/** Every message costs the same in its app, whatever its length. */
function chatCost({ status, unitPrice }: BillableChat): Cost {
  const cost = unitPrice === undefined || UNSENT.includes(status) ? NOTHING : decimal(unitPrice);
  return { isCostDataReady: true, cost: toJsonNumber(cost), costDetails: undefined };
}

function isAwaitingPdf({ status, sheets }: BillableLetter): boolean {
  return status === "pending-virus-check" || (status === "created" && sheets === 0);
}

function letterCost({ status, postage, sheets, createdAt }: BillableLetter, home: HomeMoney): Cost {
  const billableSheetsOfPaper = UNPRINTED.includes(status) ? 0 : sheets;
  const cost =
    billableSheetsOfPaper === 0 ? NOTHING : letterRateOn(createdAt, { postage, sheets: billableSheetsOfPaper }, home);
  return {
    isCostDataReady: true,
    cost: toJsonNumber(cost),
    costDetails: { billableSheetsOfPaper, postage },
  };
}
