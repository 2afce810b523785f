import type { HttpSupplier, SignatureRule, StatusRule } from "../supplier.ts";

/** 21211 and 21614 no number for texts, 21610 the recipient said stop, 21602 and 21617 no text or too long. */
const HOPELESS = ["21211", "21614", "21610", "21602", "21617"];

/**
 * Twilio's error codes: 30003 the phone is off or away, 30004 blocked, 30005 and 30006 no such number or not a mobile, 30007
 * filtered, 30008 unknown, 30001 and 30002 our account, 30009 a part is missing, 30010 too dear, 30022 too fast, 30036 expired.
 */
const FAILURE: StatusRule = {
  byCode: {
    "30001": "technical-failure",
    "30002": "technical-failure",
    "30003": "temporary-failure",
    "30004": "permanent-failure",
    "30005": "permanent-failure",
    "30006": "permanent-failure",
    "30007": "permanent-failure",
    "30008": "temporary-failure",
    "30009": "technical-failure",
    "30010": "technical-failure",
    "30022": "temporary-failure",
    "30036": "temporary-failure",
  },
  otherwise: "permanent-failure",
};

/** Programmable Messaging (https://www.twilio.com/docs/messaging/api/message-resource). */
export const twilio: HttpSupplier = {
  settings: {
    accountSid: "required",
    authToken: "required",
    url: { default: "https://api.twilio.com" },
    receiptUrl: "optional",
    inboundUrl: "optional",
  },
  send: {
    method: "POST",
    validityMaxSeconds: 36_000,
    url: "{url}/2010-04-01/Accounts/{accountSid}/Messages.json",
    auth: { kind: "basic", username: "{accountSid}", password: "{authToken}" },
    body: {
      format: "form",
      fields: {
        To: "{toPlus}",
        From: "{fromPlus}",
        Body: "{text}",
        StatusCallback: "{receiptUrl}",
        ValidityPeriod: "{validForSeconds}",
      },
    },
    answer: {
      rules: [
        { statuses: [200, 299], means: "accepted" },
        { statuses: [400, 400], where: { path: "code", is: HOPELESS }, means: "refused" },
      ],
      reference: { path: "sid" },
      code: { path: "code" },
    },
  },
  receipts: {
    format: "form",
    required: ["MessageSid", "MessageStatus"],
    failure: "Twilio callback failed",
    reference: "MessageSid",
    status: "MessageStatus",
    code: "ErrorCode",
    statuses: {
      accepted: "no-news",
      scheduled: "no-news",
      queued: "no-news",
      sending: "no-news",
      sent: "no-news",
      delivered: "delivered",
      read: "delivered",
      undelivered: FAILURE,
      failed: FAILURE,
    },
    otherwise: "technical-failure",
    reply: { status: 204, contentType: "text/plain", body: "" },
    signature: signedOver("{receiptUrl}"),
  },
  inbound: {
    format: "form",
    required: ["From", "To"],
    failure: "Twilio inbound failed",
    from: "From",
    to: "To",
    text: "Body",
    reference: "MessageSid",
    reply: { status: 200, contentType: "text/xml", body: "<Response/>" }, // no answer to who wrote
    signature: signedOver("{inboundUrl}"),
  },
};

/** What it is told, it signs: the URL must be given here exactly as it is set there. */
function signedOver(url: string): SignatureRule {
  return { header: "x-twilio-signature", algorithm: "sha1", encoding: "base64", key: "{authToken}", over: { url } };
}
