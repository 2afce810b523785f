/**
 * Where links to files lead: a page that says who sent what, one that asks for the recipient's address if the service wants that, one to
 * download from, and the file. Beside them what programs ask of Notify's file service. The server holds no key: each request brings it.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { confirmReader, mayRead } from "../../flow/files/confirm-reader.ts";
import { type DocumentIds, pagePath } from "../../flow/files/document-link.ts";
import { type DocumentFound, followFileLink, type OpenDocument } from "../../flow/files/read-document.ts";
import {
  type AddressProblem,
  addressPage,
  blockedPage,
  downloadPage,
  expiredPage,
  landingPage,
  missingPage,
  tooManyTriesPage,
  wrongLinkPage,
} from "../document-pages.ts";
import { answerFailures, type PlainAnswer, resource, takeRawBodies } from "../plain-answer.ts";
import { answerAuthentication, answerCheck } from "./document-answers.ts";
import {
  accessCookies,
  type Documents,
  documentsOrigin,
  fieldOf,
  fileUrl,
  idsOfFile,
  idsOnPage,
  keyOf,
  signedDataOf,
} from "./document-request.ts";
import { answerFile } from "./file-answer.ts";

const BODY_MAX_BYTES = 16 * 1024;

/** Puts recipients' pages at `/d/…`, and files at `/services/{service}/documents/…`, on the server. */
export function registerDocuments(server: FastifyInstance, { app }: { app: Documents }): void {
  server.register(async (scope) => {
    takeRawBodies(scope, BODY_MAX_BYTES);
    answerFailures(scope, app.log);
    const page = "/d/:service/:document";
    resource(scope, page, { GET: (request) => onPage(app, request, landing) });
    resource(scope, `${page}/confirm-email-address`, {
      GET: (request) => onPage(app, request, askForAddress),
      POST: (request) => onPage(app, request, takeAddress),
    });
    resource(scope, `${page}/download`, { GET: (request) => onPage(app, request, offerDownload) });
    const file = "/services/:sid/documents/:did";
    resource(scope, file, { GET: (request) => giveFile(app, request) });
    resource(scope, `${file}/check`, { GET: (request) => answerCheck(app, request) });
    resource(scope, `${file}/authenticate`, { POST: (request) => answerAuthentication(app, request) });
  });
}

/** A reader at a page about a file that is there. */
interface Reading {
  app: Documents;
  request: FastifyRequest;
  ids: DocumentIds;
  found: OpenDocument;
  origin: string;
}

async function onPage(
  app: Documents,
  request: FastifyRequest,
  answer: (reading: Reading) => PlainAnswer | Promise<PlainAnswer>,
): Promise<PlainAnswer> {
  const ids = idsOnPage(request);
  if (!ids) return missingPage(undefined);
  const found = await followFileLink(app, { ...ids, key: keyOf(request) });
  if (found.kind !== "open") return closedPage(found);
  return answer({ app, request, ids, found, origin: documentsOrigin(app, request) });
}

function closedPage(found: Exclude<DocumentFound, OpenDocument>): PlainAnswer {
  switch (found.kind) {
    case "missing":
      return missingPage(found.service);
    case "wrong-key":
      return wrongLinkPage(found.service);
    case "blocked":
      return blockedPage(found.service);
    case "expired":
      return expiredPage(found.service);
  }
}

function landing(reading: Reading): PlainAnswer {
  const next = hasAccess(reading) ? "download" : "confirm-email-address";
  return landingPage(reading.found, urlOf(reading, next));
}

function askForAddress(reading: Reading): PlainAnswer {
  if (hasAccess(reading)) return redirect(urlOf(reading, "download"));
  return addressPage(reading.found, { address: "", problem: undefined });
}

async function takeAddress(reading: Reading): Promise<PlainAnswer> {
  const { app, request, found } = reading;
  if (hasAccess(reading)) return redirect(urlOf(reading, "download"));
  const given = fieldOf(request, "email_address").trim();
  const askAgain = (problem: AddressProblem) => addressPage(found, { address: given, problem });
  const address = parseEmailAddress(given);
  if (typeof address === "string") return askAgain(given === "" ? "missing" : "invalid");
  const confirmation = await confirmReader(app, found, address);
  switch (confirmation.kind) {
    case "too-many-tries":
      return tooManyTriesPage(found.service, confirmation.retryAfterSeconds);
    case "not-the-recipient":
      return askAgain("not-the-recipient");
    case "confirmed":
      return redirect(urlOf(reading, "download"), cookiesFor(reading, confirmation.signedData));
  }
}

function cookiesFor({ ids, found, origin }: Reading, signedData: string): string[] {
  return accessCookies(origin, { ids, file: found, signedData });
}

function offerDownload(reading: Reading): PlainAnswer {
  if (!hasAccess(reading)) return redirect(urlOf(reading, "confirm-email-address"));
  const { found, ids, origin } = reading;
  return downloadPage(found, fileUrl(origin, ids, found));
}

/** Whoever has not given the address yet is sent to where it is asked for. */
async function giveFile(app: Documents, request: FastifyRequest): Promise<PlainAnswer> {
  const ids = idsOfFile(request);
  if (!ids) return missingPage(undefined);
  const found = await followFileLink(app, { ...ids, key: keyOf(request) });
  if (found.kind !== "open") return closedPage(found);
  const reading = { app, request, ids, found, origin: documentsOrigin(app, request) };
  if (!hasAccess(reading)) return redirect(urlOf(reading, ""));
  return answerFile(app, found, { counts: request.method === "GET" });
}

function hasAccess({ app, request, found }: Reading): boolean {
  return mayRead(app, found, signedDataOf(request));
}

/** Within this file's pages: relative to the origin, so that it holds whatever stands before us. */
function urlOf({ ids, found }: Reading, page: string): string {
  const key = found.key.toString("base64url");
  return `${pagePath(ids)}${page === "" ? "" : `/${page}`}?key=${key}`;
}

function redirect(location: string, cookies: string[] = []): PlainAnswer {
  const headers = { Location: location, "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow" };
  return {
    status: 303,
    contentType: "text/plain; charset=utf-8",
    body: "",
    headers: cookies.length === 0 ? headers : { ...headers, "Set-Cookie": cookies },
  };
}
