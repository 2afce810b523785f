/** Addresses of the pages of connections, who may open them, and the page that shows a secret. */
import { type ConnectionKind, PRESETS, type Proof } from "../../../core/connections/connection-kind.ts";
import { getConnection, type MadeConnection } from "../../../flow/connections/change-connections.ts";
import { USERNAME } from "../../../flow/connections/take-call.ts";
import type { Connection } from "../../../records/connections/connection.ts";
import type { Answer } from "../http/answer.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import type { ServiceVisit } from "../http/visit.ts";

export const CONNECTIONS = "/services/:sid/settings/connections";
export const WHO = { permission: "manage_api_keys" } as const;
/** A platform administrator who looks in never holds a service's secret. */
export const MAKER = { permission: "manage_api_keys", membersOnly: true } as const;

interface Made {
  url: string;
  proof: Proof;
  /** For Salesforce with the secret in it. */
  address: string;
  username: string;
  secret: string;
  setUp: string;
}

const showSecret = page<Made>("connections/made.njk");

export function connectionsPath({ service }: ServiceVisit): string {
  return `/services/${service.id}/settings/connections`;
}

export function connectionPath(visit: ServiceVisit, id: string): string {
  return `${connectionsPath(visit)}/${id}`;
}

export function connectionIn(visit: ServiceVisit): Promise<Connection> {
  return getConnection(visit.app, { serviceId: visit.service.id, id: idIn(visit, "cid") });
}

/** What the other product is to call; where the secret belongs into it, that is left out. */
export function addressOf({ app, origin }: ServiceVisit, { id, kind }: Pick<Connection, "id" | "kind">): string {
  const address = `${app.origins.api ?? origin}/connections/${id}`;
  return PRESETS[kind].proof === "address" ? `${address}/…` : address;
}

/** The answer to the form itself, so that the secret is in no address of ours and is kept nowhere to be fetched from. */
export function showMade(visit: ServiceVisit, { id, kind, secret }: MadeConnection & { kind: ConnectionKind }): Answer {
  const { proof } = PRESETS[kind];
  return showSecret(visit, {
    ...{ url: connectionPath(visit, id), proof, username: USERNAME, secret },
    address: addressOf(visit, { id, kind }).replace("…", secret),
    setUp: visit.text(`connections.setUp.${kind}`),
  });
}
