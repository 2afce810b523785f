import type { HttpSupplier } from "../supplier.ts";
import { jsonReply } from "./json-reply.ts";

const SERVER_ERROR = jsonReply(500, { result: "error", message: "Internal server error" });

/** As Notify's API uses it: reports with our own id (`CID`), and everything but a success is tried again. */
export const mmg: HttpSupplier = {
  settings: { apiKey: "required", url: { default: "https://api.mmg.co.uk/jsonv2a/api.php" }, receiptUrl: "optional" },
  send: {
    method: "POST",
    url: "{url}",
    headers: { authorization: "Basic {apiKey}" },
    body: {
      format: "json",
      template: {
        reqType: "BULK",
        MSISDN: "{to}",
        msg: "{text}",
        sender: "{from}",
        cid: "{reference}",
        multi: true,
        delurl: "{receiptUrl}",
      },
    },
    answer: { rules: [{ statuses: [200, 299], means: "accepted" }], reference: "notification-id" },
  },
  receipts: {
    format: "json",
    required: ["status", "CID"],
    failure: "MMG callback failed",
    reference: "CID",
    isOurReference: true,
    status: "status",
    code: "substatus",
    at: "deliverytime",
    statuses: {
      "2": "permanent-failure",
      "3": "delivered",
      "4": "temporary-failure",
      "5": "permanent-failure",
    },
    otherwise: "technical-failure",
    reply: jsonReply(200, { result: "success" }),
    malformedReply: SERVER_ERROR,
  },
  inbound: {
    format: "json",
    required: ["MSISDN", "Number", "Message"],
    failure: "MMG inbound failed",
    from: "MSISDN",
    to: "Number",
    text: "Message",
    sentAt: "DateRecieved", // the supplier's spelling
    reference: "ID",
    decode: ["url", "escapes"],
    needsJsonContentType: true,
    reply: jsonReply(200, { status: "ok" }),
    malformedReply: SERVER_ERROR,
  },
};
