import smpp, { type PeerPdu, type PeerSession } from "smpp";
import { afterEach, describe, expect, it, vi } from "vitest";
import { silentLog } from "../../platform/log.ts";
import { type Carrier, type CarrierOptions, startCarrier } from "./carrier.ts";
import type { SandboxText } from "./reassembly.ts";

const UNTIL = { timeout: 30_000, interval: 5 };
const LOGIN = { system_id: "pennypost", password: "secret" };

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: Partial<CarrierOptions> = {}): Promise<{ carrier: Carrier; outbox: SandboxText[] }> {
  const outbox: SandboxText[] = [];
  const carrier = await startCarrier({
    host: "127.0.0.1",
    port: 0,
    systemId: LOGIN.system_id,
    password: LOGIN.password,
    log: silentLog,
    outbox: (texts) => void outbox.push(...texts),
    ...options,
  });
  closers.push(() => carrier.stop());
  return { carrier, outbox };
}

interface Customer {
  session: PeerSession;
  delivered: PeerPdu[];
  /** Everything that came in, in its order. */
  heard: PeerPdu[];
  isClosed: boolean;
}

/** A customer's end made of npm smpp, which acknowledges what is brought unless `acknowledge` says otherwise. */
async function connect(
  carrier: Carrier,
  acknowledge: (pdu: PeerPdu, nth: number) => number | undefined = () => 0,
): Promise<Customer> {
  const session = smpp.connect({ host: "127.0.0.1", port: carrier.port });
  const customer: Customer = { session, delivered: [], heard: [], isClosed: false };
  session.on("error", () => {});
  session.on("close", () => {
    customer.isClosed = true;
  });
  session.on("pdu", (pdu: PeerPdu) => customer.heard.push(pdu));
  session.on("unbind", (pdu: PeerPdu) => session.send(pdu.response()));
  session.on("deliver_sm", (pdu: PeerPdu) => {
    const command_status = acknowledge(pdu, customer.delivered.push(pdu));
    if (command_status !== undefined) session.send(pdu.response({ command_status }));
  });
  closers.push(() => session.destroy());
  await new Promise((resolve) => session.once("connect", resolve));
  session.socket.setNoDelay(true);
  return customer;
}

async function bound(
  carrier: Carrier,
  acknowledge?: (pdu: PeerPdu, nth: number) => number | undefined,
): Promise<Customer> {
  const customer = await connect(carrier, acknowledge);
  const answer = await bind(customer, LOGIN);
  expect(answer).toMatchObject({ command_status: 0 });
  return customer;
}

function bind(customer: Customer, fields: Record<string, unknown>): Promise<PeerPdu> {
  return new Promise((resolve) => customer.session.bind_transceiver({ interface_version: 0x34, ...fields }, resolve));
}

function submit(customer: Customer, fields: Record<string, unknown> = {}): Promise<PeerPdu> {
  const usual = { source_addr: "Pennypost", destination_addr: "447700900123", registered_delivery: 1, data_coding: 0 };
  return new Promise((resolve) => {
    customer.session.submit_sm({ ...usual, short_message: "Hello", ...fields }, resolve);
  });
}

function textOf(pdu: PeerPdu | undefined): string {
  const { message } = (pdu?.["short_message"] ?? { message: "" }) as { message: string };
  return message;
}

describe("a bind", () => {
  it("is taken with the right password, and answered as SMPP 3.4", async () => {
    const { carrier } = await start();
    const answer = await bind(await connect(carrier), LOGIN);
    expect(answer).toMatchObject({
      command: "bind_transceiver_resp",
      command_status: 0,
      system_id: "pennypost",
      sc_interface_version: 0x34,
    });
  });

  it.each([
    ["a wrong password", { ...LOGIN, password: "wrong" }, {}, "ESME_RINVPASWD"],
    ["an unknown name", { ...LOGIN, system_id: "stranger" }, {}, "ESME_RINVSYSID"],
    ["a carrier told to refuse", LOGIN, { refuseBinds: true }, "ESME_RBINDFAIL"],
  ])("is refused for %s", async (_name, login, faults, status) => {
    const { carrier } = await start({ faults });
    const customer = await connect(carrier);
    expect(await bind(customer, login)).toMatchObject({ command_status: smpp.errors[status] });
    expect(await submit(customer)).toMatchObject({ command_status: smpp.errors["ESME_RINVBNDSTS"] });
  });

  it("is needed once", async () => {
    const { carrier } = await start();
    const customer = await bound(carrier);
    expect(await bind(customer, LOGIN)).toMatchObject({ command_status: smpp.errors["ESME_RALYBND"] });
  });

  it("as a receiver may not submit, and gets the receipts of another bind that only transmits", async () => {
    const { carrier } = await start();
    const [receiver, transmitter] = [await connect(carrier), await connect(carrier)];
    await new Promise((resolve) => receiver.session.bind_receiver(LOGIN, resolve));
    await new Promise((resolve) => transmitter.session.bind_transmitter(LOGIN, resolve));
    expect(await submit(receiver)).toMatchObject({ command_status: smpp.errors["ESME_RINVBNDSTS"] });
    expect(await submit(transmitter)).toMatchObject({ command_status: 0 });
    await vi.waitUntil(() => receiver.delivered.length === 1, UNTIL);
    expect(transmitter.delivered).toEqual([]);
  });
});

describe("a submit", () => {
  it("is answered with an id, and its text is in the outbox", async () => {
    const { carrier, outbox } = await start();
    const customer = await bound(carrier);
    const answers = [await submit(customer, { short_message: "Pay €5 [now]" }), await submit(customer)];
    expect(new Set(answers.map((answer) => answer["message_id"])).size).toBe(2);
    await vi.waitUntil(() => outbox.length === 2, UNTIL);
    expect(outbox[0]).toEqual({
      to: "447700900123",
      from: "Pennypost",
      text: "Pay €5 [now]",
      encoding: "gsm7",
      parts: 1,
      at: expect.any(Date),
    });
    expect(carrier.counts()).toMatchObject({ submits: 2, texts: 2, throttled: 0 });
  });

  it("in parts is one text once all are there, in whatever order", async () => {
    const { carrier, outbox } = await start();
    const customer = await bound(carrier);
    const parts = ["Ŵyt", "hnos ", "🎉"].map((message, index) => ({
      esm_class: 0x40,
      data_coding: 8,
      short_message: { udh: Buffer.from([5, 0, 3, 9, 3, index + 1]), message },
    }));
    for (const index of [2, 0, 1]) await submit(customer, parts[index]);
    await vi.waitUntil(() => outbox.length === 1, UNTIL);
    expect(outbox[0]).toMatchObject({ text: "Ŵythnos 🎉", encoding: "ucs2", parts: 3 });
  });

  it("to something that is no number is refused", async () => {
    const { carrier } = await start();
    const answer = await submit(await bound(carrier), { destination_addr: "nobody" });
    expect(answer).toMatchObject({ command_status: smpp.errors["ESME_RINVDSTADR"] });
  });
});

describe("a receipt", () => {
  it.each([
    ["447700900123", "DELIVRD", 2, "000"],
    ["447700900003", "EXPIRED", 3, "027"],
    ["447700900002", "UNDELIV", 5, "001"],
  ])("for %s says %s, in its parameters and its text", async (to, stat, state, err) => {
    const { carrier } = await start();
    const customer = await bound(carrier);
    const { message_id } = await submit(customer, { destination_addr: to });
    await vi.waitUntil(() => customer.delivered.length === 1, UNTIL);
    const [receipt] = customer.delivered;
    expect(receipt).toMatchObject({
      esm_class: 4,
      source_addr: to,
      destination_addr: "Pennypost",
      receipted_message_id: message_id,
      message_state: state,
    });
    expect(textOf(receipt)).toMatch(new RegExp(`^id:${message_id} .* stat:${stat} err:${err} `));
    await vi.waitUntil(() => carrier.counts().acknowledged === 1, UNTIL);
  });

  it("is not sent where none was asked for", async () => {
    const { carrier } = await start();
    const customer = await bound(carrier);
    await submit(customer, { registered_delivery: 0 });
    await submit(customer);
    await vi.waitUntil(() => customer.delivered.length === 1, UNTIL);
  });

  it("comes again until it is acknowledged", async () => {
    const { carrier } = await start();
    const customer = await bound(carrier, (_pdu, nth) => (nth < 3 ? smpp.errors["ESME_RX_T_APPN"] : 0));
    await submit(customer);
    await vi.waitUntil(() => customer.delivered.length === 3, UNTIL);
    await vi.waitUntil(() => carrier.counts().acknowledged === 1, UNTIL);
  });

  it("waits for the customer to come back", async () => {
    const { carrier } = await start({ faults: { receiptDelayMs: 300 } });
    const first = await bound(carrier);
    await submit(first);
    first.session.destroy();
    const second = await bound(carrier);
    await vi.waitUntil(() => second.delivered.length === 1, UNTIL);
  });
});

describe("told to do badly, it", () => {
  it("takes its time to answer and to report", async () => {
    const { carrier } = await start({ faults: { answerDelayMs: 60, receiptDelayMs: 60 } });
    const customer = await bound(carrier);
    const startedAt = performance.now();
    await submit(customer);
    expect(performance.now() - startedAt).toBeGreaterThan(50);
    await vi.waitUntil(() => customer.delivered.length === 1, UNTIL);
    expect(performance.now() - startedAt).toBeGreaterThan(110);
  });

  it("throttles every nth submit, or those beyond a rate", async () => {
    const { carrier } = await start({ faults: { throttleEvery: 3 } });
    const customer = await bound(carrier);
    const statuses = async () => {
      const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => submit(customer)));
      return answers.map((answer) => answer.command_status);
    };
    const throttled = smpp.errors["ESME_RTHROTTLED"];
    expect(await statuses()).toEqual([0, 0, throttled, 0, 0, throttled]);
    carrier.setFaults({ throttleEvery: 0, maxPerSecond: 2 });
    expect((await statuses()).filter((status) => status === throttled).length).toBeGreaterThanOrEqual(2);
    expect(carrier.counts().throttled).toBeGreaterThanOrEqual(4);
  });

  it("reports twice", async () => {
    const { carrier } = await start({ faults: { duplicateReceipts: true } });
    const customer = await bound(carrier);
    await submit(customer);
    await vi.waitUntil(() => customer.delivered.length === 2, UNTIL);
    expect(textOf(customer.delivered[0])).toBe(textOf(customer.delivered[1]));
  });

  it("reports in the wrong order", async () => {
    const { carrier } = await start({ faults: { reorderReceipts: 3 } });
    const customer = await bound(carrier);
    const ids = [];
    for (let turn = 0; turn < 3; turn++) ids.push((await submit(customer))["message_id"]);
    await vi.waitUntil(() => customer.delivered.length === 3, UNTIL);
    expect(customer.delivered.map((pdu) => pdu["receipted_message_id"])).toEqual(ids.reverse());
  });

  it("lets go of receipts held for reordering when no more come", async () => {
    const { carrier } = await start({ faults: { reorderReceipts: 10 } });
    const customer = await bound(carrier);
    await submit(customer);
    await vi.waitUntil(() => customer.delivered.length === 1, UNTIL);
  });

  it("reports before it answers", async () => {
    const { carrier } = await start({ faults: { receiptBeforeAnswer: true } });
    const customer = await bound(carrier);
    await submit(customer);
    await vi.waitUntil(() => customer.delivered.length === 1, UNTIL);
    const order = customer.heard.map((pdu) => pdu.command).filter((command) => command !== "bind_transceiver_resp");
    expect(order).toEqual(["deliver_sm", "submit_sm_resp"]);
  });

  it.each([
    ["hex-in-answer", 16, 10],
    ["decimal-in-answer", 10, 16],
  ] as const)("gives ids %s", async (messageIds, answerBase, receiptBase) => {
    const { carrier } = await start({ faults: { messageIds } });
    const customer = await bound(carrier);
    const { message_id } = await submit(customer);
    await vi.waitUntil(() => customer.delivered.length === 1, UNTIL);
    const reported = /id:(\S+)/.exec(textOf(customer.delivered[0]))?.[1] ?? "";
    expect(Number.parseInt(reported, receiptBase)).toBe(Number.parseInt(String(message_id), answerBase));
    expect(reported).not.toBe(message_id);
  });

  it("falls silent but stays connected, while a new link is served", async () => {
    const { carrier } = await start({ faults: { silentAfter: 1 } });
    const customer = await bound(carrier);
    let isAnswered = false;
    void submit(customer).then(() => {
      isAnswered = true;
    });
    customer.session.enquire_link({}, () => {
      isAnswered = true;
    });
    await vi.waitUntil(() => carrier.counts().submits === 1, UNTIL);
    carrier.setFaults({ silentAfter: 0 });
    expect(await submit(await bound(carrier))).toMatchObject({ command_status: 0 });
    expect(isAnswered).toBe(false);
    expect(customer.isClosed).toBe(false);
  });

  it("drops the link after so many submits, the last taken but not answered", async () => {
    const { carrier } = await start({ faults: { dropAfter: 2 } });
    const customer = await bound(carrier);
    await submit(customer);
    void submit(customer);
    await vi.waitUntil(() => customer.isClosed, UNTIL);
    expect(carrier.counts().submits).toBe(2);
    expect(customer.heard.filter((pdu) => pdu.command === "submit_sm_resp")).toHaveLength(1);
  });

  it("swallows receipts", async () => {
    const { carrier } = await start({ faults: { swallowReceipts: true } });
    const customer = await bound(carrier);
    await submit(customer, { destination_addr: "447700900001" });
    carrier.setFaults({ swallowReceipts: false });
    await submit(customer, { destination_addr: "447700900004" });
    await vi.waitUntil(() => customer.delivered.length > 0, UNTIL);
    expect(customer.delivered.map((pdu) => pdu["source_addr"])).toEqual(["447700900004"]);
  });
});

describe("someone with a phone", () => {
  it("writes to a number of ours, and hears whether it was taken", async () => {
    const { carrier } = await start();
    const customer = await bound(carrier);
    expect(await carrier.deliver({ from: "447700900123", to: "60777", text: "Yes €" })).toBe(true);
    expect(customer.delivered[0]).toMatchObject({
      esm_class: 0,
      data_coding: 0,
      source_addr: "447700900123",
      destination_addr: "60777",
    });
    expect(textOf(customer.delivered[0])).toBe("Yes €");
  });

  it("may write at length", async () => {
    const { carrier } = await start();
    const customer = await bound(carrier);
    const text = "Diolch yn fawr 🙏 ".repeat(10);
    expect(await carrier.deliver({ from: "447700900123", to: "60777", text })).toBe(true);
    expect(customer.delivered.map(textOf).join("")).toBe(text);
    expect(customer.delivered.map((pdu) => pdu["esm_class"])).toEqual([0x40, 0x40, 0x40]);
  });

  it("hears that it was not taken when the carrier stops first", async () => {
    const { carrier } = await start();
    const delivering = carrier.deliver({ from: "447700900123", to: "60777", text: "Anyone?" });
    await carrier.stop();
    expect(await delivering).toBe(false);
  });
});

describe("the carrier", () => {
  it("answers enquire_link and unbind", async () => {
    const { carrier } = await start();
    const customer = await bound(carrier);
    const enquiry = await new Promise<PeerPdu>((resolve) => customer.session.enquire_link({}, resolve));
    expect(enquiry).toMatchObject({ command: "enquire_link_resp", command_status: 0 });
    const goodbye = await new Promise<PeerPdu>((resolve) => customer.session.unbind({}, resolve));
    expect(goodbye).toMatchObject({ command: "unbind_resp", command_status: 0 });
    await vi.waitUntil(() => customer.isClosed, UNTIL);
  });

  it("unbinds its customers when it stops", async () => {
    const { carrier } = await start();
    const customer = await bound(carrier);
    await carrier.stop();
    await vi.waitUntil(() => customer.isClosed, UNTIL);
    expect(customer.heard.map((pdu) => pdu.command)).toContain("unbind");
  });

  it("hangs up on a stream that makes no sense", async () => {
    const { carrier } = await start();
    const customer = await connect(carrier);
    customer.session.socket.write(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    await vi.waitUntil(() => customer.isClosed, UNTIL);
    expect(await bind(await connect(carrier), LOGIN)).toMatchObject({ command_status: 0 });
  });

  it("has no query, cancel or replace, and says so", async () => {
    const { carrier } = await start();
    const customer = await bound(carrier);
    const answer = await new Promise<PeerPdu>((resolve) => customer.session.query_sm({ message_id: "1" }, resolve));
    expect(answer).toMatchObject({ command_status: smpp.errors["ESME_RQUERYFAIL"] });
  });
});
