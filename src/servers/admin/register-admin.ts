/**
 * The admin web: pages for people, at the root of the origin. Everything that is not the API's is answered here, if only by a page
 * that says there is nothing.
 */

import { existsSync } from "node:fs";
import { Server as HttpsServer } from "node:https";
import cookie from "@fastify/cookie";
import csrf from "@fastify/csrf-protection";
import formbody from "@fastify/formbody";
import helmet from "@fastify/helmet";
import files from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Intake } from "../../flow/intake/accept.ts";
import type { LetterPreviews } from "../../flow/letters/preview-letter.ts";
import { createPeople } from "../../flow/people/people.ts";
import { SINGLE_SIGN_ON_PATH } from "../../flow/people/single-sign-on.ts";
import type { Outbound } from "../../platform/http.ts";
import { deriveKey } from "../../platform/sealing.ts";
import { type Answer, movedTo, redirect } from "./http/answer.ts";
import { ASSETS_FOLDER, ASSETS_URL } from "./http/assets.ts";
import { type ErrorPageName, errorPage, pageOfError } from "./http/error-pages.ts";
import { guard } from "./http/guard.ts";
import { csrfOwner, visitOf, writeAnswer } from "./http/http-visit.ts";
import { startLive } from "./http/live.ts";
import { movedPaths, newPath } from "./http/notify-paths.ts";
import { isFromOurPages, originAskedAt } from "./http/origin.ts";
import { CSRF_FIELD } from "./http/page.ts";
import type { Route } from "./http/route.ts";
import { cookieName } from "./http/session.ts";
import { bringsFiles, takeUploads } from "./http/uploads.ts";
import type { Admin, Visit } from "./http/visit.ts";
import { watchedTopics } from "./live/watched-topics.ts";
import { routes } from "./routes.ts";

/** The longest template with all its characters percent-encoded fits. */
const BODY_MAX_BYTES = 512 * 1024;
const ASSETS_MAX_AGE_MS = 365 * 24 * 60 * 60_000;
const HSTS_MAX_AGE_SECONDS = 365 * 24 * 60 * 60;

export interface AdminOptions {
  app: Intake;
  outbound: Outbound;
  letters: LetterPreviews;
}

/** Puts the admin web on a server. Ready when the server is. */
export function registerAdmin(server: FastifyInstance, { app, outbound, letters }: AdminOptions): void {
  server.register(async (scope) => {
    const urls = new Set(routes.filter(({ method }) => method === "GET").map(({ url }) => url));
    const isSecure = app.origins.admin?.startsWith("https:") ?? scope.server instanceof HttpsServer;
    const admin: Admin = {
      app,
      outbound,
      letters,
      people: createPeople(app),
      urls,
      isSecure,
      live: await startLive({ ...app, watched: watchedTopics(app) }),
    };
    await admin.people.post.prepare();
    scope.addHook("preClose", () => admin.live.close());
    await takeForms(scope, admin);
    await setSecurityHeaders(scope, admin);
    if (existsSync(ASSETS_FOLDER)) await serveAssets(scope);
    for (const route of routes) registerRoute(scope, admin, route);
    for (const moved of movedPaths(urls)) {
      scope.get(moved.from, (request, reply) =>
        writeAnswer(reply, admin, movedTo(newPath(moved, request.params as Record<string, string>))),
      );
    }
    answerTheRest(scope, admin);
  });
}

async function takeForms(scope: FastifyInstance, admin: Admin): Promise<void> {
  scope.removeAllContentTypeParsers();
  await scope.register(formbody, { bodyLimit: BODY_MAX_BYTES });
  await takeUploads(scope);
  await scope.register(cookie);
  await scope.register(csrf, {
    cookieKey: cookieName("forms", admin.isSecure),
    cookieOpts: { path: "/", httpOnly: true, sameSite: "lax", secure: admin.isSecure },
    csrfOpts: { hmacKey: deriveKey(admin.app.keys.master, "forms") },
    getUserInfo: (request) => csrfOwner(request, admin),
    getToken: (request) => (request.body as Record<string, string> | undefined)?.[CSRF_FIELD],
  });
}

/** Nothing but what is ours, nothing inline, in nobody's frame. */
async function setSecurityHeaders(scope: FastifyInstance, { isSecure }: Admin): Promise<void> {
  const self = ["'self'"];
  const none = ["'none'"];
  await scope.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: self,
        baseUri: none,
        objectSrc: none,
        frameAncestors: none,
        formAction: self,
        ...(isSecure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: isSecure ? { maxAge: HSTS_MAX_AGE_SECONDS } : false,
    // A service's id in an address is nobody else's business.
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
  });
}

async function serveAssets(scope: FastifyInstance): Promise<void> {
  await scope.register(files, {
    root: ASSETS_FOLDER,
    prefix: ASSETS_URL,
    preCompressed: true,
    immutable: true,
    maxAge: ASSETS_MAX_AGE_MS,
    index: false,
    decorateReply: false,
  });
}

function registerRoute(scope: FastifyInstance, admin: Admin, route: Route): void {
  const isPost = route.method === "POST";
  scope.route({
    method: route.method,
    url: route.url,
    exposeHeadRoute: route.url !== "/live", // a stream has no end to tell the length of
    onRequest: [
      ...(hasSecretAddress(route) ? [keepAddressSecret] : []),
      ...(route.takesFile ? [refuseOtherSites(admin)] : [refuseFiles(admin)]),
    ],
    ...(isPost ? { preHandler: [refuseOtherSites(admin), scope.csrfProtection] } : {}),
    handler: async (request, reply) => writeAnswer(reply, admin, await answerOf(admin, route, { request, reply })),
  });
}

/** Whoever knows the address of these pages may do something: it carries a token, or a code. */
function hasSecretAddress({ url }: Route): boolean {
  return url.endsWith("/:token") || url === SINGLE_SIGN_ON_PATH;
}

/** Other pages, also ours, are told the origin alone. With `no-referrer` forms would say that they come from nowhere (Fetch §3.2). */
async function keepAddressSecret(_: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header("referrer-policy", "strict-origin");
}

function refuseOtherSites(admin: Admin) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (isFromOurPages(request, originAskedAt(admin.app.origins.admin, request))) return undefined;
    return writeAnswer(reply, admin, errorPage(await visitOf(admin, { request, reply }), "stale"));
  };
}

/** Before they are read. */
function refuseFiles(admin: Admin) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (!bringsFiles(request)) return undefined;
    return writeAnswer(reply, admin, errorPage(await visitOf(admin, { request, reply }), "rejected"));
  };
}

async function answerOf(
  admin: Admin,
  { handler, who, method }: Route,
  http: { request: FastifyRequest; reply: FastifyReply },
): Promise<Answer> {
  const visit = await visitOf(admin, http);
  const guarded = await guard(visit, who);
  switch (guarded.kind) {
    case "allowed":
      return handler(guarded.visit as never);
    case "sign-in-first":
      return askToSignIn(visit, method);
    case "not-found":
      return errorPage(visit, "notFound");
    case "archived":
      return errorPage(visit, "archived");
    case "forbidden":
      return errorPage(visit, "forbidden");
  }
}

/** Programs that ask for events are told in a status; people go to the page, and from there back to where they were. */
function askToSignIn(visit: Visit, method: Route["method"]): Answer {
  if (visit.headers["accept"] === "text/event-stream") return { status: 401 };
  const next = method === "GET" ? `?next=${encodeURIComponent(visit.url)}` : "";
  return redirect(`/sign-in${next}`);
}

/** What nothing answers at, and what went wrong. */
function answerTheRest(scope: FastifyInstance, admin: Admin): void {
  scope.setNotFoundHandler(async (request, reply) =>
    writeAnswer(reply, admin, errorPage(await visitOf(admin, { request, reply }), "notFound")),
  );
  scope.setErrorHandler(async (error, request, reply) => {
    const where = `${request.method} ${request.routeOptions.url}`;
    const name = pageOfError(error, { log: admin.app.log, where });
    const isBroken = name === "unavailable" || name === "failed";
    const visit = await visitOf(admin, { request, reply }, { knowsNobody: isBroken });
    return writeAnswer(reply, admin, isBroken ? lastWords(visit, name) : errorPage(visit, name));
  });
}

/** A page about a failure, and plain words when that cannot be made either. */
function lastWords(visit: Visit, name: ErrorPageName): Answer {
  try {
    return errorPage(visit, name);
  } catch {
    const headers = { "content-type": "text/plain; charset=utf-8" };
    return { status: 500, headers, body: visit.text("errors.failed.title") };
  }
}
