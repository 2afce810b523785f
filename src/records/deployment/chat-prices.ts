/** What one chat message costs, by app, exact, in the currency of the deployment: the same for all services. An app that is not named costs nothing. */
import type { ChatApp } from "../../core/chat/chat-app.ts";
import type { Db, Tx } from "../../platform/db.ts";

export type ChatPrices = Partial<Record<ChatApp, string>>;

export async function getChatPrices(db: Db): Promise<ChatPrices> {
  const [row] = await db.query<{ prices: ChatPrices | undefined }>`
    select d.settings -> 'chatPrices' as prices from deployment d`;
  return row?.prices ?? {};
}

export async function setChatPrices(tx: Tx, prices: ChatPrices): Promise<void> {
  const changed = JSON.stringify({ chatPrices: prices });
  const rows = await tx.query<{ id: string }>`
    update deployment set settings = settings || ${changed}::jsonb returning id`;
  if (rows.length === 0) throw new Error("the deployment row is missing");
}
