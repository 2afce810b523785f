import smpp, { type PeerPdu } from "smpp";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  bring,
  messageOf,
  receiptText,
  selfSigned,
  startBoth,
  startPeer,
  startProvider,
  stopAll,
  TEXT,
  UNTIL,
} from "../../../test/peers/smpp-carrier.ts";

afterEach(stopAll);

describe("binding", () => {
  it("logs in with the name and password, and says that texts can be taken", async () => {
    const { peer, provider, heard } = await startBoth();
    expect(peer.binds[0]).toMatchObject({
      command: "bind_transceiver",
      system_id: "pennypost",
      interface_version: 0x34,
    });
    expect(provider.capacity()).toBe(100);
    expect(heard.availability).toEqual([{ isAvailable: true, reason: "bound" }]);
  });

  it("keeps as many binds as it was told, each with its window", async () => {
    const { peer, provider } = await startBoth(undefined, { binds: 3, windowSize: 10 });
    await vi.waitUntil(() => provider.capacity() === 30, UNTIL);
    expect(peer.binds).toHaveLength(3);
  });

  it("sends on one connection and receives on another where the carrier wants it so", async () => {
    const { peer, provider, heard } = await startBoth(undefined, { bindAs: "transmitter-and-receiver" });
    await vi.waitUntil(() => peer.sessions.length === 2, UNTIL);
    expect(peer.binds.map((bind) => bind.command).sort()).toEqual(["bind_receiver", "bind_transmitter"]);
    expect(provider.capacity()).toBe(100);
    expect(await provider.send(TEXT)).toEqual({ kind: "accepted", references: ["id-1"] });
    const receiver = peer.sessions[peer.binds.findIndex((bind) => bind.command === "bind_receiver")];
    if (receiver) await bring(receiver, { esm_class: 4, short_message: receiptText("id-1", "DELIVRD") });
    expect(heard.receipts).toHaveLength(1);
  });

  it("keeps trying when the password is wrong, and takes nothing", async () => {
    const peer = await startPeer();
    const { provider, heard } = await startProvider(peer.port, { password: "wrong" });
    await vi.waitUntil(() => peer.binds.length >= 3, UNTIL);
    expect(provider.capacity()).toBe(0);
    expect(await provider.send(TEXT)).toEqual({ kind: "unavailable", reason: "not connected", dueTo: "us" });
    expect(heard.availability).toEqual([]);
  });

  it("starts, and sends later, when the carrier is away at first", async () => {
    const away = await startPeer();
    await new Promise((resolve) => away.server.close(resolve));
    const { provider } = await startProvider(away.port);
    expect(await provider.send(TEXT)).toMatchObject({ kind: "unavailable" });
    away.server.listen(away.port, "127.0.0.1");
    await vi.waitUntil(() => provider.capacity() > 0, UNTIL);
    expect(await provider.send(TEXT)).toMatchObject({ kind: "accepted" });
  });

  it("speaks TLS, and refuses a certificate it has no reason to trust", async () => {
    const { key, cert } = selfSigned();
    const peer = await startPeer(undefined, { key, cert });
    const trusting = await startProvider(peer.port, { tls: { ca: cert, servername: "localhost" } });
    const wary = await startProvider(peer.port, { tls: true });
    await vi.waitUntil(() => trusting.provider.capacity() > 0, UNTIL);
    expect(await trusting.provider.send(TEXT)).toEqual({ kind: "accepted", references: ["id-1"] });
    expect(wary.provider.capacity()).toBe(0);
  });

  it("says goodbye when it stops, after what was under way", async () => {
    let answerNow = () => {};
    const { peer, provider, session } = await startBoth((submit, from) => {
      answerNow = () => void from.send(submit.response({ message_id: "late" }));
      return undefined;
    });
    const goodbyes: PeerPdu[] = [];
    session.on("unbind", (pdu: PeerPdu) => goodbyes.push(pdu));
    const sending = provider.send(TEXT);
    await vi.waitUntil(() => peer.submits.length === 1, UNTIL);
    const stopping = provider.stop();
    expect(provider.capacity()).toBe(0);
    answerNow();
    expect(await sending).toEqual({ kind: "accepted", references: ["late"] });
    await stopping;
    expect(goodbyes).toHaveLength(1);
  });
});

describe("sending", () => {
  it("carries euro signs and brackets in the 7-bit alphabet, and asks for a receipt", async () => {
    const { peer, provider } = await startBoth();
    expect(await provider.send({ ...TEXT, text: "Pay €5 [now] @£" })).toEqual({
      kind: "accepted",
      references: ["id-1"],
    });
    const [submit] = peer.submits;
    expect(submit).toMatchObject({
      source_addr: "Pennypost",
      source_addr_ton: 5,
      source_addr_npi: 0,
      destination_addr: "447700900123",
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      data_coding: 0,
      esm_class: 0,
      registered_delivery: 1,
      validity_period: "",
    });
    expect(messageOf(submit).message).toBe("Pay €5 [now] @£");
  });

  it("carries emoji in UCS-2", async () => {
    const { peer, provider } = await startBoth();
    await provider.send({ ...TEXT, text: "Ŵythnos 🎉", encoding: "ucs2" });
    expect(peer.submits[0]).toMatchObject({ data_coding: 8 });
    expect(messageOf(peer.submits[0]).message).toBe("Ŵythnos 🎉");
  });

  it("cuts a long text into parts that a phone can join, with a reference for each", async () => {
    const { peer, provider } = await startBoth();
    const text = "0123456789".repeat(40);
    const outcome = await provider.send({ ...TEXT, text });
    expect(outcome).toEqual({ kind: "accepted", references: ["id-1", "id-2", "id-3"] });
    expect(peer.submits.map((submit) => messageOf(submit).message).join("")).toBe(text);
    const headers = peer.submits.map((submit) => messageOf(submit).udh?.[0] ?? Buffer.alloc(0));
    const reference = headers[0]?.[2];
    expect(headers.map((header) => [...header])).toEqual([1, 2, 3].map((number) => [0, 3, reference, 3, number]));
    expect(peer.submits.map((submit) => submit["registered_delivery"])).toEqual([1, 1, 1]);
  });

  it("gives the next long text another reference", async () => {
    const { peer, provider } = await startBoth();
    for (const text of ["a".repeat(161), "b".repeat(161)]) await provider.send({ ...TEXT, text });
    const references = peer.submits.map((submit) => messageOf(submit).udh?.[0]?.[2]);
    expect(new Set(references).size).toBe(2);
  });

  it.each([
    ["60777", { source_addr: "60777", source_addr_ton: 3, source_addr_npi: 0 }],
    ["07700900111", { source_addr: "07700900111", source_addr_ton: 2, source_addr_npi: 1 }],
    ["447700900111", { source_addr: "447700900111", source_addr_ton: 1, source_addr_npi: 1 }],
    ["+447700900111", { source_addr: "447700900111", source_addr_ton: 1, source_addr_npi: 1 }],
    ["NHS Leeds", { source_addr: "NHS Leeds", source_addr_ton: 5, source_addr_npi: 0 }],
  ])("names the type of the sender %s", async (from, fields) => {
    const { peer, provider } = await startBoth();
    await provider.send({ ...TEXT, from });
    expect(peer.submits[0]).toMatchObject(fields);
  });

  it("shows a flash text at once, and gives up when its time has passed", async () => {
    const { peer, provider } = await startBoth();
    const validUntil = new Date(Date.now() + 3_600_000);
    await provider.send({ ...TEXT, flash: true, validUntil });
    expect(peer.submits).toMatchObject([{ data_coding: 0x10, validity_period: expect.any(Date) }]);
    const until = peer.submits[0]?.["validity_period"] as Date;
    expect(Math.abs(until.getTime() - validUntil.getTime())).toBeLessThan(5_000);
    const late = await provider.send({ ...TEXT, validUntil: new Date(Date.now() - 1) });
    expect(late).toMatchObject({ kind: "refused" });
    expect(peer.submits).toHaveLength(1);
  });

  it("refuses a sender that SMPP cannot carry, without asking the carrier", async () => {
    const { peer, provider } = await startBoth();
    expect(await provider.send({ ...TEXT, from: "Łódź" })).toMatchObject({ kind: "refused" });
    expect(await provider.send({ ...TEXT, from: "a sender far too long" })).toMatchObject({ kind: "refused" });
    expect(await provider.send({ ...TEXT, to: "1".repeat(30) })).toMatchObject({ kind: "refused" });
    expect(peer.submits).toHaveLength(0);
  });

  it("never has more unanswered than its window, and capacity says what is left", async () => {
    const unanswered: (() => void)[] = [];
    const { peer, provider } = await startBoth(
      (submit, from, nth) => {
        unanswered.push(() => void from.send(submit.response({ message_id: `id-${nth}` })));
        return undefined;
      },
      { windowSize: 4 },
    );
    const outcomes = Array.from({ length: 7 }, () => provider.send(TEXT));
    await vi.waitUntil(() => peer.submits.length === 4, UNTIL);
    expect(provider.capacity()).toBe(0);
    let most = 0;
    for (let answered = 0; answered < 7; answered++) {
      await vi.waitUntil(() => unanswered.length > 0, UNTIL);
      most = Math.max(most, peer.submits.length - answered);
      unanswered.shift()?.();
    }
    expect((await Promise.all(outcomes)).map((outcome) => outcome.kind)).toEqual(Array(7).fill("accepted"));
    expect(most).toBe(4);
    expect(provider.capacity()).toBe(4);
  });
});

describe("outcomes", () => {
  it.each([
    ["ESME_RINVDSTADR", "refused"],
    ["ESME_RINVSRCADR", "refused"],
    ["ESME_RX_P_APPN", "refused"],
    ["ESME_RSYSERR", "unavailable"],
    ["ESME_RX_T_APPN", "unavailable"],
  ])("%s means %s, with the code", async (code, kind) => {
    const { provider } = await startBoth(() => ({ command_status: smpp.errors[code] }));
    expect(await provider.send(TEXT)).toMatchObject({ kind, code });
  });

  it("a code of the carrier's own may pass elsewhere", async () => {
    const { provider } = await startBoth(() => ({ command_status: 0x0457 }));
    expect(await provider.send(TEXT)).toMatchObject({ kind: "unavailable", code: "0x00000457" });
  });

  it("one refused part refuses the text", async () => {
    const { provider } = await startBoth((_submit, _session, nth) =>
      nth === 2 ? { command_status: smpp.errors["ESME_RINVDSTADR"] } : { message_id: "x" },
    );
    expect(await provider.send({ ...TEXT, text: "a".repeat(400) })).toMatchObject({ kind: "refused" });
  });

  it.each(["ESME_RTHROTTLED", "ESME_RMSGQFUL"])("%s makes it wait a moment, and then go slower", async (code) => {
    let isBusy = true;
    const { provider } = await startBoth((_submit, _session, nth) =>
      isBusy ? { command_status: smpp.errors[code] } : { message_id: `id-${nth}` },
    );
    const outcome = await provider.send(TEXT);
    expect(outcome).toMatchObject({ kind: "unavailable", code, retryAfterMs: 500 });
    expect(provider.capacity()).toBe(0);
    isBusy = false;
    await vi.waitUntil(() => provider.capacity() > 0, UNTIL);
    expect(provider.capacity()).toBeLessThan(100);
    expect(await provider.send(TEXT)).toMatchObject({ kind: "accepted" });
  });

  it("a link cut with the window open leaves it open whether they were sent, and is made again", async () => {
    const { peer, provider, heard, session } = await startBoth((_submit, _session, nth) =>
      nth <= 3 ? undefined : { message_id: `id-${nth}` },
    );
    const outcomes = [1, 2, 3].map(() => provider.send(TEXT));
    await vi.waitUntil(() => peer.submits.length === 3, UNTIL);
    session.socket.resetAndDestroy();
    for (const outcome of await Promise.all(outcomes)) {
      expect(outcome).toEqual({
        kind: "unavailable",
        reason: "connection lost before an answer",
        code: "unanswered",
        mayHaveBeenSent: true,
      });
    }
    await vi.waitUntil(() => provider.capacity() > 0, UNTIL);
    expect(heard.availability.map(({ isAvailable }) => isAvailable)).toEqual([true, false, true]);
    expect(await provider.send(TEXT)).toEqual({ kind: "accepted", references: ["id-4"] });
  });

  it("an answer that does not come in time is given up, and the link goes on", async () => {
    const { provider } = await startBoth((_submit, _session, nth) => (nth === 1 ? undefined : { message_id: "b" }), {
      requestTimeoutMs: 1_000,
    });
    expect(await provider.send(TEXT)).toMatchObject({ kind: "unavailable", reason: "no answer in time" });
    expect(await provider.send(TEXT)).toEqual({ kind: "accepted", references: ["b"] });
  });

  it("a pace of 50 a second is kept", async () => {
    const { peer, provider } = await startBoth(undefined, { maxPerSecond: 50 });
    expect(provider.capacity()).toBeLessThanOrEqual(6);
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 26 }, () => provider.send(TEXT)));
    expect(peer.submits).toHaveLength(26);
    expect(performance.now() - startedAt).toBeGreaterThan(350);
  });
});

describe("the link", () => {
  it("answers the carrier's enquire_link", async () => {
    const { session } = await startBoth();
    const answer = await new Promise<PeerPdu>((resolve) => session.enquire_link({}, resolve));
    expect(answer).toMatchObject({ command: "enquire_link_resp", command_status: 0 });
  });

  it("is checked when it is quiet", async () => {
    const { peer, provider } = await startBoth(undefined, { enquireLinkMs: 40 });
    await vi.waitUntil(() => peer.enquiries >= 3, UNTIL);
    expect(provider.capacity()).toBe(100);
    expect(peer.binds).toHaveLength(1);
  });

  it("that is half open is noticed, and bound again", async () => {
    const { peer, provider, heard, session } = await startBoth(undefined, {
      enquireLinkMs: 40,
      requestTimeoutMs: 1_000,
    });
    session.pause();
    session.socket.pause();
    await vi.waitUntil(() => peer.sessions.length >= 2, UNTIL);
    await vi.waitUntil(() => provider.capacity() > 0, UNTIL);
    expect(heard.availability[1]).toEqual({ isAvailable: false, reason: "no answer to enquire_link" });
    expect(await provider.send(TEXT)).toMatchObject({ kind: "accepted" });
  });

  it("that the carrier unbinds is bound again", async () => {
    const { peer, session } = await startBoth();
    const answer = await new Promise<PeerPdu>((resolve) => session.unbind({}, resolve));
    expect(answer.command).toBe("unbind_resp");
    await vi.waitUntil(() => peer.sessions.length === 2, UNTIL);
  });

  it("refuses a command it does not know, and goes on", async () => {
    const { provider, session } = await startBoth();
    const answer = new Promise<PeerPdu>((resolve) => session.once("generic_nack", resolve));
    session.socket.write(Buffer.from("00000010000007770000000000000009", "hex"));
    expect(await answer).toMatchObject({ command_status: smpp.errors["ESME_RINVCMDID"], sequence_number: 9 });
    expect(await provider.send(TEXT)).toMatchObject({ kind: "accepted" });
  });
});
