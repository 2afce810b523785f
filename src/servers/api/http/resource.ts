/**
 * Puts endpoints on the server, one path at a time, with what Notify's API does around them: a wrong method is refused before anyone
 * asks who is calling, HEAD is GET without a body, OPTIONS names the methods.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { type Answer, withHeaders } from "./answer.ts";
import { type Api, authenticated, type Endpoint, type OpenEndpoint } from "./call.ts";
import { answerError, unknownUrl, wrongMethod } from "./errors.ts";
import { CallerGone } from "./read-body.ts";
import { redirectToOneSlash, strayPath } from "./stray-path.ts";
import { writeAnswer } from "./write-answer.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

type Methods<E> = { GET?: E; POST?: E };

/** A path that asks who is calling. */
export function serviceResource(
  server: FastifyInstance,
  api: Api,
  resource: { path: string } & Methods<Endpoint>,
): void {
  const { path, GET, POST } = resource;
  const options = authenticated(() => emptyAnswer(allowedMethods(resource)));
  register(server, api, {
    path,
    allow: allowedMethods(resource),
    endpoints: methodTable(
      { ...(GET && { GET: authenticated(GET) }), ...(POST && { POST: authenticated(POST) }) },
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

function allowedMethods({ GET, POST }: Methods<unknown>): string {
  return [...(GET ? ["GET", "HEAD"] : []), "OPTIONS", ...(POST ? ["POST"] : [])].join(", ");
}

function emptyAnswer(allow: string): Answer {
  return withHeaders({ status: 200, contentType: "text/html; charset=utf-8", body: "" }, "Allow", allow);
}

function methodTable({ GET, POST }: Methods<OpenEndpoint>, options: OpenEndpoint): Map<HTTPMethods, OpenEndpoint> {
  const table = new Map<HTTPMethods, OpenEndpoint>([["OPTIONS", options]]);
  if (GET) table.set("GET", GET).set("HEAD", GET);
  if (POST) table.set("POST", POST);
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
  answerOf(api, endpoint, request).then(
    (answer) => writeAnswer(request.raw, reply.raw, answer),
    () => reply.raw.destroy(), // The caller has gone.
  );
}

async function answerOf(api: Api, endpoint: OpenEndpoint, request: FastifyRequest): Promise<Answer> {
  try {
    const stray = strayPath(request.url);
    if (stray === "doubled-slashes") return redirectToOneSlash({ api, request });
    return stray === "unknown" ? unknownUrl() : await endpoint({ api, request });
  } catch (error) {
    if (error instanceof CallerGone) throw error;
    return answerError(error, { log: api.intake.log, where: `${request.method} ${request.routeOptions.url}` });
  }
}
