/** What true callbacks would say, with ids that belong to nothing and numbers kept for drama. */
import { newId } from "../../platform/ids.ts";
import type { CallbackKind } from "../../records/services/service.ts";

const SOMEBODY = "07700900001";
const REFERENCE = "test";

/** The body of a callback of this kind, as JSON; amounts are in the home's currency. */
export function exampleOf(kind: CallbackKind, { at, currency }: { at: Date; currency: string }): string {
  return JSON.stringify(EXAMPLES[kind](at.toISOString().replace(/Z$/, "000Z"), currency));
}

const EXAMPLES: Readonly<Record<CallbackKind, (moment: string, currency: string) => object>> = {
  "delivery-receipt": (moment) => ({
    id: newId(),
    reference: REFERENCE,
    to: SOMEBODY,
    status: "delivered",
    ...{ created_at: moment, completed_at: moment, sent_at: moment },
    notification_type: "sms",
    ...{ template_id: newId(), template_version: 1 },
  }),
  "received-text": (moment) => ({
    id: newId(),
    message: "This is a test of your callback",
    ...{ source_number: `44${SOMEBODY.slice(1)}`, destination_number: "07700900002" },
    date_received: moment,
  }),
  complaint: (moment) => ({
    ...{ notification_id: newId(), reference: REFERENCE, complaint_id: newId() },
    ...{ to: "test@example.org", complaint_date: moment },
  }),
  "returned-letter": (moment) => ({
    ...{ notification_id: newId(), reference: REFERENCE, date_sent: moment, sent_by: "API" },
    ...{ template_name: "Test", template_id: newId(), template_version: 1 },
    ...{ spreadsheet_file_name: null, spreadsheet_row_number: null, upload_letter_file_name: null },
  }),
  reach: (moment, currency) => ({
    ...{ id: newId(), reference: REFERENCE, status: "reached" },
    ...{ created_at: moment, deadline: moment, ended_at: moment },
    ...{ reached_step: 1, reached_by: "delivered", reason: null },
    ...{ currency, cost: 0, most_cost: null },
    steps: [
      {
        ...{ step: 1, channel: "email", template_id: newId(), until: "delivered", wait_seconds: null },
        ...{ state: "reached", begun_at: moment, reason: null, message: null, cost: 0 },
        notification: { id: newId(), status: "delivered" },
      },
    ],
  }),
};
