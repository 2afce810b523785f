/**
 * What a text or an email costs, as the API shows it: before free allowances, and with every amount's decimal point.
 *
 *     costOf({ channel: "sms", status: "delivered", fragments: 2, rateMultiplier: 1, createdAt })
 *       → { isCostDataReady: true, costInPounds: 0.048, costDetails: { billableSmsFragments: 2, … } }
 */
import type { Status } from "../delivery/statuses.ts";
import type { JsonNumber } from "../json/json-value.ts";
import { type Decimal, decimal, times, toJsonNumber } from "./decimal.ts";
import { smsRateOn } from "./sms-rates.ts";

export interface BillableSms {
  channel: "sms";
  status: Status;
  /** 0 until a provider has been asked to carry it. */
  fragments: number;
  rateMultiplier: number;
  createdAt: Date;
}

export interface BillableEmail {
  channel: "email";
}

export interface SmsCostDetails {
  billableSmsFragments: number;
  internationalRateMultiplier: JsonNumber;
  smsRate: JsonNumber;
}

export interface Cost {
  isCostDataReady: boolean;
  costInPounds: JsonNumber | null;
  /** Undefined when there is nothing to tell, which the API shows as `{}`. */
  costDetails: SmsCostDetails | undefined;
}

const NOTHING = decimal("0.0");
const ONE = decimal("1.0");

export function costOf(notification: BillableSms | BillableEmail): Cost {
  if (notification.channel === "email") return EMAIL_COST;
  return isAwaitingFirstAttempt(notification) ? UNKNOWN_COST : smsCost(notification);
}

const EMAIL_COST: Cost = { isCostDataReady: true, costInPounds: toJsonNumber(NOTHING), costDetails: undefined };
const UNKNOWN_COST: Cost = { isCostDataReady: false, costInPounds: null, costDetails: undefined };

function isAwaitingFirstAttempt({ status, fragments }: BillableSms): boolean {
  return status === "created" && fragments === 0;
}

function smsCost(sms: BillableSms): Cost {
  const rate = smsRateOn(sms.createdAt);
  return {
    isCostDataReady: true,
    costInPounds: toJsonNumber(chargedPounds(sms, rate)),
    costDetails: {
      billableSmsFragments: sms.fragments,
      internationalRateMultiplier: toJsonNumber(times(ONE, sms.rateMultiplier)),
      smsRate: toJsonNumber(rate),
    },
  };
}

/** Nobody pays for our own failures, though an attempt had counted the fragments. */
function chargedPounds({ status, fragments, rateMultiplier }: BillableSms, rate: Decimal): Decimal {
  return status === "technical-failure" ? NOTHING : times(rate, fragments * rateMultiplier);
}
