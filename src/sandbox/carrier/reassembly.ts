/** Joins the parts of long texts, as a phone does. */
import { decodeText } from "../../core/sms/decode-text.ts";
import type { Encoding } from "../../core/sms/fragments.ts";
import { parseUserDataHeader } from "../../core/sms/user-data-header.ts";
import { ESM_CLASS, type ShortMessageRequest } from "../../platform/smpp/pdu.ts";
import { alphabetOf, contentOf, type Part, partByParameters } from "../../platform/smpp/short-message.ts";

/** Texts of which a part is missing; beyond this the oldest is given up. */
const INCOMPLETE_MAX = 10_000;

export interface SandboxText {
  to: string;
  from: string;
  text: string;
  encoding: Encoding;
  parts: number;
  at: Date;
}

interface Incomplete {
  contents: Map<number, Uint8Array>;
  total: number;
}

export class Reassembly {
  readonly #incomplete = new Map<string, Incomplete>();

  /** The whole text once its last part is here. Data that is no text shows as an empty one. */
  add(pdu: ShortMessageRequest, at: Date): SandboxText | undefined {
    const content = contentOf(pdu);
    const header = pdu.esmClass & ESM_CLASS.userDataHeader ? parseUserDataHeader(content) : undefined;
    const words = content.subarray(header?.lengthOctets ?? 0);
    const part = header?.concatenation ?? partByParameters(pdu);
    const contents = part ? this.#join(pdu, { part, words }) : [words];
    if (!contents) return undefined;
    const whole = contents.length === 1 ? words : Buffer.concat(contents);
    const { encoding, text } = decode(whole, pdu.dataCoding);
    return { to: pdu.destination.address, from: pdu.source.address, text, encoding, parts: contents.length, at };
  }

  #join(pdu: ShortMessageRequest, { part, words }: { part: Part; words: Uint8Array }): Uint8Array[] | undefined {
    const key = `${pdu.source.address} ${pdu.destination.address} ${part.reference} ${part.total}`;
    const incomplete = this.#incomplete.get(key) ?? { contents: new Map<number, Uint8Array>(), total: part.total };
    incomplete.contents.set(part.number, words);
    if (incomplete.contents.size < incomplete.total) {
      this.#incomplete.set(key, incomplete);
      this.#forgetOldest();
      return undefined;
    }
    this.#incomplete.delete(key);
    return [...incomplete.contents].sort(([one], [other]) => one - other).map(([, content]) => content);
  }

  #forgetOldest(): void {
    if (this.#incomplete.size <= INCOMPLETE_MAX) return;
    const [oldest] = this.#incomplete.keys();
    if (oldest !== undefined) this.#incomplete.delete(oldest);
  }
}

function decode(octets: Uint8Array, dataCoding: number): { encoding: Encoding; text: string } {
  const alphabet = alphabetOf(dataCoding);
  return { encoding: alphabet === "ucs2" ? "ucs2" : "gsm7", text: decodeText(octets, alphabet) ?? "" };
}
