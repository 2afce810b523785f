/** Whom a text to a number is for: the service whose keyword it has, else the one that holds the number. */
import { matchKeyword } from "../../core/replies/match-keyword.ts";
import type { Db } from "../../platform/db.ts";
import { listKeywords } from "../../records/inbound-numbers/keyword-store.ts";
import { mayUse, type Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";

export interface Addressee {
  service: Service;
  keyword: string | undefined;
  /** What it says beside the keyword. */
  words: string;
}

/** A service that takes no texts any more leaves its own to whoever holds the number. */
export async function addresseeOf(
  app: Pick<App, "services">,
  db: Db,
  { holder, number, content }: { holder: Service; number: string; content: string },
): Promise<Addressee> {
  const matched = matchKeyword(await listKeywords(db, number), content);
  const service = matched && (await app.services.find(matched.serviceId));
  if (!matched || !service || service.archivedAt || !mayUse(service, "inbound_sms"))
    return { service: holder, keyword: undefined, words: content };
  return { service, keyword: matched.keyword, words: matched.rest };
}
