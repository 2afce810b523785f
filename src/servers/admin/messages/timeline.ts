/** What happened to a message, line by line in words. */
import type { SenderNote } from "../../../core/senders/choose-text-sender.ts";
import type { TimelineEntry } from "../../../flow/messages/read-message.ts";
import type { Notification } from "../../../records/notifications/notification.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { howText } from "../platform/route-words.ts";
import { shownStatus } from "./status-words.ts";

export interface TimelineLine {
  at: Date;
  title: string;
  details: readonly string[];
  /** What a carrier said, letter for letter. */
  code: string | undefined;
}

type Words = Pick<ServiceVisit, "text" | "formats" | "now">;
type EntryOf<Kind extends TimelineEntry["kind"]> = Extract<TimelineEntry, { kind: Kind }>;

export function timelineLine(visit: Words, channel: Notification["channel"], entry: TimelineEntry): TimelineLine {
  const { text, formats } = visit;
  const line = (title: string): TimelineLine => ({ at: entry.at, title, details: [], code: undefined });
  switch (entry.kind) {
    case "accepted":
      return { ...line(acceptedWords(visit, entry)), details: senderWords(visit, entry) };
    case "scheduled":
      return line(text("message.happened.scheduled", { time: formats.exactTime(entry.for) }));
    case "attempt-failed":
      return { ...line(attemptWords(visit, entry)), ...carriersWords(visit, entry) };
    case "handed-over":
      return handOverLine(visit, entry);
    case "receipt":
      return { ...line(receiptWords(visit, entry)), ...carriersWords(visit, entry) };
    case "gave-up":
      return { ...line(text("message.happened.gaveUp")), details: entry.reason === undefined ? [] : [entry.reason] };
    case "held":
      return line(text("message.happened.held", { time: formats.exactTime(entry.until) }));
    case "held-for-release":
      return {
        ...line(text("message.happened.held-for-release")),
        details: [heldWords(visit, entry.code ?? "much", entry.reason ?? "")],
      };
    case "released":
    case "release-rejected":
    case "release-expired":
      return line(text(`message.happened.${entry.kind}`));
    case "suppressed":
    case "seen":
    case "cancelled":
      return line(text(`message.happened.${entry.kind}`));
    case "status":
      return {
        ...line(shownStatus({ channel, status: entry.status }, visit).words),
        code: codeWords(visit, entry.code),
      };
    case "callback":
      return callbackLine(visit, entry);
    case "file-downloaded":
      return line(text("message.happened.fileDownloaded", { file: entry.file, count: entry.downloads }));
    case "file-blocked":
      return line(text("message.happened.fileBlocked", { file: entry.file }));
  }
}

/** Why it waits for two people. */
export function heldWords({ text }: Pick<Words, "text">, heldFor: string, rule: string): string {
  if (heldFor === "content-rule") return text("held.for.rule", { rule });
  return text(heldFor === "flood" ? "held.for.flood" : "held.for.much");
}

function acceptedWords({ text }: Words, { by }: EntryOf<"accepted">): string {
  if (by.kind === "person") return text("message.happened.byPerson", { name: by.name });
  if (by.name === undefined) return text("message.happened.byUnknownKey");
  return text("message.happened.byKey", { name: by.name });
}

function senderWords({ text }: Words, { sender }: EntryOf<"accepted">): string[] {
  return sender ? senderNoteLines(text, sender) : [];
}

/** Why a text comes from this sender. */
export function senderNoteLines(
  text: Words["text"],
  { used, pool, isSticky, instead, isSigned }: SenderNote & { used: string },
): string[] {
  return [
    ...(instead === undefined ? [] : [text("message.happened.senderInstead", { sender: used, instead })]),
    ...(pool === undefined ? [] : [text("message.happened.senderPool", { sender: used, pool })]),
    ...(isSticky ? [text("message.happened.senderSticky")] : []),
    ...(isSigned ? [text("message.happened.signed")] : []),
  ];
}

function attemptWords(visit: Words, { provider, isFinal }: EntryOf<"attempt-failed">): string {
  const named = { provider: providerName(visit, provider) };
  return visit.text(isFinal ? "message.happened.refused" : "message.happened.attempt", named);
}

function receiptWords(visit: Words, { provider, isLate }: EntryOf<"receipt">): string {
  const named = { provider: providerName(visit, provider) };
  return visit.text(isLate ? "message.happened.lateReceipt" : "message.happened.receipt", named);
}

function providerName({ text }: Words, provider: string | undefined): string {
  return provider ?? text("message.happened.noProvider");
}

function carriersWords(visit: Words, said: { code: string | undefined; reason: string | undefined }) {
  return { details: said.reason === undefined ? [] : [said.reason], code: codeWords(visit, said.code) };
}

function codeWords({ text }: Words, code: string | undefined): string | undefined {
  return code === undefined ? undefined : text("message.happened.code", { code });
}

function handOverLine(visit: Words, entry: EntryOf<"handed-over">): TimelineLine {
  const { text } = visit;
  const { at, provider, route, attempts, mayBeRepeated } = entry;
  return {
    at,
    title: text("message.happened.handedOver", { provider }),
    details: [
      ...(route ? [text("message.happened.route", { route: route.route, why: howText(visit, route) })] : []),
      ...(route?.passed ?? []).map((one) =>
        text("message.happened.passed", { route: one.route, why: text(`platformRoutes.obstacle.${one.obstacle}`) }),
      ),
      text("message.happened.attempts", { count: attempts }),
      ...(mayBeRepeated ? [text("message.happened.mayBeRepeated")] : []),
    ],
    code: undefined,
  };
}

function callbackLine({ text }: Words, { at, attempt: tried }: EntryOf<"callback">): TimelineLine {
  const { attempt, httpStatus, problem, durationMs, outcome } = tried;
  const answered = { attempt, status: String(httpStatus), ms: durationMs };
  const details =
    httpStatus === undefined
      ? text("message.callback.problem", { attempt, problem: problem ?? "" })
      : text("message.callback.answer", answered);
  return { at, title: text(`message.callback.${outcome}`), details: [details], code: undefined };
}
