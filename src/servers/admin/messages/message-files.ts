/** The files of an email: what became of each, and whether it may be downloaded. */
import { longDate } from "../../../core/files/shown-file.ts";
import { Refusal } from "../../../core/refusal.ts";
import { setBlocked } from "../../../flow/files/block-document.ts";
import type { MessageDetails } from "../../../flow/messages/read-message.ts";
import type { SentDocument } from "../../../records/documents/document.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { readFields } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import type { ServiceVisit } from "../http/visit.ts";

export interface ShownFile {
  name: string;
  facts: readonly string[];
  /** What may be done about it now; undefined for nothing. */
  blocking: { url: string; state: "blocked" | "allowed"; label: string; isWarning: boolean } | undefined;
}

export function shownFiles(visit: ServiceVisit, { id, files }: MessageDetails): ShownFile[] {
  return files.map((file) => ({
    name: file.placeholder,
    facts: factsOf(visit, file),
    blocking: file.removedAt || !mayBlock(visit) ? undefined : blockingOf(visit, file, id),
  }));
}

/** Who sends may stop a file, and so may platform administrators who only look in. */
function mayBlock({ isMember, may }: ServiceVisit): boolean {
  return may("send_messages") || !isMember;
}

function factsOf({ text }: ServiceVisit, file: SentDocument): string[] {
  const { downloads, removedAt, blockedAt, asksForAddress, availableUntil } = file;
  const state = blockedAt ? [text("message.file.blocked")] : [];
  if (removedAt) return [...state, text("message.file.removed")];
  return [
    ...state,
    downloads === 0 ? text("message.file.none") : text("message.file.downloads", { count: downloads }),
    text("message.file.until", { date: longDate(availableUntil) }),
    text(asksForAddress ? "message.file.asks" : "message.file.anyone"),
  ];
}

function blockingOf({ service, text }: ServiceVisit, file: SentDocument, messageId: string): ShownFile["blocking"] {
  const isBlocked = file.blockedAt !== undefined;
  return {
    url: `/services/${service.id}/messages/${messageId}/files/${file.id}/blocking`,
    state: isBlocked ? "allowed" : "blocked",
    label: text(isBlocked ? "message.file.unblock" : "message.file.block", { file: file.placeholder }),
    isWarning: !isBlocked,
  };
}

export async function setFileBlocking(visit: ServiceVisit): Promise<Answer> {
  if (!mayBlock(visit)) throw new Refusal("not-authorised", "Ask someone who sends messages in this service");
  const { app, service, visitor, ipAddress: ip, text } = visit;
  const [notificationId, id] = [idIn(visit, "nid"), idIn(visit, "did")];
  const { state } = readFields(visit, ["state"]);
  if (state !== "blocked" && state !== "allowed")
    throw new Refusal("bad-request", "Choose what is to become of the file");
  const wish = { serviceId: service.id, notificationId, id, isBlocked: state === "blocked" };
  const file = await setBlocked(app, { userId: visitor.userId, ip }, wish);
  return redirect(`/services/${service.id}/messages/${notificationId}`, {
    flash: text(`message.file.now.${state}`, { file }),
  });
}
