/** What a file can say of the installation as a whole. */
import { parsePound } from "../../flow/money/home-currency.ts";
import { AUDIT_DAYS_MAX, AUDIT_DAYS_MIN } from "../../records/deployment/audit-period.ts";
import { REPEAT_LIMIT_MAX } from "../../records/deployment/repeat-limits.ts";
import { CURRENCY } from "./declare-money.ts";
import { integer, object, optional, parsed } from "./read.ts";

/** Of the installation, or of one service. */
export const REPEAT_GUARD = object({
  same_per_hour: optional(integer(0, REPEAT_LIMIT_MAX)),
  any_per_hour: optional(integer(0, REPEAT_LIMIT_MAX)),
});

export const INSTALLATION = object({
  repeat_guard: optional(REPEAT_GUARD),
  /** What it charges in; `pound`: what one pound is in it, in quotes, unless it is pounds. */
  currency: optional(CURRENCY),
  pound: optional(parsed(parsePound, 'must be what one pound is in the currency, in quotes, such as "1.15"')),
  audit_days: optional(integer(AUDIT_DAYS_MIN, AUDIT_DAYS_MAX)),
});

export type DeclaredInstallation = ReturnType<typeof INSTALLATION>;
