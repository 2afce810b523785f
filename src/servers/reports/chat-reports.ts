/**
 * Where chat apps report: `POST /notifications/chat/{provider}` with what became of messages and what people wrote, and `GET` from apps that
 * first ask whether they have the right address. Each report proves whose it is; one that does not is refused, and nothing of it is kept.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { App } from "../../flow/app.ts";
import { answerFailures, errorAnswer, type PlainAnswer, resource, takeRawBodies, unknownUrl } from "../plain-answer.ts";
import { type SupplierRequest, supplierRequest } from "./supplier-request.ts";

const BODY_MAX_BYTES = 256 * 1024;

/** A chat provider, as far as its reports go. */
export interface ReportingChat<News> {
  parse(
    request: SupplierRequest,
  ): { kind: "news"; news: News[]; reply: PlainAnswer } | { kind: "refused"; reply: PlainAnswer };
  answerHandshake?(query: Record<string, string>): PlainAnswer;
}

export interface ChatReporting<News> {
  app: Pick<App, "log">;
  findChat(provider: string): Promise<ReportingChat<News> | undefined>;
  /** Resolves when all of it is durable. */
  onNews(provider: string, news: readonly News[]): Promise<void>;
}

export function registerChatReports<News>(server: FastifyInstance, reporting: ChatReporting<News>): void {
  server.register(async (scope) => {
    takeRawBodies(scope, BODY_MAX_BYTES);
    answerFailures(scope, reporting.app.log);
    resource(scope, "/notifications/chat/:provider", {
      GET: (request) => answerHandshake(reporting, request),
      POST: (request) => takeReport(reporting, request),
    });
  });
}

async function answerHandshake<News>(reporting: ChatReporting<News>, request: FastifyRequest): Promise<PlainAnswer> {
  const chat = await reporting.findChat(providerNamed(request));
  if (!chat) return unknownUrl();
  const { query } = supplierRequest(request);
  return chat.answerHandshake?.(query) ?? errorAnswer(405, "This app asks nothing here");
}

async function takeReport<News>(reporting: ChatReporting<News>, request: FastifyRequest): Promise<PlainAnswer> {
  const provider = providerNamed(request);
  const chat = await reporting.findChat(provider);
  if (!chat) return unknownUrl();
  const report = chat.parse(supplierRequest(request));
  if (report.kind === "news" && report.news.length > 0) await reporting.onNews(provider, report.news);
  return report.reply;
}

function providerNamed(request: FastifyRequest): string {
  return (request.params as { provider: string }).provider;
}
