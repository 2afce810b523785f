/** What the pages of callbacks share: where they are, who may see them, and what an endpoint is told of. */
import { CALLBACK_KINDS, type CallbackKind, type Service } from "../../../records/services/service.ts";
import type { ServiceVisit } from "../http/visit.ts";

export const CALLBACKS = "/services/:sid/developers/callbacks";
export const MANAGES_KEYS = { permission: "manage_api_keys" } as const;

export function callbacksOf({ service }: Pick<ServiceVisit, "service">): string {
  return `/services/${service.id}/developers/callbacks`;
}

export function shownKinds({ text }: Pick<ServiceVisit, "text">, kinds: readonly CallbackKind[]): string {
  return kinds.map((kind) => text(`developers.callback.${kind}`)).join(", ");
}

const NEEDED = { "received-text": "inbound_sms", complaint: "email", "returned-letter": "letter" } as const;

/** What can happen in this service, and what the endpoint is told of already. */
export function kindsOffered({ permissions }: Service, chosen: readonly CallbackKind[]): CallbackKind[] {
  return CALLBACK_KINDS.filter(
    (kind) => kind === "delivery-receipt" || kind === "reach" || permissions.has(NEEDED[kind]) || chosen.includes(kind),
  );
}
