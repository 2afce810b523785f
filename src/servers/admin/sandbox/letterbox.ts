/** The sandbox's letterbox: letters as its print shop got them. Whoever looks may have the rest printed now, or send one back. */
import { startPrintRuns } from "../../../flow/letters/start-print-runs.ts";
import { orderSandbox } from "../../../records/sandbox-outbox/sandbox-order.ts";
import {
  findSandboxMessage,
  type KeptSandboxMessage,
  listSandboxMessages,
  sandboxKeys,
} from "../../../records/sandbox-outbox/sandbox-outbox-store.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { errorPage } from "../http/error-pages.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";

const SANDBOX = "/platform/sandbox";
const LETTERS_MAX = 10;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

export interface ShownLetter {
  id: string;
  lines: readonly string[];
  pages: number;
  at: Date;
  pdf: string;
  returns: string;
}

export const letterboxRoutes: readonly Route[] = [
  route({ method: "GET", url: `${SANDBOX}/letters/:lid`, who: "platform-admin", handler: openLetter }),
  route({ method: "POST", url: `${SANDBOX}/letters/:lid/return`, who: "platform-admin", handler: returnLetter }),
  route({ method: "POST", url: `${SANDBOX}/print-runs`, who: "platform-admin", handler: printNow }),
];

export async function lettersOf({ app }: UserVisit): Promise<ShownLetter[]> {
  const letters = await listSandboxMessages(app.db, sandboxKeys(app.keys.master), {
    channel: "letter",
    limit: LETTERS_MAX,
  });
  return letters.map(({ id, text, pages = 1, at }) => ({
    ...{ id, pages, at, lines: text.split("\n") },
    pdf: `${SANDBOX}/letters/${id}`,
    returns: `${SANDBOX}/letters/${id}/return`,
  }));
}

/** Its PDF, as it would be printed. */
async function openLetter(visit: UserVisit): Promise<Answer> {
  const letter = await findLetter(visit);
  if (letter?.pdf === undefined) return errorPage(visit, "notFound");
  return { status: 200, headers: { "content-type": "application/pdf" }, body: Buffer.from(letter.pdf, "base64") };
}

async function returnLetter(visit: UserVisit): Promise<Answer> {
  const letter = await findLetter(visit);
  if (!letter) return errorPage(visit, "notFound");
  await orderSandbox(visit.app.db, { kind: "letter-return", messageId: letter.id });
  return redirect(SANDBOX, { flash: visit.text("sandbox.letter.returned") });
}

/** Every letter that is ready goes to its printer, the sandbox's or not. */
async function printNow({ app, text }: UserVisit): Promise<Answer> {
  const { letters } = await startPrintRuns(app, app.clock.now());
  return redirect(SANDBOX, { flash: text("sandbox.letters.printing", { count: letters }) });
}

async function findLetter({ app, params }: UserVisit): Promise<KeptSandboxMessage | undefined> {
  const id = params["lid"] ?? "";
  const message = UUID.test(id) ? await findSandboxMessage(app.db, sandboxKeys(app.keys.master), id) : undefined;
  return message?.channel === "letter" ? message : undefined;
}
