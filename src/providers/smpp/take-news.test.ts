import smpp, { type PeerPdu } from "smpp";
import { afterEach, describe, expect, it } from "vitest";
import { bring, receiptText, startBoth, stopAll, TEXT } from "../../../test/peers/smpp-carrier.ts";

afterEach(stopAll);

describe("receipts", () => {
  it("are read from their parameters", async () => {
    const { session, heard } = await startBoth();
    const answer = await bring(session, {
      esm_class: 4,
      receipted_message_id: "id-1",
      message_state: 2,
      network_error_code: Buffer.from([3, 0, 27]),
    });
    expect(answer).toMatchObject({ command: "deliver_sm_resp", command_status: 0 });
    expect(heard.receipts).toEqual([{ reference: "id-1", status: "delivered", code: "DELIVRD 27" }]);
  });

  it.each([
    ["DELIVRD", "delivered"],
    ["EXPIRED", "temporary-failure"],
    ["UNDELIV", "permanent-failure"],
    ["REJECTD", "permanent-failure"],
    ["ENROUTE", "pending"],
    ["ACCEPTD", "pending"],
    ["UNKNOWN", "technical-failure"],
  ])("are read from their text: %s is %s", async (stat, status) => {
    const { session, heard } = await startBoth();
    await bring(session, { esm_class: 4, short_message: receiptText("id-1", stat) });
    expect(heard.receipts).toEqual([{ reference: "id-1", status, code: stat, at: new Date("2026-06-01T12:31:00Z") }]);
  });

  it("of a message still on its way are pending, whatever they say", async () => {
    const { session, heard } = await startBoth();
    await bring(session, { esm_class: 0x20, receipted_message_id: "id-1", message_state: 5 });
    expect(heard.receipts).toMatchObject([{ status: "pending" }]);
  });

  it("find their message where the answer was hexadecimal and the text is decimal", async () => {
    const { session, provider, heard } = await startBoth(() => ({ message_id: "0A1F" }), {
      messageIdFormat: "hex-in-submit",
    });
    expect(await provider.send(TEXT)).toEqual({ kind: "accepted", references: ["2591"] });
    await bring(session, { esm_class: 4, short_message: receiptText("0000002591", "DELIVRD") });
    await bring(session, { esm_class: 4, receipted_message_id: "0A1F", message_state: 2 });
    expect(heard.receipts.map(({ reference }) => reference)).toEqual(["2591", "2591"]);
  });

  it("find their message where the answer was decimal and the text is hexadecimal", async () => {
    const { session, provider, heard } = await startBoth(() => ({ message_id: "2591" }), {
      messageIdFormat: "decimal-in-submit",
    });
    expect(await provider.send(TEXT)).toEqual({ kind: "accepted", references: ["2591"] });
    await bring(session, { esm_class: 4, short_message: receiptText("a1f", "DELIVRD") });
    expect(heard.receipts.map(({ reference }) => reference)).toEqual(["2591"]);
  });

  it("are acknowledged only once they are kept, and refused when they cannot be", async () => {
    let keep = () => {};
    const kept = new Promise<void>((resolve) => {
      keep = resolve;
    });
    const fail = async () => {
      throw new Error("the database is away");
    };
    const turns = [fail, () => kept];
    const { session } = await startBoth(undefined, {}, { receipt: async () => turns.shift()?.() });
    const fields = { esm_class: 4, receipted_message_id: "id-1", message_state: 2 };
    expect(await bring(session, fields)).toMatchObject({ command_status: smpp.errors["ESME_RX_T_APPN"] });
    let isAnswered = false;
    const second = bring(session, fields).then((answer) => {
      isAnswered = true;
      return answer;
    });
    await new Promise((resolve) => session.enquire_link({}, () => resolve(undefined)));
    expect(isAnswered).toBe(false);
    keep();
    expect(await second).toMatchObject({ command_status: 0 });
  });

  it("that nobody could match are acknowledged, so that they do not come for ever", async () => {
    const { session, heard } = await startBoth();
    expect(await bring(session, { esm_class: 4, short_message: "stat:DELIVRD" })).toMatchObject({ command_status: 0 });
    expect(heard.receipts).toEqual([]);
  });
});

describe("inbound texts", () => {
  it.each([
    ["in the 7-bit alphabet", { data_coding: 0, short_message: "Yes @ €5 [ok]" }, "Yes @ €5 [ok]"],
    ["in UCS-2", { data_coding: 8, short_message: "Ydw 👍" }, "Ydw 👍"],
    ["in Latin-1", { data_coding: 3, short_message: Buffer.from("Café", "latin1") }, "Café"],
    ["in a message_payload", { data_coding: 0, message_payload: "Long enough" }, "Long enough"],
    ["with nothing in it", { data_coding: 0 }, ""],
  ])("arrive %s", async (_name, fields, text) => {
    const { session, heard } = await startBoth();
    await bring(session, { destination_addr: "447700900999", ...fields });
    expect(heard.inbound).toEqual([{ from: "447700900123", to: "447700900999", text }]);
  });

  it("arrive by data_sm as well", async () => {
    const { session, heard } = await startBoth();
    const answer = await new Promise<PeerPdu>((resolve) => {
      session.data_sm(
        { source_addr: "447700900123", destination_addr: "60777", message_payload: "Hi", data_coding: 0 },
        resolve,
      );
    });
    expect(answer).toMatchObject({ command: "data_sm_resp", command_status: 0 });
    expect(heard.inbound).toEqual([{ from: "447700900123", to: "60777", text: "Hi" }]);
  });

  it("that are long say which part they are, by header or by parameters", async () => {
    const { session, heard } = await startBoth();
    const udh = Buffer.from([5, 0, 3, 77, 2, 1]);
    await bring(session, { esm_class: 0x40, short_message: { udh, message: "first " } });
    await bring(session, {
      sar_msg_ref_num: 77,
      sar_total_segments: 2,
      sar_segment_seqnum: 2,
      short_message: "second",
    });
    expect(heard.inbound).toMatchObject([
      { text: "first ", part: { reference: 77, total: 2, number: 1 } },
      { text: "second", part: { reference: 77, total: 2, number: 2 } },
    ]);
  });

  it("that are data and no text are acknowledged and left", async () => {
    const { session, heard } = await startBoth();
    const answer = await bring(session, { data_coding: 4, short_message: Buffer.from([1, 2, 3]) });
    expect(answer).toMatchObject({ command_status: 0 });
    expect(heard.inbound).toEqual([]);
  });
});
