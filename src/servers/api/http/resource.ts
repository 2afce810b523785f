/**
 * Puts endpoints on the server, one path at a time, with what Notify's API does around them: a wrong method is refused before anyone
 * asks who is calling, HEAD is GET without a body, OPTIONS names the methods.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type { AnsweredRequest } from "../../../flow/keys/api-watch.ts";
import { parseUuid } from "../schema/uuid.ts";
import { type Answer, withHeaders } from "./answer.ts";
import { type Api, authenticated, type Caller, type Endpoint, type OpenEndpoint, type Visit } from "./call.ts";
import { answerError, unknownUrl, wrongMethod } from "./errors.ts";
import { CallerGone } from "./read-body.ts";
import { redirectToOneSlash, strayPath } from "./stray-path.ts";
import { writeAnswer } from "./write-answer.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

type Methods<E> = { GET?: E; POST?: E; PUT?: E; PATCH?: E; DELETE?: E };

/** A path that asks who is calling. */
export function serviceResource(
  server: FastifyInstance,
  api: Api,
  resource: { path: string } & Methods<Endpoint>,
): void {
  const { path, GET, POST, PUT, PATCH, DELETE } = resource;
  const options = authenticated(() => emptyAnswer(allowedMethods(resource)));
  register(server, api, {
    path,
    allow: allowedMethods(resource),
    endpoints: methodTable(
      {
        ...(GET && { GET: authenticated(GET) }),
        ...(POST && { POST: authenticated(POST) }),
        ...(PUT && { PUT: authenticated(PUT) }),
        ...(PATCH && { PATCH: authenticated(PATCH) }),
        ...(DELETE && { DELETE: authenticated(DELETE) }),
      },
      options,
    ),
  });
}

/** A path for anybody. */
export function openResource(
  server: FastifyInstance,
  api: Api,
  resource: { path: string } & Methods<OpenEndpoint>,
): void {
  const allow = allowedMethods(resource);
  register(server, api, {
    path: resource.path,
    allow,
    endpoints: methodTable(resource, () => emptyAnswer(allow)),
  });
}

/** Addresses below a prefix that nothing answers at. */
export function refuseUnknownPaths(server: FastifyInstance, api: Api): void {
  server.setNotFoundHandler((request, reply) => {
    answerWith(api, () => unknownUrl(), { request, reply });
  });
}

function allowedMethods({ GET, POST, PUT, PATCH, DELETE }: Methods<unknown>): string {
  const reading = GET ? ["GET", "HEAD"] : [];
  const writing = [...(PATCH ? ["PATCH"] : []), ...(POST ? ["POST"] : []), ...(PUT ? ["PUT"] : [])];
  return [...(DELETE ? ["DELETE"] : []), ...reading, "OPTIONS", ...writing].join(", ");
}

function emptyAnswer(allow: string): Answer {
  return withHeaders({ status: 200, contentType: "text/html; charset=utf-8", body: "" }, "Allow", allow);
}

function methodTable(
  { GET, POST, PUT, PATCH, DELETE }: Methods<OpenEndpoint>,
  options: OpenEndpoint,
): Map<HTTPMethods, OpenEndpoint> {
  const table = new Map<HTTPMethods, OpenEndpoint>([["OPTIONS", options]]);
  if (GET) table.set("GET", GET).set("HEAD", GET);
  if (POST) table.set("POST", POST);
  if (PUT) table.set("PUT", PUT);
  if (PATCH) table.set("PATCH", PATCH);
  if (DELETE) table.set("DELETE", DELETE);
  return table;
}

interface Registration {
  path: string;
  allow: string;
  endpoints: ReadonlyMap<HTTPMethods, OpenEndpoint>;
}

function register(server: FastifyInstance, api: Api, { path, allow, endpoints }: Registration): void {
  for (const method of METHODS) {
    const endpoint = endpoints.get(method) ?? (() => wrongMethod(allow));
    server.route({
      method,
      url: path,
      exposeHeadRoute: false,
      // Answered in the first hook: what comes after it would judge the body by the type it claims to have.
      onRequest: (request, reply) => answerWith(api, endpoint, { request, reply }),
      handler: () => undefined,
    });
  }
}

function answerWith(
  api: Api,
  endpoint: OpenEndpoint,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): void {
  reply.hijack();
  const startedAtMs = performance.now();
  let caller: Caller | undefined;
  const onCaller = (who: Caller): void => {
    caller = who;
  };
  answerOf(endpoint, { api, request, onCaller }).then(
    (answer) => {
      writeAnswer(request.raw, reply.raw, answer);
      if (caller) api.watch?.note(answeredRequest(caller, { request, answer, startedAtMs }));
    },
    () => reply.raw.destroy(), // The caller has gone.
  );
}

const CHANNELS = new Set(["sms", "email", "letter", "chat"]);

function answeredRequest(
  { serviceId, apiKeyId, isLetIn }: Caller,
  { request, answer, startedAtMs }: { request: FastifyRequest; answer: Answer; startedAtMs: number },
): AnsweredRequest {
  const { method, ip: from, routeOptions } = request;
  const path = pathShown(routeOptions.url ?? "", (request.params as Record<string, string>)["id"]);
  const { status, body } = answer;
  return { serviceId, apiKeyId, isLetIn, method, path, status, body, from, startedAtMs };
}

/** The path without what anybody may have put into it. */
function pathShown(route: string, id: string | undefined): string {
  if (id === undefined || !(CHANNELS.has(id) || parseUuid(id) !== undefined)) return route;
  return route.replace(":id", id);
}

async function answerOf(endpoint: OpenEndpoint, visit: Visit): Promise<Answer> {
  const { api, request } = visit;
  try {
    const stray = strayPath(request.url);
    if (stray === "doubled-slashes") return redirectToOneSlash({ api, request });
    return stray === "unknown" ? unknownUrl() : await endpoint(visit);
  } catch (error) {
    if (error instanceof CallerGone) throw error;
    return answerError(error, { log: api.intake.log, where: `${request.method} ${request.routeOptions.url}` });
  }
}
