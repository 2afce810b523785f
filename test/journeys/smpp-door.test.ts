/** A customer's system over SMPP, a client that we did not write: its texts go out, and it hears what became of them. */
import smpp, { type PeerPdu } from "smpp";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { receiveText } from "../../src/flow/inbound/receive-text.ts";
import { revokeSmppAccount, setSmppTerms } from "../../src/flow/keys/smpp-accounts.ts";
import { readMessage } from "../../src/flow/messages/read-message.ts";
import { throttleKey } from "../../src/flow/people/secrets.ts";
import { logIn } from "../../src/flow/smpp/log-in.ts";
import { USUAL_TERMS } from "../../src/records/smpp-accounts/smpp-account.ts";
import type { SmppDoor } from "../../src/servers/smpp/smpp-door.ts";
import { bindCustomer, type CustomerWish, receiptFields, type SmppCustomer, wordsOf } from "../peers/smpp-customer.ts";
import { makeAccount, openDoor } from "../support/smpp-door.ts";
import { makeCarrier, startWorkings, type Workings } from "../support/workings.ts";
import { createWorld, type ServiceWish, type World } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const { errors } = smpp;
const TO = { destination_addr: "447700900123", dest_addr_ton: 1, dest_addr_npi: 1 };
const ACTOR = { userId: "somebody@example.org", ip: undefined };

let world: World;
let door: SmppDoor;
let carrier: Awaited<ReturnType<typeof makeCarrier>>;
let workings: Workings;

beforeAll(async () => {
  world = await createWorld();
  carrier = await makeCarrier(world.app);
  workings = await startWorkings(world.app);
  door = await openDoor(world);
});
afterAll(async () => {
  await door?.stop();
  await workings?.stop();
  await carrier?.stop();
  await world?.close();
});

const customers: SmppCustomer[] = [];
afterEach(() => {
  for (const customer of customers.splice(0)) customer.drop();
});

async function bind(wish: Omit<CustomerWish, "port">): Promise<SmppCustomer> {
  const customer = await bindCustomer({ port: door.port, ...wish });
  customers.push(customer);
  return customer;
}

async function setUp(terms: Parameters<typeof makeAccount>[2] = {}, wish: ServiceWish = {}) {
  const service = await world.service({ textSender: "Library", prefixesTexts: false, ...wish });
  const account = await makeAccount(world, service, terms);
  return { service: await world.reload(service), account, customer: await bind(account) };
}

const idOf = (response: PeerPdu) => String(response["message_id"]);

describe("a text of a bound system", () => {
  it("is sent, and its receipt comes back along the same way", async () => {
    const { service, account, customer } = await setUp();
    const response = await customer.submit({
      ...TO,
      source_addr: "Library",
      registered_delivery: 1,
      short_message: "Your book @ the desk",
    });
    expect(response.command_status).toBe(errors["ESME_ROK"]);
    const receipt = await customer.delivery((pdu) => receiptFields(pdu)["id"] === idOf(response));
    expect(receiptFields(receipt)).toMatchObject({
      sub: "001",
      dlvrd: "001",
      stat: "DELIVRD",
      err: "000",
      text: "Your book ? the desk",
    });
    expect(receipt).toMatchObject({
      ...{ esm_class: 4, source_addr: "447700900123", source_addr_ton: 1, destination_addr: "Library" },
      ...{ message_state: 2 },
    });
    expect(String(receipt["receipted_message_id"])).toBe(idOf(response));
    const message = await readMessage(world.app, service, idOf(response));
    expect(message).toMatchObject({ body: "Your book @ the desk", from: "Library", status: "delivered" });
    expect(message.timeline[0]).toMatchObject({ by: { kind: "key", name: account.systemId } });
    await vi.waitFor(() => expect(carrier.texts).toContain("Your book @ the desk"), WAIT);
  });

  it("in UCS-2, in Latin-1 and in the GSM alphabet reads as it was written", async () => {
    const { service, customer } = await setUp();
    const said = async (fields: Record<string, unknown>) => {
      const response = await customer.submit({ ...TO, ...fields });
      return (await readMessage(world.app, service, idOf(response))).body;
    };
    expect(await said({ data_coding: 8, short_message: Buffer.from("Привет 🙂", "utf16le").swap16() })).toBe(
      "Привет 🙂",
    );
    expect(await said({ data_coding: 3, short_message: Buffer.from("Café £5", "latin1") })).toBe("Café £5");
    expect(await said({ short_message: Buffer.from([0x1b, 0x65, 0x35, 0x00]) })).toBe("€5@");
  });

  it("with the default alphabet set to Latin-1 is read in that", async () => {
    const { service, customer } = await setUp({ defaultAlphabet: "latin1" });
    const response = await customer.submit({ ...TO, short_message: Buffer.from("Café @ five", "latin1") });
    expect((await readMessage(world.app, service, idOf(response))).body).toBe("Café @ five");
  });

  it("of class 0 is shown at once, and one of priority 2 goes before others", async () => {
    const { customer } = await setUp();
    const flash = await customer.submit({ ...TO, data_coding: 0x10, short_message: "Now" });
    const urgent = await customer.submit({ ...TO, priority_flag: 2, short_message: "Soon" });
    const usual = await customer.submit({ ...TO, short_message: "Later" });
    const lanes = await Promise.all(
      [flash, urgent, usual].map(async (pdu) => (await world.latest({ id: idOf(pdu) })).lane),
    );
    expect(lanes).toEqual([1, 0, 1]);
    expect(flash.command_status).toBe(0);
  });

  it("is valid for as long as it says, and waits for its time", async () => {
    const { customer } = await setUp();
    const response = await customer.submit({
      ...TO,
      short_message: "At noon",
      schedule_delivery_time: "000000010000000R",
      validity_period: "000000013000000R",
    });
    const { createdAt, scheduledFor, validUntil } = await world.latest({ id: idOf(response) });
    expect((scheduledFor?.getTime() ?? 0) - createdAt.getTime()).toBeCloseTo(3_600_000, -4);
    expect((validUntil?.getTime() ?? 0) - createdAt.getTime()).toBeCloseTo(5_400_000, -4);
    const state = await customer.ask("query_sm", { message_id: idOf(response) });
    expect(state).toMatchObject({ command_status: 0, message_state: 1 });
    const cancelled = await customer.send("cancel_sm", { message_id: idOf(response) });
    expect(cancelled.command_status).toBe(0);
    expect((await customer.ask("query_sm", { message_id: idOf(response) }))["message_state"]).toBe(4);
  });

  it("by data_sm is sent as well", async () => {
    const { service, customer } = await setUp();
    const response = await customer.ask("data_sm", { ...TO, data_coding: 0, message_payload: { message: "By data" } });
    expect(response).toMatchObject({ command: "data_sm_resp", command_status: 0 });
    expect((await readMessage(world.app, service, idOf(response))).body).toBe("By data");
  });

  it("to a network that fails it has a receipt that says so, also where only failures are asked for", async () => {
    const { customer } = await setUp();
    const failing = { ...TO, destination_addr: "447700900002", registered_delivery: 2, short_message: "Hello" };
    const [failed, fine] = await Promise.all([customer.submit(failing), customer.submit({ ...failing, ...TO })]);
    const receipt = await customer.delivery((pdu) => receiptFields(pdu)["id"] === idOf(failed));
    expect(receiptFields(receipt)).toMatchObject({ stat: "UNDELIV", err: "001", dlvrd: "000" });
    await vi.waitFor(async () => expect((await world.latest({ id: idOf(fine) })).status).toBe("delivered"), WAIT);
    expect(customer.deliveries).toHaveLength(1);
  });
});

describe("a long text", () => {
  const words = "A long text that takes several parts to send. ".repeat(8).trim();
  const pieces = [words.slice(0, 153), words.slice(153, 306), words.slice(306)];
  const udh = (reference: number, number: number, total = 3) => Buffer.from([5, 0, 3, reference, total, number]);

  it("in parts is put together in any order, sent as one, and reported for each part that asked", async () => {
    const { service, customer } = await setUp();
    const part = (number: number, registered: number) =>
      customer.submit({
        ...TO,
        esm_class: 0x40,
        registered_delivery: registered,
        short_message: { udh: udh(77, number), message: pieces[number - 1] },
      });
    const [third, first, second] = [await part(3, 1), await part(1, 0), await part(2, 1)];
    expect([third, first, second].map((pdu) => pdu.command_status)).toEqual([0, 0, 0]);
    const message = await readMessage(world.app, service, idOf(second));
    expect(message.body).toBe(words);
    const told = await Promise.all(
      [third, second].map((pdu) => customer.delivery((each) => receiptFields(each)["id"] === idOf(pdu))),
    );
    expect(told.map((pdu) => receiptFields(pdu)["stat"])).toEqual(["DELIVRD", "DELIVRD"]);
    expect(customer.deliveries).toHaveLength(2);
    const [left] = await world.app.db.query<{ parts: number; awaited: number }>`
      select (select count(*) from smpp_parts) as parts, (select count(*) from smpp_awaited_receipts where notification_id = ${message.id}) as awaited`;
    expect(left).toEqual({ parts: 0, awaited: 0 });
  });

  it("by sar parameters, and whole in message_payload, reads the same", async () => {
    const { service, customer } = await setUp();
    const sar = (number: number) =>
      customer.submit({
        ...TO,
        sar_msg_ref_num: 9,
        sar_total_segments: 3,
        sar_segment_seqnum: number,
        short_message: pieces[number - 1],
      });
    const answers = [await sar(1), await sar(2), await sar(3)];
    const payload = await customer.submit({ ...TO, short_message: "", message_payload: { message: words } });
    const bodies = await Promise.all(
      [answers[2], payload].map(async (pdu) => (await readMessage(world.app, service, idOf(pdu as PeerPdu))).body),
    );
    expect(bodies).toEqual([words, words]);
  });

  it("whose parts are in several alphabets reads as each was written", async () => {
    const { service, customer } = await setUp();
    const part = (number: number, fields: { data_coding: number; message: Buffer | string }) =>
      customer.submit({
        ...{ ...TO, esm_class: 0x40, data_coding: fields.data_coding },
        short_message: { udh: udh(8, number), message: fields.message },
      });
    const cyrillic = Buffer.from("Привет", "utf16le").swap16();
    await part(3, { data_coding: 8, message: cyrillic.subarray(5) });
    await part(2, { data_coding: 8, message: cyrillic.subarray(0, 5) });
    const last = await part(1, { data_coding: 3, message: Buffer.from("Café, ", "latin1") });
    expect((await readMessage(world.app, service, idOf(last))).body).toBe("Café, Привет");
  });

  it("whose part is sent again has it once", async () => {
    const { service, customer } = await setUp();
    const part = (number: number) =>
      customer.submit({
        ...TO,
        esm_class: 0x40,
        short_message: { udh: udh(5, number, 2), message: pieces[number - 1] },
      });
    const [one, again] = [await part(1), await part(1)];
    expect(idOf(again)).toBe(idOf(one));
    expect((await readMessage(world.app, service, idOf(await part(2)))).body).toBe(`${pieces[0]}${pieces[1]}`);
  });

  it("that is refused as a whole is reported for the parts that were taken", async () => {
    const { customer } = await setUp({}, { dailyLimitSms: 1 });
    await customer.submit({ ...TO, short_message: "The one for today" });
    const part = (number: number) =>
      customer.submit({
        ...TO,
        esm_class: 0x40,
        registered_delivery: 1,
        short_message: { udh: udh(6, number, 2), message: pieces[number - 1] },
      });
    const [first, last] = [await part(1), await part(2)];
    expect([first.command_status, last.command_status]).toEqual([0, errors["ESME_RSUBMITFAIL"]]);
    const receipt = await customer.delivery((pdu) => receiptFields(pdu)["id"] === idOf(first));
    expect(receiptFields(receipt)["stat"]).toBe("REJECTD");
  });
});

describe("a submit that cannot be taken", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["from a sender that is not the service's", { source_addr: "Somebody" }, "ESME_RINVSRCADR"],
    ["to what is no number", { destination_addr: "12" }, "ESME_RINVDSTADR"],
    ["abroad, where the service may not send", { destination_addr: "33612345678" }, "ESME_RSUBMITFAIL"],
    ["without words", { short_message: "" }, "ESME_RINVMSGLEN"],
    ["that is data", { data_coding: 4, short_message: Buffer.from([1, 2, 3]) }, "ESME_RSUBMITFAIL"],
    ["of a priority that there is not", { priority_flag: 9 }, "ESME_RINVPRTFLG"],
    ["for a time in a week", { schedule_delivery_time: "000007000000000R" }, "ESME_RINVSCHED"],
    ["whose time is over", { validity_period: "200101000000000+" }, "ESME_RINVEXPIRY"],
    ["that is to replace another", { replace_if_present_flag: 1 }, "ESME_RINVREPFLAG"],
    ["that says it has a header, and has not", { esm_class: 0x40 }, "ESME_RINVESMCLASS"],
    ["that says it is a receipt", { esm_class: 4 }, "ESME_RINVESMCLASS"],
  ])("%s is refused as such, and nothing is kept", async (_, fields, status) => {
    const { service, customer } = await setUp();
    const response = await customer.submit({ ...TO, short_message: "Hello", ...fields });
    expect(response.command_status).toBe(errors[status]);
    const kept = await world.app.db.query`select 1 as one from notifications where service_id = ${service.id}`;
    expect(kept).toEqual([]);
  });

  it("of a team account to somebody outside the team is refused", async () => {
    const { customer } = await setUp({ kind: "team" });
    expect((await customer.submit({ ...TO, short_message: "Hello" })).command_status).toBe(errors["ESME_RSUBMITFAIL"]);
  });

  /** Twelve times at once, of an account that may five times a second; and how many more it might while it was answered. */
  async function askMany(ask: () => Promise<PeerPdu>): Promise<{ answers: PeerPdu[]; cameBack: number }> {
    const startedAtMs = performance.now();
    const answers = await Promise.all(Array.from({ length: 12 }, ask));
    return { answers, cameBack: Math.floor(((performance.now() - startedAtMs) / 1_000) * 5) };
  }

  function expectPaced(answers: PeerPdu[], { cameBack, taken }: { cameBack: number; taken: number | undefined }): void {
    const count = (wanted: number | undefined) => answers.filter((pdu) => pdu.command_status === wanted).length;
    expect(count(taken) + count(errors["ESME_RTHROTTLED"])).toBe(12);
    expect(count(taken)).toBeGreaterThanOrEqual(5);
    expect(count(taken)).toBeLessThanOrEqual(5 + cameBack);
  }

  it("faster than the account may is throttled, and what follows later is not", async () => {
    const { customer } = await setUp({ ratePerSecond: 5, windowMax: 100 });
    const { answers, cameBack } = await askMany(() => customer.submit({ ...TO, short_message: "Hello" }));
    expectPaced(answers, { cameBack, taken: 0 });
    const once = async () => (await customer.submit({ ...TO, short_message: "Hello" })).command_status;
    await vi.waitFor(async () => expect(await once()).toBe(0), WAIT);
  });

  it("beyond the window is throttled", async () => {
    const { customer } = await setUp({ windowMax: 3, ratePerSecond: 1_000 });
    const all = await Promise.all(Array.from({ length: 20 }, () => customer.submit({ ...TO, short_message: "Hello" })));
    const taken = all.filter((pdu) => pdu.command_status === 0).length;
    expect(taken).toBe(3);
  });

  it("or asks what became of messages faster than the account may, is throttled alike", async () => {
    const { customer } = await setUp({ ratePerSecond: 5, windowMax: 100 });
    const { answers, cameBack } = await askMany(() => customer.send("query_sm", { message_id: "nothing" }));
    expectPaced(answers, { cameBack, taken: errors["ESME_RQUERYFAIL"] });
  });

  it("by a command that is not there is refused, and the bind goes on", async () => {
    const { customer } = await setUp();
    const response = await customer.send("submit_multi", { number_of_dests: 0, short_message: "Hello" });
    expect([errors["ESME_RINVCMDID"], errors["ESME_RINVCMDLEN"]]).toContain(response.command_status);
    expect((await customer.ask("enquire_link")).command_status).toBe(0);
  });
});

describe("deliveries to a system", () => {
  it("wait while it is away, and come when it binds again", async () => {
    const { service, account, customer } = await setUp();
    const response = await customer.submit({
      ...TO,
      registered_delivery: 1,
      schedule_delivery_time: "000000000003000R",
      short_message: "While you were out",
    });
    customer.drop();
    await vi.waitFor(async () => expect((await world.latest({ id: idOf(response) })).status).toBe("delivered"), WAIT);
    await world.inboundNumber(service, "07700900555");
    await world.app.db.query`update services set permissions = permissions || '{inbound_sms}' where id = ${service.id}`;
    await world.reload(service);
    await receiveText(world.app, "acme", {
      from: "447700900777",
      to: "447700900555",
      text: "Is it open?",
      reference: undefined,
    });
    const back = await bind(account);
    expect(receiptFields(await back.delivery((pdu) => receiptFields(pdu)["id"] === idOf(response)))["stat"]).toBe(
      "DELIVRD",
    );
    const reply = await back.delivery((pdu) => wordsOf(pdu) === "Is it open?");
    expect(reply).toMatchObject({ esm_class: 0, source_addr: "447700900777", destination_addr: "447700900555" });
    await vi.waitFor(async () => expect(await waiting(account.id)).toBe(0), WAIT);
  });

  it("are brought again when they are not acknowledged, and never to a system that only transmits", async () => {
    const service = await world.service({ textSender: "Library", prefixesTexts: false });
    const account = await makeAccount(world, service);
    const transmitter = await bind({ ...account, role: "transmitter" });
    const response = await transmitter.submit({ ...TO, registered_delivery: 1, short_message: "Hello" });
    await vi.waitFor(async () => expect(await waiting(account.id)).toBe(1), WAIT);
    let refusals = 0;
    const receiver = await bind({
      ...account,
      role: "receiver",
      answer: () => (refusals++ === 0 ? { command_status: errors["ESME_RMSGQFUL"] } : {}),
    });
    await receiver.delivery((pdu) => receiptFields(pdu)["id"] === idOf(response));
    expect(refusals).toBe(2);
    expect(transmitter.deliveries).toEqual([]);
    expect((await receiver.submit({ ...TO, short_message: "Hello" })).command_status).toBe(errors["ESME_RINVBNDSTS"]);
  });

  it("to a system that refuses them all stop for a second after as many as its window", async () => {
    const service = await world.service({ textSender: "Library", prefixesTexts: false });
    const account = await makeAccount(world, service, { windowMax: 2 });
    const transmitter = await bind({ ...account, role: "transmitter" });
    for (let sent = 0; sent < 5; sent += 1)
      await transmitter.submit({ ...TO, registered_delivery: 1, short_message: `Hello ${sent}` });
    await vi.waitFor(async () => expect(await waiting(account.id)).toBe(5), WAIT);
    const refusedAt: number[] = [];
    const answer = () => {
      refusedAt.push(performance.now());
      return { command_status: errors["ESME_RX_T_APPN"] };
    };
    await bind({ ...account, role: "receiver", answer });
    await vi.waitUntil(() => refusedAt.length >= 4, WAIT);
    const [, second = 0, , fourth = 0] = refusedAt;
    expect(fourth - second).toBeGreaterThan(900);
  });

  it("of a long text from the public are whole, in the alphabet they need", async () => {
    const { service, customer } = await setUp({}, { permissions: ["sms", "inbound_sms"] });
    await world.inboundNumber(service, "07700900556");
    const text = `Καλημέρα ${"and a good day to you, too. ".repeat(12)}`;
    await receiveText(world.app, "acme", { from: "447700900777", to: "447700900556", text, reference: undefined });
    const reply = await customer.delivery((pdu) => pdu["esm_class"] === 0);
    expect(reply["data_coding"]).toBe(8);
    expect(wordsOf(reply)).toBe(text);
  });

  it("are left out of where the account takes no replies", async () => {
    const { service, account } = await setUp({ takesReplies: false }, { permissions: ["sms", "inbound_sms"] });
    await world.inboundNumber(service, "07700900557");
    await receiveText(world.app, "acme", {
      from: "447700900777",
      to: "447700900557",
      text: "Hello",
      reference: undefined,
    });
    expect(await waiting(account.id)).toBe(0);
  });
});

async function waiting(accountId: string): Promise<number> {
  const [row] = await world.app.db.query<{ count: number }>`
    select count(*) from smpp_deliveries where account_id = ${accountId}`;
  return row?.count ?? 0;
}

describe("a bind", () => {
  it("is refused in the same words, whatever was wrong", async () => {
    const { account } = await setUp();
    const elsewhere = await makeAccount(world, await world.service(), { allowedNetworks: ["192.0.2.0/24"] });
    const wishes = [
      { ...account, password: "wrong" },
      { ...account, systemId: "nobody" },
      { ...account, password: "" },
      elsewhere,
    ];
    const statuses = [];
    for (const wish of wishes) statuses.push((await bind(wish)).bindStatus);
    expect(statuses).toEqual(wishes.map(() => errors["ESME_RBINDFAIL"]));
  });

  it("beyond as many as the account may have is refused, until one has ended", async () => {
    const { account, customer } = await setUp({ bindsMax: 2 });
    const second = await bind(account);
    expect((await bind(account)).bindStatus).toBe(errors["ESME_RALYBND"]);
    expect((await second.ask("unbind")).command_status).toBe(0);
    await vi.waitFor(async () => expect((await bind(account)).bindStatus).toBe(0), WAIT);
    expect(customer.isClosed()).toBe(false);
  });

  it("ends when its account is revoked, or may no longer be used from where it is", async () => {
    const one = await setUp();
    const other = await setUp();
    await revokeSmppAccount(world.app, ACTOR, { serviceId: one.service.id, id: one.account.id });
    const terms = { ...USUAL_TERMS, allowedNetworks: ["192.0.2.0/24"] };
    await setSmppTerms(world.app, ACTOR, { serviceId: other.service.id, id: other.account.id, terms });
    await vi.waitUntil(() => one.customer.isClosed() && other.customer.isClosed(), WAIT);
    expect((await bind(one.account)).bindStatus).toBe(errors["ESME_RBINDFAIL"]);
  });

  it("guessed at from many addresses of one network at once is hashed for hardly more than may be tried", async () => {
    const guess = (_: unknown, host: number) =>
      logIn(world.app, { systemId: "nobody", password: "wrong", address: `2001:db8::${host + 1}` });
    const answers = await Promise.all(Array.from({ length: 60 }, guess));
    expect(answers.filter(Boolean)).toEqual([]);
    const key = throttleKey(world.app.keys, "smpp-address", "2001:db8::/64");
    const [counted] = await world.app.db.query<{ tries: number }>`select tries from throttles where key = ${key}`;
    expect(counted?.tries).toBeGreaterThanOrEqual(20);
    expect(counted?.tries).toBeLessThan(24);
  });

  it("is asked for before anything else", async () => {
    const { account } = await setUp();
    const stranger = await bind({ ...account, password: "wrong" });
    expect((await stranger.submit({ ...TO, short_message: "Hello" })).command_status).toBe(errors["ESME_RINVBNDSTS"]);
  });
});
