/** Reading the message out of a submit_sm, deliver_sm or data_sm: where its octets are, in which alphabet, and which part it is. */
import { DATA_CODING, type DataRequest, type ShortMessageRequest } from "./pdu.ts";
import { TAG, tlvBytes, tlvNumber } from "./tlvs.ts";

const NOTHING = new Uint8Array(0);
/** High half of a data coding scheme (3GPP TS 23.038 §4). */
const GROUP = 0xf0;
/** General data coding with a message class: the alphabet is in the bits 0x0c. */
const WITH_CLASS = 0x10;
const ALPHABET_WITH_CLASS = 0x0c;
/** Data coding/message class: the bit 0x04 tells data from the default alphabet. */
const CLASS_CODING = 0xf0;
const IS_DATA = 0x04;
/** In both, the bits that say which class. */
const CLASS = 0x03;

export type Alphabet = "gsm7" | "latin1" | "ucs2" | "binary";

export interface Part {
  reference: number;
  total: number;
  number: number;
}

/** The message's octets: its message_payload, else its short_message. */
export function contentOf(pdu: ShortMessageRequest | DataRequest): Uint8Array {
  const payload = tlvBytes(pdu.tlvs, TAG.message_payload);
  if (payload) return payload;
  return pdu.command === "data_sm" ? NOTHING : pdu.shortMessage;
}

/** Which part this is by its sar parameters (SMPP 3.4 §5.3.2.22 to 24), the alternative to a user data header. */
export function partByParameters(pdu: ShortMessageRequest | DataRequest): Part | undefined {
  const reference = tlvNumber(pdu.tlvs, TAG.sar_msg_ref_num);
  const total = tlvNumber(pdu.tlvs, TAG.sar_total_segments);
  const number = tlvNumber(pdu.tlvs, TAG.sar_segment_seqnum);
  if (reference === undefined || total === undefined || number === undefined) return undefined;
  return number >= 1 && number <= total ? { reference, total, number } : undefined;
}

/** Whether a message is to be shown at once and not kept: class 0 (3GPP TS 23.038 §4). */
export function isFlash(dataCoding: number): boolean {
  const group = dataCoding & GROUP;
  return (group === WITH_CLASS || group === CLASS_CODING) && (dataCoding & CLASS) === 0;
}

/** The alphabet that a data_coding names (SMPP 3.4 §5.2.19); `gsm7` has one septet to an octet. */
export function alphabetOf(dataCoding: number): Alphabet {
  switch (codeOf(dataCoding)) {
    case DATA_CODING.default:
      return "gsm7";
    case DATA_CODING.ascii:
    case DATA_CODING.latin1:
      return "latin1";
    case DATA_CODING.ucs2:
      return "ucs2";
    default:
      return "binary";
  }
}

function codeOf(dataCoding: number): number {
  const group = dataCoding & GROUP;
  if (group === WITH_CLASS) return dataCoding & ALPHABET_WITH_CLASS;
  if (group === CLASS_CODING) return dataCoding & IS_DATA;
  return dataCoding;
}
