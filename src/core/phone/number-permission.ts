/** May this service text this number? Decided from what the number is and what the service has been allowed. */
import { Refusal } from "../refusal.ts";
import type { PhoneNumber } from "./parse-phone-number.ts";

export interface NumberPermissions {
  /** May text abroad. */
  international: boolean;
  /** May text fixed lines at home. */
  landlines: boolean;
  /** A number abroad must say its country: none is guessed from its first digits. */
  requiresCountry: boolean;
}

export type PermissionVerdict = { kind: "allowed" } | { kind: "refused"; refusal: Refusal };

const HOME_PREFIX = "44";

/** Jersey, Guernsey and the Isle of Man share the code 44, so they need no permission though they are charged as abroad. */
export function numberPermission(number: PhoneNumber, permissions: NumberPermissions): PermissionVerdict {
  if (number.countryPrefix !== HOME_PREFIX && !permissions.international) {
    return refused(new Refusal("bad-request", "Cannot send to international mobile numbers"));
  }
  if (permissions.requiresCountry && !number.saysCountry) {
    const message = "Country code missing: begin a phone number abroad with + or 00";
    return refused(new Refusal("invalid-phone", message, { details: { reason: "country-missing" } }));
  }
  if (number.isLandline && !permissions.landlines) {
    return refused(new Refusal("invalid-phone", "Not a UK mobile number"));
  }
  return { kind: "allowed" };
}

function refused(refusal: Refusal): PermissionVerdict {
  return { kind: "refused", refusal };
}
