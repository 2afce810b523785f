/** Takes what the carrier brings, and acknowledges it only once it is durable here: a refusal makes the carrier bring it again. */
import { errorFields, type Log } from "../../platform/log.ts";
import { STATUS } from "../../platform/smpp/command-statuses.ts";
import { type RequestPdu, responseTo } from "../../platform/smpp/pdu.ts";
import type { Session } from "../../platform/smpp/session.ts";
import type { ProviderEvents } from "../provider.ts";
import type { MessageIdFormat } from "./options.ts";
import { type News, readNews } from "./read-news.ts";

export interface Brought {
  session: Session;
  sequence: number;
  pdu: RequestPdu;
}

export interface Taker {
  events: ProviderEvents | undefined;
  settings: { name: string; log: Log; messageIdFormat: MessageIdFormat };
}

/** Never rejects. */
export async function takeNews({ session, sequence, pdu }: Brought, taker: Taker): Promise<void> {
  if (pdu.command !== "deliver_sm" && pdu.command !== "data_sm") {
    session.nack(sequence, STATUS.ESME_RINVCMDID);
    return;
  }
  const isKept = await keep(readNews(pdu, taker.settings.messageIdFormat), taker);
  session.respond(sequence, responseTo(pdu, isKept ? STATUS.ESME_ROK : STATUS.ESME_RX_T_APPN));
}

async function keep(news: News, { events, settings }: Taker): Promise<boolean> {
  try {
    switch (news.kind) {
      case "receipt":
        await events?.receipt(news.receipt);
        return true;
      case "inbound":
        await events?.inbound(news.inbound);
        return true;
      case "unreadable":
        settings.log.warn("smpp.unreadable", { provider: settings.name, reason: news.reason });
        return true;
    }
  } catch (error) {
    settings.log.warn("smpp.news-not-kept", { provider: settings.name, kind: news.kind, ...errorFields(error) });
    return false;
  }
}
