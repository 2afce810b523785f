/**
 * Host names as machines exchange them: each label in ASCII by the rules of IDNA 2003 (RFC 3490), which address books and
 * Notify's API still go by; IDNA 2008 would refuse names that those take.
 */
import { encodePunycode } from "./punycode.ts";

const LABEL_MAX_CHARACTERS = 63;
const ACE_PREFIX = "xn--";

const ASCII_ONLY = /^\p{ASCII}*$/u;
const LABEL_SEPARATORS = /[.\u3002\uFF0E\uFF61]/;
/** Mapped to nothing (RFC 3454 table B.1). */
const IGNORED = /[\u00AD\u1806\u200B\u200C\u2060\uFEFF\p{Variation_Selector}]|\u034F|\u200D/gu;
/** Never in a label (RFC 3454 tables C.1.2 and C.2.2 to C.9). */
const PROHIBITED = /[\p{Zs}\p{Zl}\p{Zp}\p{Cc}\p{Co}\p{Cs}\p{Cf}\uFFF9-\uFFFF\u2FF0-\u2FFB]/u;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
const LEFT_TO_RIGHT =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** A host in ASCII; undefined when it has none.  asciiHostName("bücher.example") → "xn--bcher-kva.example" */
export function asciiHostName(host: string): string | undefined {
  const labels = host.split(LABEL_SEPARATORS).map(asciiLabel);
  return labels.some((label) => label === undefined) ? undefined : labels.join(".");
}

function asciiLabel(label: string): string | undefined {
  const ascii = ASCII_ONLY.test(label) ? label : encodeLabel(label);
  const isUsable = ascii !== undefined && ascii.length > 0 && ascii.length <= LABEL_MAX_CHARACTERS;
  return isUsable ? ascii : undefined;
}

function encodeLabel(label: string): string | undefined {
  const prepared = prepareName(label);
  if (prepared === undefined || ASCII_ONLY.test(prepared)) return prepared;
  if (prepared.startsWith(ACE_PREFIX)) return undefined;
  return ACE_PREFIX + encodePunycode(prepared);
}

/** Nameprep (RFC 3491): one spelling for labels that look the same; undefined for what may not be in one. */
function prepareName(label: string): string | undefined {
  const folded = foldCase(label.replace(IGNORED, "")).normalize("NFKC");
  const prepared = foldCase(folded).normalize("NFKC");
  return PROHIBITED.test(prepared) || mixesDirections(prepared) ? undefined : prepared;
}

function foldCase(text: string): string {
  return text.toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");
}

/** A label with right-to-left letters has no others, and begins and ends with one (RFC 3454 §6). */
function mixesDirections(label: string): boolean {
  if (!RIGHT_TO_LEFT.test(label)) return false;
  const characters = Array.from(label);
  const ends = [characters[0] ?? "", characters.at(-1) ?? ""];
  return LEFT_TO_RIGHT.test(label) || !ends.every((character) => RIGHT_TO_LEFT.test(character));
}
