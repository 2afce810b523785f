import fc from "fast-check";
import smpp from "smpp";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "./byte-writer.ts";
import { STATUS } from "./command-statuses.ts";
import { COMMAND_IDS, type CommandName } from "./commands.ts";
import { decodePdu } from "./decode-pdu.ts";
import { encodePdu } from "./encode-pdu.ts";
import { FrameSplitter } from "./frame-splitter.ts";
import { NO_ADDRESS, NO_TLVS, type Pdu, type ShortMessageRequest, shortMessage } from "./pdu.ts";
import { networkErrorTlv, numberTlv, TAG, textTlv, tlvNumber, tlvText } from "./tlvs.ts";

const A = { ton: 1, npi: 1, address: "447700900123" };
const B = { ton: 5, npi: 0, address: "Pennypost" };

function encode(pdu: Pdu, sequence = 1): Buffer {
  const writer = new ByteWriter();
  encodePdu(writer, pdu, sequence);
  return Buffer.concat(writer.take());
}

function submit(fields: Partial<ShortMessageRequest> = {}): ShortMessageRequest {
  return shortMessage({
    command: "submit_sm",
    source: B,
    destination: A,
    shortMessage: Buffer.from("Hello"),
    ...fields,
  });
}

/** Written out from the layouts of SMPP 3.4 §4, octet by octet; the first is the standard's own example (§3.2.3). */
const GOLDEN: { name: string; sequence: number; hex: string; pdu: Pdu }[] = [
  {
    name: "bind_transmitter, the standard's example",
    sequence: 1,
    hex: `0000002f 00000002 00000000 00000001 534d50503354455354 00 7365637265743038 00 5355424d495431 00 00 01 01 00`,
    pdu: {
      command: "bind_transmitter",
      systemId: "SMPP3TEST",
      password: "secret08",
      systemType: "SUBMIT1",
      interfaceVersion: 0,
      addressRange: { ton: 1, npi: 1, address: "" },
    },
  },
  {
    name: "bind_transceiver_resp with sc_interface_version",
    sequence: 2,
    hex: `0000001a 80000009 00000000 00000002 534d534300 0210 0001 34`,
    pdu: {
      command: "bind_transceiver_resp",
      status: 0,
      systemId: "SMSC",
      tlvs: [{ tag: 0x0210, value: Buffer.from([0x34]) }],
    },
  },
  {
    name: "a refused bind has no body",
    sequence: 2,
    hex: `00000010 80000009 0000000e 00000002`,
    pdu: { command: "bind_transceiver_resp", status: STATUS.ESME_RINVPASWD, systemId: "", tlvs: NO_TLVS },
  },
  {
    name: "submit_sm",
    sequence: 0x7fffffff,
    hex: `0000004b 00000004 00000000 7fffffff 00 05 00 50656e6e79706f7374 00 01 01 343437373030393030313233 00
          40 00 00 00 3030303030303031303030303030305200 01 00 00 00 05 48656c6c6f`,
    pdu: submit({ esmClass: 0x40, registeredDelivery: 1, validityPeriod: "000000010000000R" }),
  },
  {
    name: "submit_sm_resp",
    sequence: 7,
    hex: `00000015 80000004 00000000 00000007 3132616200`,
    pdu: { command: "submit_sm_resp", status: 0, messageId: "12ab", tlvs: NO_TLVS },
  },
  {
    name: "submit_sm_resp that refuses",
    sequence: 7,
    hex: `00000010 80000004 00000058 00000007`,
    pdu: { command: "submit_sm_resp", status: STATUS.ESME_RTHROTTLED, messageId: "", tlvs: NO_TLVS },
  },
  {
    name: "deliver_sm with receipt parameters",
    sequence: 3,
    hex: `0000005b 00000005 00000000 00000003 00 01 01 343437373030393030313233 00 05 00 50656e6e79706f7374 00
          04 00 00 00 00 00 00 00 00 00 001e 0005 3132616200 0427 0001 02 0423 0003 030000
          020c 0002 0102 020e 0001 02 020f 0001 01`,
    pdu: {
      ...submit(),
      command: "deliver_sm",
      source: A,
      destination: B,
      esmClass: 4,
      shortMessage: new Uint8Array(0),
      tlvs: [
        { tag: 0x001e, value: Buffer.from("12ab\0") },
        { tag: 0x0427, value: Buffer.from([2]) },
        { tag: 0x0423, value: Buffer.from([3, 0, 0]) },
        { tag: 0x020c, value: Buffer.from([1, 2]) },
        { tag: 0x020e, value: Buffer.from([2]) },
        { tag: 0x020f, value: Buffer.from([1]) },
      ],
    },
  },
  { name: "enquire_link", sequence: 9, hex: `00000010 00000015 00000000 00000009`, pdu: { command: "enquire_link" } },
  { name: "unbind", sequence: 9, hex: `00000010 00000006 00000000 00000009`, pdu: { command: "unbind" } },
  {
    name: "generic_nack",
    sequence: 0,
    hex: `00000010 80000000 00000003 00000000`,
    pdu: { command: "generic_nack", status: STATUS.ESME_RINVCMDID },
  },
  {
    name: "outbind",
    sequence: 4,
    hex: `00000018 0000000b 00000000 00000004 534d5300 70617300`,
    pdu: { command: "outbind", systemId: "SMS", password: "pas" },
  },
  {
    name: "query_sm",
    sequence: 5,
    hex: `00000017 00000003 00000000 00000005 363400 01 01 3100`,
    pdu: { command: "query_sm", messageId: "64", source: { ton: 1, npi: 1, address: "1" } },
  },
  {
    name: "query_sm_resp",
    sequence: 5,
    hex: "00000026 80000003 00000000 00000005 363400 323630363031313233313035303030 2b00 02 00",
    pdu: {
      command: "query_sm_resp",
      status: 0,
      messageId: "64",
      finalDate: "260601123105000+",
      messageState: 2,
      errorCode: 0,
    },
  },
  {
    name: "cancel_sm",
    sequence: 6,
    hex: `0000001c 00000008 00000000 00000006 00 363400 01 01 3100 01 01 3200`,
    pdu: {
      command: "cancel_sm",
      serviceType: "",
      messageId: "64",
      source: { ton: 1, npi: 1, address: "1" },
      destination: { ton: 1, npi: 1, address: "2" },
    },
  },
  {
    name: "replace_sm",
    sequence: 6,
    hex: `0000001e 00000007 00000000 00000006 363400 01 01 3100 00 00 01 00 02 4869`,
    pdu: {
      command: "replace_sm",
      messageId: "64",
      source: { ton: 1, npi: 1, address: "1" },
      scheduleDeliveryTime: "",
      validityPeriod: "",
      registeredDelivery: 1,
      defaultMessageId: 0,
      shortMessage: Buffer.from("Hi"),
    },
  },
  {
    name: "data_sm with its message in a parameter",
    sequence: 8,
    hex: `00000022 00000103 00000000 00000008 00 01 01 3100 01 01 3200 00 01 00 0424 0002 4869`,
    pdu: {
      command: "data_sm",
      serviceType: "",
      source: { ton: 1, npi: 1, address: "1" },
      destination: { ton: 1, npi: 1, address: "2" },
      esmClass: 0,
      registeredDelivery: 1,
      dataCoding: 0,
      tlvs: [{ tag: 0x0424, value: Buffer.from("Hi") }],
    },
  },
  {
    name: "alert_notification",
    sequence: 8,
    hex: `0000001d 00000102 00000000 00000008 01 01 3100 01 01 3200 0422 0001 00`,
    pdu: {
      command: "alert_notification",
      source: { ton: 1, npi: 1, address: "1" },
      esme: { ton: 1, npi: 1, address: "2" },
      tlvs: [{ tag: 0x0422, value: Buffer.from([0]) }],
    },
  },
];

describe("the octets of a PDU", () => {
  it.each(GOLDEN)("are written as the standard lays them out: $name", ({ hex, pdu, sequence }) => {
    expect(encode(pdu, sequence).toString("hex")).toBe(hex.replace(/\s/g, ""));
  });

  it.each(GOLDEN)("are read as the standard lays them out: $name", ({ hex, pdu, sequence }) => {
    const decoded = decodePdu(Buffer.from(hex.replace(/\s/g, ""), "hex"));
    expect(plain(decoded)).toEqual(plain({ kind: "pdu", sequence, pdu }));
  });
});

/** Views and buffers as plain lists, so that only their octets are compared. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, inner) => asList(inner)));
}

function asList(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  const isBufferJson = typeof value === "object" && value !== null && "type" in value && value.type === "Buffer";
  return isBufferJson && "data" in value ? value.data : value;
}

/** npm smpp uses the names of SMPP 5.0 for these. */
const NAMES_OF_VERSION_5: Record<string, string> = {
  ESME_RINVOPTPARSTREAM: "ESME_RINVTLVSTREAM",
  ESME_ROPTPARNOTALLWD: "ESME_RTLVNOTALLWD",
  ESME_RINVPARLEN: "ESME_RINVTLVLEN",
  ESME_RMISSINGOPTPARAM: "ESME_RMISSINGTLV",
  ESME_RINVOPTPARAMVAL: "ESME_RINVTLVVAL",
};

describe("against npm smpp's codec", () => {
  it("has the same number for every command and status we know", () => {
    for (const [name, id] of Object.entries(COMMAND_IDS)) expect(smpp.commands[name]?.id, name).toBe(id);
    for (const [name, status] of Object.entries(STATUS)) {
      expect(smpp.errors[NAMES_OF_VERSION_5[name] ?? name], name).toBe(status);
    }
    for (const [name, tag] of Object.entries(TAG)) {
      expect(smpp.tlvs[name]?.id, name).toBe(tag);
    }
  });

  it("is read by it field by field", () => {
    const tlvs = [textTlv(TAG.receipted_message_id, "ab12"), numberTlv(TAG.message_state, 5, 1)];
    const pdu = smpp.PDU.fromBuffer(encode({ ...submit({ esmClass: 4, tlvs }), command: "deliver_sm" }, 77));
    expect(pdu).toMatchObject({
      command: "deliver_sm",
      sequence_number: 77,
      source_addr: "Pennypost",
      source_addr_ton: 5,
      destination_addr: "447700900123",
      dest_addr_ton: 1,
      esm_class: 4,
      receipted_message_id: "ab12",
      message_state: 5,
    });
  });

  it("reads what it writes", () => {
    const theirs = new smpp.PDU("deliver_sm", {
      source_addr: "447700900123",
      destination_addr: "60777",
      short_message: Buffer.from("yes"),
      data_coding: 0,
      receipted_message_id: "id-1",
      network_error_code: Buffer.from([3, 1, 4]),
      sequence_number: 12,
    });
    const decoded = decodePdu(theirs.toBuffer());
    if (decoded.kind !== "pdu" || decoded.pdu.command !== "deliver_sm") throw new Error(decoded.kind);
    expect(decoded.sequence).toBe(12);
    expect(decoded.pdu.source.address).toBe("447700900123");
    expect(Buffer.from(decoded.pdu.shortMessage).toString()).toBe("yes");
    expect(tlvText(decoded.pdu.tlvs, TAG.receipted_message_id)).toBe("id-1");
    expect(tlvNumber(decoded.pdu.tlvs, TAG.network_error_code)).toBe(0x030104);
    expect([...networkErrorTlv(3, 0x104).value]).toEqual([3, 1, 4]);
  });
});

describe("hostile octets", () => {
  const HEADER = (command: CommandName | number, length: number) => {
    const header = Buffer.alloc(16);
    header.writeUInt32BE(length, 0);
    header.writeUInt32BE(typeof command === "number" ? command : COMMAND_IDS[command], 4);
    header.writeUInt32BE(42, 12);
    return header;
  };
  const frame = (command: CommandName | number, hex: string) => {
    const body = Buffer.from(hex.replace(/\s/g, ""), "hex");
    return Buffer.concat([HEADER(command, 16 + body.length), body]);
  };

  it.each([
    { name: "an unknown command", bytes: frame(0x00000777, ""), status: STATUS.ESME_RINVCMDID },
    { name: "a header cut short", bytes: Buffer.alloc(9), status: STATUS.ESME_RINVCMDLEN },
    { name: "a submit_sm without a body", bytes: frame("submit_sm", ""), status: STATUS.ESME_RINVCMDLEN },
    { name: "a C-string without its end", bytes: frame("outbind", "41 42 43"), status: STATUS.ESME_RINVCMDLEN },
    { name: "a system_id of 16", bytes: frame("outbind", `${"41".repeat(16)}00 00`), status: STATUS.ESME_RINVPARLEN },
    {
      name: "an sm_length beyond the end",
      bytes: frame("replace_sm", "3100 00 00 00 00 00 00 00 ff 41"),
      status: STATUS.ESME_RINVCMDLEN,
    },
    {
      name: "an optional parameter beyond the end",
      bytes: frame("submit_sm_resp", "3100 001e ffff 41"),
      status: STATUS.ESME_RINVOPTPARSTREAM,
    },
    {
      name: "optional parameters without end",
      bytes: frame("submit_sm_resp", `3100 ${"001e0000".repeat(65)}`),
      status: STATUS.ESME_RINVOPTPARSTREAM,
    },
  ])("are refused with the right status: $name", ({ bytes, status }) => {
    expect(decodePdu(bytes)).toMatchObject({ kind: "malformed", status });
  });

  it("never make the decoder throw", () => {
    const ids = fc.constantFrom(...Object.values(COMMAND_IDS));
    fc.assert(
      fc.property(ids, fc.uint8Array({ maxLength: 300 }), (id, body) => {
        const bytes = Buffer.concat([HEADER(id, 16 + body.length), body]);
        expect(["pdu", "malformed"]).toContain(decodePdu(bytes).kind);
      }),
      { numRuns: 3_000 },
    );
  });

  it("that differ by one flipped octet from a good PDU are still read or refused", () => {
    const good = encode(submit({ tlvs: [textTlv(TAG.receipted_message_id, "abc")] }));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (position, octet) => {
        const bytes = Buffer.from(good);
        bytes[position] = octet;
        decodePdu(bytes);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("values that do not fit their field", () => {
  it.each([
    ["an address of 21", submit({ destination: { ...A, address: "1".repeat(21) } })],
    ["a character beyond Latin-1", submit({ source: { ...B, address: "Ł" } })],
    ["a NUL within", submit({ source: { ...B, address: "a\0b" } })],
    ["a short_message of 255", submit({ shortMessage: new Uint8Array(255) })],
    ["a parameter of 65536", submit({ tlvs: [{ tag: 0x424, value: new Uint8Array(65_536) }] })],
  ])("are refused and leave nothing half-written: %s", (_name, pdu) => {
    const writer = new ByteWriter();
    encodePdu(writer, { command: "enquire_link" }, 1);
    expect(() => encodePdu(writer, pdu, 2)).toThrow(RangeError);
    encodePdu(writer, { command: "enquire_link" }, 3);
    expect(Buffer.concat(writer.take()).length).toBe(32);
  });
});

describe("cutting a stream into PDUs", () => {
  it("finds the same frames however the network cuts them", () => {
    const whole = Buffer.concat([encode(submit()), encode({ command: "enquire_link" }), encode(submit(), 3)]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }), (sizes) => {
        expect(Buffer.concat(split(whole, sizes)).equals(whole)).toBe(true);
        expect(split(whole, sizes)).toHaveLength(3);
      }),
    );
  });

  function split(whole: Buffer, sizes: number[]): Buffer[] {
    const splitter = new FrameSplitter();
    const frames: Buffer[] = [];
    for (let position = 0, turn = 0; position < whole.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1;
      frames.push(...splitter.push(whole.subarray(position, position + size)).frames);
      position += size;
    }
    return frames;
  }

  it.each([0, 15, 0x7fffffff, 0xffffffff])("gives up on a command_length of %d, whole or in pieces", (length) => {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(length, 0);
    expect(new FrameSplitter().push(bytes).isBroken).toBe(true);
    const dripped = new FrameSplitter();
    expect([...bytes].some((octet) => dripped.push(Buffer.from([octet])).isBroken)).toBe(true);
  });

  it("fills many chunks without losing an octet", () => {
    const writer = new ByteWriter();
    for (let sequence = 1; sequence <= 2_000; sequence++) encodePdu(writer, submit(), sequence);
    const pieces = writer.take();
    expect(pieces.length).toBeGreaterThan(1);
    const { frames } = new FrameSplitter().push(Buffer.concat(pieces));
    expect(frames.map((bytes) => decodePdu(bytes).sequence)).toEqual(Array.from({ length: 2_000 }, (_, i) => i + 1));
    expect(writer.take()).toEqual([]);
  });
});

describe("an empty address", () => {
  it("survives the round trip", () => {
    const decoded = decodePdu(encode(submit({ source: NO_ADDRESS })));
    expect(decoded).toMatchObject({ pdu: { source: { ton: 0, npi: 0, address: "" } } });
  });
});
