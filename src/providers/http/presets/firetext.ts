import type { HttpSupplier } from "../supplier.ts";
import { jsonReply } from "./json-reply.ts";

/** As Notify's API uses it: a success says `"code": 0`, and everything else is tried again. */
export const firetext: HttpSupplier = {
  settings: {
    apiKey: "required",
    url: { default: "https://www.firetext.co.uk/api/sendsms/json" },
    receiptUrl: "optional",
  },
  send: {
    method: "POST",
    url: "{url}",
    body: {
      format: "form",
      fields: {
        apiKey: "{apiKey}",
        from: "{from}",
        to: "{to}",
        message: "{text}",
        reference: "{reference}",
        receipt: "{receiptUrl}",
      },
    },
    answer: {
      rules: [{ statuses: [200, 299], where: { path: "code", is: ["0"] }, means: "accepted" }],
      reference: "notification-id",
      code: { path: "code" },
    },
  },
  receipts: {
    format: "form",
    required: ["status", "reference"],
    failure: "Firetext callback failed",
    reference: "reference",
    isOurReference: true,
    status: "status",
    code: "code",
    at: "time",
    statuses: {
      "0": "delivered",
      "1": {
        byCode: {
          "000": "temporary-failure",
          "101": "permanent-failure",
          "102": "temporary-failure",
          "103": "temporary-failure",
          "104": "temporary-failure",
          "201": "permanent-failure",
          "301": "permanent-failure",
          "302": "temporary-failure",
          "401": "permanent-failure",
          "900": "temporary-failure",
        },
        otherwise: "permanent-failure",
        otherwiseIfPending: "temporary-failure",
      },
      "2": "pending",
    },
    otherwise: "technical-failure",
    reply: jsonReply(200, { result: "success" }),
  },
  inbound: {
    format: "form",
    required: ["source", "destination", "message"],
    failure: "Firetext inbound failed",
    from: "source",
    to: "destination",
    text: "message",
    sentAt: "time",
    reply: jsonReply(200, { status: "ok" }),
  },
};
