/** What can be read about the API: its description for programs, its reference for people, and what runs here. */
import { readFileSync } from "node:fs";
import { assetPath } from "../../../platform/package-files.ts";
import { pagesIn } from "../../../platform/views.ts";
import { type Answer, json, withHeaders } from "../http/answer.ts";
import { originOf, type Visit } from "../http/call.ts";
import { getStatus } from "../status/status.ts";
import { openApiDocument } from "./openapi/document.ts";
import { apiReference, type Reference } from "./reference.ts";

const FOLDER = "servers/api/docs";
const REFERENCE_PATH = "/docs/api";
/** Where people begin: the admin's first page. */
const PEOPLE_PATH = "/services";
const HTML_TYPE = "text/html; charset=utf-8";
const CSS_TYPE = "text/css; charset=utf-8";
/** Nothing but our own style: no scripts, no pictures from elsewhere, in nobody's frame. */
const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const page = pagesIn(FOLDER);
const showReference = page<Reference>("reference.njk");
const style = readFileSync(assetPath(`${FOLDER}/api.css`));

export function getOpenApi(visit: Visit): Answer {
  return json(200, openApiDocument(originOf(visit)));
}

export function getReference(visit: Visit): Answer {
  return html(showReference(apiReference(originOf(visit))));
}

export function getStyle(): Answer {
  return { status: 200, contentType: CSS_TYPE, body: style };
}

export function redirectToReference(): Answer {
  return redirect(REFERENCE_PATH);
}

/** GET /: programs are told the state, as by Notify's API; people go to their services. */
export function getFrontPage(visit: Visit): Answer | Promise<Answer> {
  if (!prefersHtml(visit.request.headers.accept)) return getStatus(visit);
  return redirect(PEOPLE_PATH);
}

/** Whether a page is asked for by name, and no less than JSON is (RFC 9110 §12.5.1). */
function prefersHtml(accept = ""): boolean {
  const htmlQuality = qualityOf("text/html", accept);
  return htmlQuality > 0 && htmlQuality >= qualityOf("application/json", accept);
}

function qualityOf(type: string, accept: string): number {
  const range = accept
    .split(",")
    .map((text) => text.trim().toLowerCase())
    .find((text) => text === type || text.startsWith(`${type};`));
  if (range === undefined) return 0;
  return Number(/;\s*q=([\d.]+)/.exec(range)?.[1] ?? 1);
}

function redirect(path: string): Answer {
  return withHeaders({ status: 302, contentType: HTML_TYPE, body: "" }, "Location", path);
}

function html(body: string): Answer {
  return withHeaders({ status: 200, contentType: HTML_TYPE, body }, "Content-Security-Policy", POLICY);
}
