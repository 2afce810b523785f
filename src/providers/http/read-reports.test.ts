import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import receiptCases from "../../../test/vectors/provider-receipts.json" with { type: "json" };
import { firetextVerdict, mmgVerdict } from "../../core/delivery/supplier-codes.ts";
import type { SupplierRequest } from "../provider.ts";
import { HTTP_PRESETS } from "./presets.ts";
import { readInbound, readReceipts } from "./read-reports.ts";

const ID = "0198c6f3-8f3b-7c62-9c53-6f5d0a9e6f10";
const { mmg, firetext, messente, twilio } = HTTP_PRESETS;
const SUCCESS = { status: 200, contentType: "application/json", body: '{"result":"success"}' };
const OK = { status: 200, contentType: "application/json", body: '{"status":"ok"}' };
const SERVER_ERROR = {
  status: 500,
  contentType: "application/json",
  body: '{"result":"error","message":"Internal server error"}',
};

function json(
  body: unknown,
  headers: Record<string, string> = { "content-type": "application/json" },
): SupplierRequest {
  return { headers, query: {}, body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)) };
}

function form(fields: Record<string, string>, headers: Record<string, string> = {}): SupplierRequest {
  return { headers, query: {}, body: Buffer.from(new URLSearchParams(fields).toString()) };
}

function refusal(status: number, message: unknown) {
  const body = JSON.stringify({ result: "error", message });
  return { kind: "refused", reply: { status, contentType: "application/json", body } };
}

describe("the receipts Notify's API is known to map", () => {
  const FINAL = ["delivered", "temporary-failure", "permanent-failure", "technical-failure"];
  /** A final status is kept, and an unknown code asks what the status is now: both are for whoever knows the notification. */
  const isOurs = (one: (typeof receiptCases)[number]) => !FINAL.includes(one.current_status) && one.code !== "999";

  it.each(receiptCases.filter(isOurs))("$provider status $status, code $code becomes $new_status", (one) => {
    const report =
      one.provider === "mmg"
        ? readReceipts(mmg, {}, json({ CID: ID, status: one.status, substatus: one.substatus }))
        : readReceipts(
            firetext,
            {},
            form({ reference: ID, status: one.status, ...(one.code ? { code: one.code } : {}) }),
          );
    expect(report).toMatchObject({ kind: "news", news: [{ reference: ID, status: one.new_status }], reply: SUCCESS });
  });
});

describe("what the rules say of a code", () => {
  const CODES = [
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "000",
    "101",
    "102",
    "103",
    "104",
    "201",
    "301",
    "302",
    "401",
    "900",
    "x",
  ];

  it.each(CODES)("is for %s what the rest of the product says", (code) => {
    const fromMmg = readReceipts(mmg, {}, json({ CID: ID, status: code }));
    expect(fromMmg).toMatchObject({ news: [{ status: mmgVerdict({ status: code }).status }] });
    const fromFiretext = readReceipts(firetext, {}, form({ reference: ID, status: "1", code }));
    const { status } = firetextVerdict({ status: "1", code, isPending: false });
    expect(fromFiretext).toMatchObject({ news: [{ status }] });
  });
});

describe("MMG's receipts", () => {
  it("are read with their time and substatus", () => {
    const body = { CID: ID, status: "4", substatus: "7", MSISDN: "447700900001", deliverytime: "2016-04-05 16:01:07" };
    expect(readReceipts(mmg, {}, json(body))).toEqual({
      kind: "news",
      news: [{ reference: ID, status: "temporary-failure", code: "4/7", at: new Date("2016-04-05T16:01:07Z") }],
      reply: SUCCESS,
    });
  });

  it.each([
    ["23415", { network: "23415" }],
    [23415, { network: "23415" }],
    ["+447700900123", {}],
    [undefined, {}],
  ])("with %j as the network say so where that is a network's code", (mccmnc, network) => {
    const { receipts } = mmg;
    const supplier = receipts ? { ...mmg, receipts: { ...receipts, network: "mccmnc" } } : mmg;
    const report = readReceipts(supplier, {}, json({ CID: ID, status: "3", mccmnc }));
    expect(report).toEqual({
      kind: "news",
      news: [{ reference: ID, status: "delivered", code: "3", ...network }],
      reply: SUCCESS,
    });
  });

  it("may write the status as a number and leave out the content type", () => {
    const report = readReceipts(mmg, {}, json({ CID: ID, status: 3 }, {}));
    expect(report).toMatchObject({ news: [{ status: "delivered", code: "3" }] });
  });

  it("with an unknown status are a technical failure", () => {
    expect(readReceipts(mmg, {}, json({ CID: ID, status: "9" }))).toMatchObject({
      news: [{ status: "technical-failure" }],
    });
  });

  it("about anything but a message of ours are acknowledged and dropped", () => {
    expect(readReceipts(mmg, {}, json({ CID: "send-sms-code", status: "3" }))).toEqual({
      kind: "news",
      news: [],
      reply: SUCCESS,
    });
  });

  it.each([
    [{}, ["MMG callback failed: status missing", "MMG callback failed: CID missing"]],
    [{ CID: ID }, ["MMG callback failed: status missing"]],
    [{ CID: "", status: "3" }, ["MMG callback failed: CID missing"]],
    [{ CID: ID, status: null }, ["MMG callback failed: status missing"]],
  ])("are refused without a field: %j", (body, messages) => {
    expect(readReceipts(mmg, {}, json(body))).toEqual(refusal(400, messages));
  });

  it.each(["not json", "", "[]", "7", "null"])("that are no JSON object, %j, are a server error", (body) => {
    expect(readReceipts(mmg, {}, json(body))).toEqual({ kind: "refused", reply: SERVER_ERROR });
  });
});

describe("Firetext's receipts", () => {
  it.each([
    [
      { status: "0", reference: ID },
      { status: "delivered", code: "0" },
    ],
    [
      { status: "0", reference: ID, code: "101" },
      { status: "delivered", code: "0/101" },
    ],
    [
      { status: "2", reference: ID },
      { status: "pending", code: "2" },
    ],
    [
      { status: "1", reference: ID, code: "101" },
      { status: "permanent-failure", code: "1/101" },
    ],
    [
      { status: "1", reference: ID, code: "900" },
      { status: "temporary-failure", code: "1/900" },
    ],
    [
      { status: "1", reference: ID, code: "999" },
      { status: "permanent-failure", statusIfPending: "temporary-failure", code: "1/999" },
    ],
    [
      { status: "1", reference: ID },
      { status: "permanent-failure", statusIfPending: "temporary-failure", code: "1" },
    ],
    [
      { status: "8", reference: ID },
      { status: "technical-failure", code: "8" },
    ],
    [
      { status: "constructor", reference: ID },
      { status: "technical-failure", code: "constructor" },
    ],
  ])("%j mean %j", (fields: Record<string, string>, news) => {
    expect(readReceipts(firetext, {}, form(fields))).toEqual({
      kind: "news",
      news: [{ reference: ID, ...news }],
      reply: SUCCESS,
    });
  });

  it("carry the time they name", () => {
    const fields = { mobile: "447700900001", status: "0", reference: ID, time: "2016-03-10 14:17:00" };
    expect(readReceipts(firetext, {}, form(fields))).toMatchObject({
      news: [{ at: new Date("2016-03-10T14:17:00Z") }],
    });
  });

  it("are refused without a field", () => {
    expect(readReceipts(firetext, {}, form({ status: "0" }))).toEqual(
      refusal(400, ["Firetext callback failed: reference missing"]),
    );
    expect(readReceipts(firetext, {}, form({}))).toEqual(
      refusal(400, ["Firetext callback failed: status missing", "Firetext callback failed: reference missing"]),
    );
  });
});

describe("Messente's receipts", () => {
  /** As the supplier's own pages show it. */
  const delivered = {
    status: "DELIVRD",
    sender: "MySender",
    err: 0,
    message_id: "fr593ce7-68de-5e44-bc50-044a3ad0a7fa",
    to: "+447700900001",
    channel: "sms",
    error: null,
    omnimessage_id: "632c6f3d-49d0-4a8f-5k2n-74023d31e51d",
    timestamp: "2020-02-04T08:09:42.389630",
  };

  it("are read as their documentation shows them", () => {
    expect(readReceipts(messente, {}, json(delivered))).toEqual({
      kind: "news",
      news: [
        {
          reference: delivered.message_id,
          status: "delivered",
          code: "DELIVRD/0",
          at: new Date("2020-02-04T08:09:42.389Z"),
        },
      ],
      reply: OK,
    });
  });

  it.each([
    ["UNDELIV", 3, "permanent-failure"],
    ["FAILED", 2, "temporary-failure"],
    ["REJECTD", 7, "technical-failure"],
    ["UNDELIV", 1, "permanent-failure"],
    ["EXPIRED", 2, "temporary-failure"],
    ["UNKNOWN", 9, "technical-failure"],
  ])("%s with code %i is a %s", (status, err, expected) => {
    const report = readReceipts(messente, {}, json({ ...delivered, status, err }));
    expect(report).toMatchObject({ news: [{ status: expected, code: `${status}/${err}` }] });
  });

  it.each(["SENT", "ACK", "QUEUED"])("that only say %s change nothing", (status) => {
    expect(readReceipts(messente, {}, json({ ...delivered, status }))).toMatchObject({ kind: "news", news: [] });
  });

  it("are held against the shared secret, once there is one", () => {
    const body = JSON.stringify(delivered);
    const signature = createHmac("sha256", "shared").update(body).digest("hex");
    const settings = { receiptSecret: "shared" };
    expect(readReceipts(messente, settings, json(body, { "x-messente-signature": signature })).kind).toBe("news");
    const wrong = refusal(403, "The signature does not match");
    expect(readReceipts(messente, settings, json(`${body} `, { "x-messente-signature": signature }))).toEqual(wrong);
    expect(readReceipts(messente, settings, json(body))).toEqual(wrong);
    expect(readReceipts(messente, settings, json(body, { "x-messente-signature": "é".repeat(64) }))).toEqual(wrong);
  });

  it("that cannot be read are refused", () => {
    expect(readReceipts(messente, {}, json("{"))).toEqual(refusal(400, "The body cannot be read"));
  });
});

describe("Twilio's receipts", () => {
  const settings = { authToken: "12345", receiptUrl: "https://mycompany.com/myapp.php?foo=1&bar=2" };
  const signed = (fields: Record<string, string>) => {
    const sorted = Object.keys(fields).sort();
    const text = settings.receiptUrl + sorted.map((name) => name + fields[name]).join("");
    return form(fields, { "x-twilio-signature": createHmac("sha1", settings.authToken).update(text).digest("base64") });
  };

  it("are accepted with the signature of the supplier's own example", () => {
    const fields = {
      CallSid: "CA1234567890ABCDE",
      From: "+12349013030",
      To: "+18005551212",
      Caller: "+12349013030",
      Digits: "1234",
    };
    const request = form(fields, { "x-twilio-signature": "0/KCTR6DLpKmkAf8muzZqo1nDgQ=" });
    expect(readReceipts(twilio, settings, request)).toEqual(
      refusal(400, ["Twilio callback failed: MessageSid missing", "Twilio callback failed: MessageStatus missing"]),
    );
  });

  it.each([
    [{ MessageStatus: "delivered" }, [{ status: "delivered", code: "delivered" }]],
    [
      { MessageStatus: "undelivered", ErrorCode: "30003" },
      [{ status: "temporary-failure", code: "undelivered/30003" }],
    ],
    [{ MessageStatus: "failed", ErrorCode: "30002" }, [{ status: "technical-failure", code: "failed/30002" }]],
    [{ MessageStatus: "failed", ErrorCode: "30006" }, [{ status: "permanent-failure", code: "failed/30006" }]],
    [{ MessageStatus: "undelivered" }, [{ status: "permanent-failure", code: "undelivered" }]],
    [{ MessageStatus: "sent" }, []],
  ])("%j mean %j", (fields, news) => {
    const report = readReceipts(twilio, settings, signed({ MessageSid: "SM1", ...fields }));
    expect(report).toEqual({
      kind: "news",
      news: news.map((one) => ({ reference: "SM1", ...one })),
      reply: { status: 204, contentType: "text/plain", body: "" },
    });
  });

  it("without the right signature are refused", () => {
    const fields = { MessageSid: "SM1", MessageStatus: "delivered" };
    expect(readReceipts(twilio, settings, form(fields))).toMatchObject({ reply: { status: 403 } });
    expect(readReceipts(twilio, { ...settings, authToken: "54321" }, signed(fields))).toMatchObject({
      reply: { status: 403 },
    });
  });
});

describe("inbound texts", () => {
  it("come from MMG encoded twice", () => {
    const body = {
      MSISDN: "447700900001",
      Number: "447700900999",
      Message: "Caf%C3%A9+%5Cu00a310+one%5Cntwo",
      ID: "abc123",
      DateRecieved: "2017-01-02+03%3A04%3A05",
    };
    expect(readInbound(mmg, {}, json(body))).toEqual({
      kind: "news",
      news: [
        {
          from: "447700900001",
          to: "447700900999",
          text: "Café £10 one\ntwo",
          sentAt: new Date("2017-01-02T03:04:05Z"),
          reference: "abc123",
        },
      ],
      reply: OK,
    });
  });

  it.each([undefined, "not a date"])("come from MMG without a time when it says %j", (DateRecieved) => {
    const report = readInbound(mmg, {}, json({ MSISDN: "1", Number: "2", Message: "3", DateRecieved }));
    expect(report).toEqual({ kind: "news", news: [{ from: "1", to: "2", text: "3" }], reply: OK });
  });

  it("from MMG without a JSON content type are a server error", () => {
    const body = { MSISDN: "1", Number: "2", Message: "3" };
    expect(readInbound(mmg, {}, json(body, {}))).toEqual({ kind: "refused", reply: SERVER_ERROR });
    expect(readInbound(mmg, {}, json(body, { "content-type": "application/json; charset=utf-8" })).kind).toBe("news");
  });

  it("come from Firetext as a form", () => {
    const fields = {
      source: "447700900001",
      destination: "447700900999",
      message: "Hi + £",
      time: "2017-01-02 03:04:05",
    };
    expect(readInbound(firetext, {}, form(fields))).toEqual({
      kind: "news",
      news: [{ from: "447700900001", to: "447700900999", text: "Hi + £", sentAt: new Date("2017-01-02T03:04:05Z") }],
      reply: OK,
    });
  });

  it("come from Messente as its documentation shows them", () => {
    const body = {
      msg_id: "1f5197ec-b4d7-4d5f-8bba-e005d1cadba1",
      sub_msg_id: "d276e75e-e9f5-4b44-88aa-d5c7b38a1e4a",
      channel: "sms",
      recipient: "1234",
      time: "2021-02-23T14:51:13.000000Z",
      text: "This is a test message content",
      sender: "+44000000000",
    };
    expect(readInbound(messente, {}, json(body))).toEqual({
      kind: "news",
      news: [{ from: "44000000000", to: "1234", text: body.text, sentAt: new Date(body.time), reference: body.msg_id }],
      reply: OK,
    });
  });

  it("come from Twilio signed, and are answered with an empty document", () => {
    const settings = { authToken: "12345", inboundUrl: "https://texts.example/in" };
    const fields = { Body: "Stop", From: "+447700900001", MessageSid: "SM2", To: "+447700900999" };
    const text = settings.inboundUrl + Object.entries(fields).flat().join("");
    const signature = createHmac("sha1", settings.authToken).update(text).digest("base64");
    expect(readInbound(twilio, settings, form(fields, { "x-twilio-signature": signature }))).toEqual({
      kind: "news",
      news: [{ from: "447700900001", to: "447700900999", text: "Stop", reference: "SM2" }],
      reply: { status: 200, contentType: "text/xml", body: "<Response/>" },
    });
  });

  it("are refused without a field", () => {
    expect(readInbound(firetext, {}, form({ source: "1", message: "x" }))).toEqual(
      refusal(400, ["Firetext inbound failed: destination missing"]),
    );
  });

  it("are not offered by a supplier without a rule for them", () => {
    const { inbound: _inbound, receipts: _receipts, ...sendOnly } = firetext;
    expect(readInbound(sendOnly, {}, form({}))).toMatchObject({ kind: "refused", reply: { status: 404 } });
    expect(readReceipts(sendOnly, {}, form({}))).toMatchObject({ kind: "refused", reply: { status: 404 } });
  });
});
