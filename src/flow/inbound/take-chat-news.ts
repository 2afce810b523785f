/** What a chat app reports at once: what became of messages, and what people wrote. Durable when it resolves. */
import type { ChatNews } from "../../providers/provider.ts";
import type { Receipts } from "../receipt/receipts.ts";
import type { Inbound } from "./keeping.ts";
import { receiveChat } from "./receive-chat.ts";

export async function takeChatNews(
  { app, receipts }: { app: Inbound; receipts: Pick<Receipts, "take"> },
  from: { provider: string; serviceId: string | undefined },
  news: readonly ChatNews[],
): Promise<void> {
  const { provider } = from;
  await Promise.all(
    news.map(async (one) => {
      if (one.kind === "receipt") await receipts.take({ provider, receipt: one.receipt });
    }),
  );
  // In the order in which they were written: a STOP and a START must not change places.
  for (const one of news) if (one.kind === "inbound") await receiveChat(app, from, one.text);
}
