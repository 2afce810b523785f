/** Whether this key of this service may send to this recipient. */
import { channels } from "../../core/channels/channels.ts";
import { numberPermission } from "../../core/phone/number-permission.ts";
import { Refusal } from "../../core/refusal.ts";
import { blindIndex } from "../../platform/sealing.ts";
import { type Channel, mayUse, type Service } from "../../records/services/service.ts";
import type { AppKeys } from "../app.ts";
import { normalisedRecipient } from "./recipient.ts";
import { keyKindOf, type Recipient, type SendRequest } from "./send-request.ts";
import { isSimulated } from "./simulated.ts";

const TEAM_ONLY = "Can’t send to this recipient using a team-only API key";
const TRIAL_MODE =
  "Can’t send to this recipient when service is in trial mode – see https://www.notifications.service.gov.uk/trial-mode";

/** A suspended service sends nothing, and any other only what it has switched on. */
export function refuseIfMayNotSend(service: Service, channel: Channel): void {
  if (service.suspendedAt !== undefined)
    throw new Refusal("forbidden", "This service is suspended: ask those who run this Pennypost");
  if (!mayUse(service, channel))
    throw new Refusal("bad-request", `Service is not allowed to send ${channels[channel].plural}`);
}

/** A team key sends to the team and the guest list; so does a live key while its service is in trial mode. Test keys send to nobody. */
export function refuseIfNotAllowed(keys: AppKeys, request: SendRequest): void {
  const { service, recipient } = request;
  const kind = keyKindOf(request);
  const isRestricted = kind === "team" || (kind === "live" && service.isTrial);
  if (!isRestricted || isSimulated(recipient) || isOfTeam(keys, service, recipient)) return;
  throw new Refusal("bad-request", kind === "team" ? TEAM_ONLY : TRIAL_MODE);
}

/** Whether a recipient is in the service's team or on its guest list. */
export function isOfTeam(keys: AppKeys, service: Service, recipient: Recipient): boolean {
  return service.allowedRecipients.has(blindIndex(keys.searchIndex, normalisedRecipient(recipient)).toString("hex"));
}

/** Letters go to anyone or nobody: a letter has no guest list. */
export function refuseIfNoLetters({ service, key }: Pick<SendRequest, "service" | "key">): void {
  const kind = keyKindOf({ key });
  if (kind === "team") throw new Refusal("forbidden", "Cannot send letters with a team api key");
  if (kind === "live" && service.isTrial)
    throw new Refusal("forbidden", "Cannot send letters when service is in trial mode");
}

/** Numbers abroad and fixed lines need the service's permission. */
export function refuseIfNumberNotPermitted({ service, recipient }: Pick<SendRequest, "service" | "recipient">): void {
  if (recipient.channel !== "sms") return;
  const verdict = numberPermission(recipient.number, {
    international: mayUse(service, "international_sms"),
    landlines: mayUse(service, "sms_to_uk_landlines"),
    requiresCountry: service.requiresCountry,
  });
  if (verdict.kind === "refused") throw verdict.refusal;
}
