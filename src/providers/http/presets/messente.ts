import type { HttpSupplier, SignatureRule, StatusRule } from "../supplier.ts";
import { jsonReply } from "./json-reply.ts";

/** Messente's error codes: 2 expired, 3 and 5 no such number, 8 the number is blocked, 4 credit, 6 repeats, 7 sender. */
const FAILURE: StatusRule = {
  byCode: {
    "2": "temporary-failure",
    "3": "permanent-failure",
    "4": "technical-failure",
    "5": "permanent-failure",
    "6": "temporary-failure",
    "7": "technical-failure",
    "8": "permanent-failure",
    "999": "temporary-failure",
  },
  otherwise: "permanent-failure",
};

/** Omnichannel API (https://messente.com/documentation/omnichannel-api). The sender and the number in E.164. */
export const messente: HttpSupplier = {
  settings: {
    username: "required",
    password: "required",
    url: { default: "https://api.messente.com/v1/omnimessage" },
    receiptUrl: "optional",
    receiptSecret: "optional",
    inboundSecret: "optional",
  },
  send: {
    method: "POST",
    url: "{url}",
    auth: { kind: "basic", username: "{username}", password: "{password}" },
    body: {
      format: "json",
      template: {
        to: "{toPlus}",
        messages: [
          {
            channel: "sms",
            sender: "{fromPlus}",
            text: "{text}",
            validity: "{validForMinutes}",
            autoconvert: "off", // the text is already in the characters the phone will show
          },
        ],
        dlr_url: "{receiptUrl}",
      },
    },
    answer: {
      rules: [
        { statuses: [200, 299], means: "accepted" },
        { statuses: [400, 400], means: "refused" },
      ],
      reference: { path: "messages.0.message_id" },
      code: { path: "errors.0.code" },
    },
  },
  receipts: {
    format: "json",
    required: ["message_id", "status"],
    failure: "Messente report failed",
    reference: "message_id",
    status: "status",
    code: "err",
    at: "timestamp",
    statuses: {
      QUEUED: "no-news",
      SENT: "no-news",
      ACK: "no-news",
      ACCEPTD: "no-news",
      DELIVRD: "delivered",
      DELIVERED: "delivered",
      EXPIRED: "temporary-failure",
      UNDELIV: FAILURE,
      FAILED: FAILURE,
      REJECTD: FAILURE,
    },
    otherwise: "technical-failure",
    reply: jsonReply(200, { status: "ok" }),
    signature: signedWith("{receiptSecret}"),
  },
  inbound: {
    format: "json",
    required: ["sender", "recipient"],
    failure: "Messente inbound failed",
    from: "sender",
    to: "recipient",
    text: "text",
    sentAt: "time",
    reference: "msg_id",
    reply: jsonReply(200, { status: "ok" }),
    signature: signedWith("{inboundSecret}"),
  },
};

function signedWith(key: string): SignatureRule {
  return { header: "x-messente-signature", algorithm: "sha256", encoding: "hex", key, over: "body" };
}
