/** A request on its way to an endpoint, and what endpoints ask of it. */
import type { FastifyRequest } from "fastify";
import type { PrintTimetable } from "../../../core/letter/print-timetable.ts";
import type { Intake } from "../../../flow/intake/accept.ts";
import type { ApiWatch } from "../../../flow/keys/api-watch.ts";
import type { ApiKey, Service } from "../../../records/services/service.ts";
import { type CheckToken, KeyRefusal } from "../auth/check-token.ts";
import { checkPathId } from "../schema/read-requests.ts";
import type { Answer } from "./answer.ts";
import { getValid } from "./errors.ts";

export interface Api {
  intake: Intake;
  checkToken: CheckToken<Service>;
  /** As it was a moment ago. */
  printTimetable: () => Promise<PrintTimetable>;
  /** Takes note of what is asked, for those who look after a service's keys. */
  watch?: ApiWatch | undefined;
}

/** A request by anybody. */
export interface Visit {
  api: Api;
  request: FastifyRequest;
  /** Is told who is calling, once that is known. */
  onCaller?: (caller: Caller) => void;
}

/** Whose request it is, also where its key is no longer good for anything. */
export interface Caller {
  serviceId: string;
  apiKeyId: string;
  isLetIn: boolean;
}

/** A request by a service. */
export interface Call extends Visit {
  service: Service;
  key: ApiKey;
}

export type OpenEndpoint = (visit: Visit) => Promise<Answer> | Answer;
export type Endpoint = (call: Call) => Promise<Answer> | Answer;

/** Asks who is calling first, with the refusals of Notify's API. */
export function authenticated(endpoint: Endpoint): OpenEndpoint {
  return async ({ api, request, onCaller }) => {
    const { service, key } = await api
      .checkToken(request.headers.authorization, api.intake.clock.now(), request.ip)
      .catch((error) => tellRefused(error, onCaller));
    onCaller?.({ serviceId: service.id, apiKeyId: key.id, isLetIn: true });
    return endpoint({ api, request, service, key });
  };
}

function tellRefused(error: unknown, onCaller: Visit["onCaller"]): never {
  if (error instanceof KeyRefusal) {
    const { serviceId, keyId: apiKeyId } = error;
    onCaller?.({ serviceId, apiKeyId, isLetIn: false });
  }
  throw error;
}

/** Where links lead: as configured, else where the caller found us. */
export function originOf({ api, request }: Visit): string {
  return api.intake.origins.api ?? `${request.protocol}://${request.host}`;
}

/** Where links to files, and to a service's settings, lead. */
export function originsOf(visit: Visit): { documents: string; admin: string } {
  const { documents, admin } = visit.api.intake.origins;
  const here = originOf(visit);
  return { documents: documents ?? here, admin: admin ?? here };
}

export function pathParameter({ request }: Visit, name: string): string {
  return (request.params as Record<string, string>)[name] ?? "";
}

/** The id that stands as `:id` in the path; what is wrong with it is told under the name Notify's API has for it. */
export function pathId(visit: Visit, toldAs = "id"): string {
  return getValid(checkPathId(toldAs, pathParameter(visit, "id")));
}

export function queryOf({ request }: Visit): URLSearchParams {
  const start = request.url.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : request.url.slice(start + 1));
}
