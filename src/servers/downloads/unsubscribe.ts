/**
 * Where unsubscribe links lead. A mail program asks with one click (RFC 8058) and is answered as Notify's API answers it; a person who
 * opens the link is asked first, since mail scanners open every link too.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { App } from "../../flow/app.ts";
import { checkUnsubscribeLink, type FollowedLink, type LinkChecked, unsubscribe } from "../../flow/unsubscribe.ts";
import {
  answerFailures,
  errorAnswer,
  jsonAnswer,
  type PlainAnswer,
  resource,
  takeRawBodies,
  unknownUrl,
} from "../plain-answer.ts";
import { confirmPage, donePage, invalidPage } from "./unsubscribe-pages.ts";

const BODY_MAX_BYTES = 16 * 1024;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
/** As a form in either of its two encodings (RFC 8058 §3.1). */
const ONE_CLICK =
  /^List-Unsubscribe=One-Click\s*$|name="?List-Unsubscribe"?\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\r?\n/i;

const INVALID = "This is not a valid unsubscribe link.";
const UNKNOWN = "This unsubscribe link is invalid or expired.";

type Unsubscribing = Pick<App, "db" | "log" | "keys" | "clock" | "services">;

/** Puts `/unsubscribe/{notification id}/{token}` on the server. */
export function registerUnsubscribe(server: FastifyInstance, { app }: { app: Unsubscribing }): void {
  server.register(async (scope) => {
    takeRawBodies(scope, BODY_MAX_BYTES);
    answerFailures(scope, app.log);
    // A wildcard, since names in paths are at most 100 characters long by default.
    resource(scope, "/unsubscribe/:notificationId/*", {
      GET: async (request) => showPage(request, (link) => checkUnsubscribeLink(app, link), confirmPage),
      POST: async (request) =>
        isOneClick(request)
          ? answerProgram(request, (link) => unsubscribe(app, link))
          : showPage(request, (link) => unsubscribe(app, link), donePage),
    });
  });
}

type Follow = (link: FollowedLink) => Promise<LinkChecked>;

async function answerProgram(request: FastifyRequest, follow: Follow): Promise<PlainAnswer> {
  const link = linkOf(request);
  if (!link) return unknownUrl();
  const { kind } = await follow(link);
  if (kind === "valid") return jsonAnswer(200, { result: "success", message: "Unsubscribe successful" });
  return errorAnswer(404, { "unsubscribe request": kind === "invalid" ? INVALID : UNKNOWN });
}

async function showPage(
  request: FastifyRequest,
  follow: Follow,
  page: (serviceName: string) => PlainAnswer,
): Promise<PlainAnswer> {
  const link = linkOf(request);
  const checked = link && (await follow(link));
  return checked?.kind === "valid" ? page(checked.service.name) : invalidPage();
}

function linkOf(request: FastifyRequest): FollowedLink | undefined {
  const { notificationId, "*": token } = request.params as { notificationId: string; "*": string };
  return UUID.test(notificationId) ? { notificationId: notificationId.toLowerCase(), token } : undefined;
}

function isOneClick({ body }: FastifyRequest): boolean {
  return Buffer.isBuffer(body) && ONE_CLICK.test(body.toString());
}
