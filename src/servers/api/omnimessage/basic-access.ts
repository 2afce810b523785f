/** Who is asking, by a user's name and password (RFC 7617): the service's id, and one of its API keys, whole or only its secret. */
import { Refusal } from "../../../core/refusal.ts";
import { plainKeyByPassword } from "../../../flow/keys/plain-key.ts";
import { authenticated, type Endpoint, type OpenEndpoint } from "../http/call.ts";

const BASIC = /^basic +([\w+/=-]+)$/i;

/** The key is checked as the API checks it in a token's place: revoked, expired or from elsewhere it is refused. */
export function withBasicAccess(endpoint: Endpoint): OpenEndpoint {
  const asBearer = authenticated(endpoint);
  return (visit) => {
    const { headers } = visit.request;
    headers.authorization = `Bearer ${plainKeyOf(headers.authorization)}`;
    return asBearer(visit);
  };
}

function plainKeyOf(authorization: string | undefined): string {
  const [, encoded] = BASIC.exec(authorization ?? "") ?? [];
  const [, username = "", password = ""] = /^([^:]*):(.*)$/s.exec(decoded(encoded)) ?? [];
  const key = plainKeyByPassword(username, password);
  if (key) return `basic-${key.serviceId}-${key.secret}`;
  throw new Refusal("unauthenticated", "The user name is a service's id, and the password one of its API keys");
}

function decoded(encoded = ""): string {
  return Buffer.from(encoded, "base64").toString();
}
