/** GET /v2/received-text-messages: what the public wrote to the service, newest first, a page at a time. */
import type { InboundMessage } from "../../../records/inbound-messages/inbound-message.ts";
import { listReceivedTexts } from "../../../records/inbound-messages/inbound-message-store.ts";
import { type Answer, json } from "../http/answer.ts";
import { type Call, originOf, queryOf } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { pageLinks } from "../http/page-links.ts";
import { timestamp } from "../http/timestamp.ts";
import { checkReceivedTextsQuery } from "../schema/read-requests.ts";

const PAGE_SIZE = 250;

export async function getReceivedTexts(call: Call): Promise<Answer> {
  const { olderThan } = getValid(checkReceivedTextsQuery(queryOf(call)));
  const texts = await listReceivedTexts(call.api.intake.db, call.service, { olderThan, limit: PAGE_SIZE });
  const url = `${originOf(call)}/v2/received-text-messages`;
  // Clients know the link to the current page without where it begins.
  const links = pageLinks(url, { query: new URLSearchParams(), repeatable: [], lastId: texts.at(-1)?.id });
  return json(200, { received_text_messages: texts.map(presentReceivedText), links });
}

function presentReceivedText(text: InboundMessage) {
  return {
    id: text.id,
    created_at: timestamp(text.createdAt),
    service_id: text.serviceId,
    notify_number: text.notifyNumber,
    user_number: text.userNumber,
    content: text.content,
    ...(text.keyword === undefined ? {} : { keyword: text.keyword }),
  };
}
