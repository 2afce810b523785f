/**
 * Where suppliers report over HTTP: what became of texts, and what the public wrote. What a report says is its provider's to read; here
 * it is let in, handed on, and answered once it is durable, so that a supplier who hears nothing good sends it again.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { App } from "../../flow/app.ts";
import { type Credentials, checkBasicAuth } from "../../platform/http/basic-auth.ts";
import { answerFailures, errorAnswer, type PlainAnswer, resource, takeRawBodies, unknownUrl } from "../plain-answer.ts";
import { type SupplierRequest, supplierRequest } from "./supplier-request.ts";

const BODY_MAX_BYTES = 256 * 1024;
const SERVER_ERRORS_FROM = 500;
const NO_LOGIN = "Unauthorized: authentication token must be provided";
const WRONG_LOGIN = "Forbidden: invalid authentication token provided";

type Read<News> =
  | { kind: "news"; news: News[]; reply: PlainAnswer }
  /** The reply says why. */
  | { kind: "refused"; reply: PlainAnswer };

/** A provider that is reported to over HTTP, and who may report to it. */
export interface ReportedSupplier<Receipt, Text> {
  parseReceipts(request: SupplierRequest): Read<Receipt>;
  parseInbound(request: SupplierRequest): Read<Text>;
  /** Who may report received texts; `signed` for a supplier whose reports prove themselves. Left out: nobody. */
  inboundLogins?: readonly Credentials[] | "signed";
  /** Who may report receipts. Left out: anyone, since a receipt counts only for a reference we gave out ourselves. */
  receiptLogins?: readonly Credentials[];
}

export interface Reporting<Receipt, Text> {
  app: Pick<App, "log">;
  findReports(supplier: string): Promise<ReportedSupplier<Receipt, Text> | undefined>;
  /** Resolves when the receipts are durable. */
  onReceipts(supplier: string, receipts: Receipt[]): Promise<void>;
  /** Resolves when the text is durable. */
  onInbound(supplier: string, text: Text): Promise<void>;
}

/** Puts `/notifications/sms/{supplier}` and `/notifications/sms/receive/{supplier}` on the server. */
export function registerReports<Receipt, Text>(server: FastifyInstance, reporting: Reporting<Receipt, Text>): void {
  server.register(async (scope) => {
    takeRawBodies(scope, BODY_MAX_BYTES);
    answerFailures(scope, reporting.app.log);
    resource(scope, "/notifications/sms/:supplier", { POST: (request) => takeReceipts(reporting, request) });
    resource(scope, "/notifications/sms/receive/:supplier", { POST: (request) => takeInbound(reporting, request) });
  });
}

async function takeReceipts<Receipt, Text>(
  reporting: Reporting<Receipt, Text>,
  request: FastifyRequest,
): Promise<PlainAnswer> {
  const name = supplierNamed(request);
  const supplier = await reporting.findReports(name);
  if (!supplier) return unknownUrl();
  const refusal = supplier.receiptLogins && refuseLogin(request, supplier.receiptLogins);
  if (refusal) return refusal;
  const report = supplier.parseReceipts(supplierRequest(request));
  if (report.kind === "news" && report.news.length > 0) await reporting.onReceipts(name, report.news);
  return report.reply;
}

async function takeInbound<Receipt, Text>(
  reporting: Reporting<Receipt, Text>,
  request: FastifyRequest,
): Promise<PlainAnswer> {
  const name = supplierNamed(request);
  const supplier = await reporting.findReports(name);
  if (!supplier) return unknownUrl();
  const report = supplier.parseInbound(supplierRequest(request));
  // Notify's API reads the body before it asks for the login.
  if (report.kind === "refused" && report.reply.status >= SERVER_ERRORS_FROM) return report.reply;
  const { inboundLogins = [] } = supplier;
  const refusal = inboundLogins === "signed" ? undefined : refuseLogin(request, inboundLogins);
  if (refusal) return refusal;
  if (report.kind === "news") for (const text of report.news) await reporting.onInbound(name, text);
  return report.reply;
}

function refuseLogin(request: FastifyRequest, logins: readonly Credentials[]): PlainAnswer | undefined {
  const login = checkBasicAuth(request.headers.authorization, logins);
  if (login === "absent") return errorAnswer(401, NO_LOGIN, { "WWW-Authenticate": "Bearer" });
  return login === "wrong" ? errorAnswer(403, WRONG_LOGIN) : undefined;
}

function supplierNamed(request: FastifyRequest): string {
  return (request.params as { supplier: string }).supplier;
}
