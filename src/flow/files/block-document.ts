/** A service keeps a file from being downloaded, or lets it be again. */
import { Refusal } from "../../core/refusal.ts";
import { setDocumentBlocked } from "../../records/documents/document-page-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";

export interface DocumentOfMessage {
  serviceId: string;
  notificationId: string;
  id: string;
}

/** Once more changes nothing. Refuses a file that is not of this message. Says which it was, by its placeholder. */
export async function setBlocked(
  app: Pick<App, "db" | "clock">,
  actor: Actor,
  { isBlocked, ...wish }: DocumentOfMessage & { isBlocked: boolean },
): Promise<string> {
  return app.db.transaction(async (tx) => {
    const { serviceId, id } = wish;
    const set = await setDocumentBlocked(tx, { ...wish, at: isBlocked ? app.clock.now() : undefined });
    if (!set) throw new Refusal("not-found", "There is no such file, or it has been deleted");
    if (set.hasChanged) {
      await recordDeed(tx, actor, { serviceId, action: isBlocked ? "file.blocked" : "file.unblocked", subject: id });
    }
    return set.placeholder;
  });
}
