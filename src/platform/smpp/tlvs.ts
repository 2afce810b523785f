/** Optional parameters (SMPP 3.4 §5.3): a tag, a length and a value; those we do not know are carried along unread. */
export interface Tlv {
  tag: number;
  value: Uint8Array;
}

/** Tags of §5.3.2 that we read or write. */
export const TAG = {
  receipted_message_id: 0x001e,
  sar_msg_ref_num: 0x020c,
  sc_interface_version: 0x0210,
  sar_total_segments: 0x020e,
  sar_segment_seqnum: 0x020f,
  network_error_code: 0x0423,
  message_payload: 0x0424,
  message_state: 0x0427,
} as const;

/** message_state (§5.2.28) and the word a receipt's text uses for it (Appendix B). */
export const MESSAGE_STATES = {
  ENROUTE: 1,
  DELIVRD: 2,
  EXPIRED: 3,
  DELETED: 4,
  UNDELIV: 5,
  ACCEPTD: 6,
  UNKNOWN: 7,
  REJECTD: 8,
} as const;

export type MessageStateWord = keyof typeof MESSAGE_STATES;

const WORDS = new Map<number, MessageStateWord>(
  Object.entries(MESSAGE_STATES).map(([word, state]) => [state, word as MessageStateWord] as const),
);

/** The receipt's word for a message_state.  messageStateWord(2) → "DELIVRD" */
export function messageStateWord(state: number): MessageStateWord | undefined {
  return WORDS.get(state);
}

/** The value of the first parameter with this tag. */
export function tlvBytes(tlvs: readonly Tlv[], tag: number): Uint8Array | undefined {
  for (const tlv of tlvs) if (tlv.tag === tag) return tlv.value;
  return undefined;
}

/** An unsigned number of one to four octets; undefined where it is absent or of another length. */
export function tlvNumber(tlvs: readonly Tlv[], tag: number): number | undefined {
  const value = tlvBytes(tlvs, tag);
  if (!value || value.length === 0 || value.length > 4) return undefined;
  return value.reduce((number, octet) => number * 256 + octet, 0);
}

/** A C-octet string, with or without the NUL that should end it. */
export function tlvText(tlvs: readonly Tlv[], tag: number): string | undefined {
  const value = tlvBytes(tlvs, tag);
  if (!value) return undefined;
  const nul = value.indexOf(0);
  return Buffer.from(nul === -1 ? value : value.subarray(0, nul)).toString("latin1");
}

export function numberTlv(tag: number, number: number, octets: 1 | 2 | 4): Tlv {
  const value = Buffer.alloc(octets);
  value.writeUIntBE(number, 0, octets);
  return { tag, value };
}

export function textTlv(tag: number, text: string): Tlv {
  return { tag, value: Buffer.from(`${text}\0`, "latin1") };
}

/** network_error_code (§5.3.2.31): which network (3 = GSM) and its error. */
export function networkErrorTlv(network: number, code: number): Tlv {
  return { tag: TAG.network_error_code, value: Uint8Array.of(network, (code >> 8) & 0xff, code & 0xff) };
}
