/** A recipient follows the unsubscribe link of an email. */

import type { Service } from "../records/services/service.ts";
import { keepUnsubscribeRequest } from "../records/unsubscribe-requests/unsubscribe-request-store.ts";
import type { App } from "./app.ts";
import { suppressObjector } from "./suppressions/suppress-objector.ts";
import { parseUnsubscribeToken, type UnsubscribeToken } from "./unsubscribe-link.ts";

/** What the address of a link holds. */
export interface FollowedLink {
  notificationId: string;
  token: string;
}

export type LinkChecked =
  | { kind: "valid"; service: Service; said: UnsubscribeToken }
  /** Changed, or more than a year old. */
  | { kind: "invalid" }
  /** Made for another email, or by a service that is no more. */
  | { kind: "unknown" };

/** Whether a link is one of ours, and still good. */
export async function checkUnsubscribeLink(
  app: Pick<App, "keys" | "clock" | "services">,
  { notificationId, token }: FollowedLink,
): Promise<LinkChecked> {
  const said = parseUnsubscribeToken(app, token);
  if (!said) return { kind: "invalid" };
  const service = said.notificationId === notificationId ? await app.services.find(said.serviceId) : undefined;
  return service ? { kind: "valid", service, said } : { kind: "unknown" };
}

/** Keeps the request for the service to act on, and acts on it where the service wants that; what it resolves with is durable. */
export async function unsubscribe(
  app: Pick<App, "db" | "keys" | "clock" | "services">,
  link: FollowedLink,
): Promise<LinkChecked> {
  const checked = await checkUnsubscribeLink(app, link);
  if (checked.kind !== "valid") return checked;
  const { service, said } = checked;
  const { notificationId, recipient } = said;
  await app.db.transaction(async (tx) => {
    await keepUnsubscribeRequest(tx, service, said);
    const objected = { serviceId: service.id, recipient: () => recipient };
    await suppressObjector(app, tx, { ...objected, reason: "unsubscribed", notificationId });
  });
  app.services.forget(service.id);
  return checked;
}
