/** Undoes what suppliers do to texts and times on their way to us. What cannot be decoded stays as it came. */

const SIMPLE_ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t", "\\": "\\", "'": "'", '"': '"' };
const CODE_POINT_MAX = 0x10ffff;
const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?$/;

/** `decodeUrlText("caf%C3%A9+au+lait")` → "café au lait". Bytes that are not UTF-8 become U+FFFD. */
export function decodeUrlText(text: string): string {
  return text.replaceAll("+", " ").replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    const bytes = run
      .slice(1)
      .split("%")
      .map((hex) => Number.parseInt(hex, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}

/** `decodeEscapes("one\\ntwo \\u00a3")` → "one", a line break, "two £". A surrogate pair becomes one character. */
export function decodeEscapes(text: string): string {
  const escapes = /\\(?:([nrt\\'"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g;
  return text.replace(escapes, (whole: string, simple?: string, ...hexes: (string | undefined)[]) => {
    if (simple !== undefined) return SIMPLE_ESCAPES[simple] ?? whole;
    const [x, u, long] = hexes;
    if (long === undefined) return String.fromCharCode(Number.parseInt(x ?? u ?? "", 16));
    const codePoint = Number.parseInt(long, 16);
    return codePoint > CODE_POINT_MAX ? whole : String.fromCodePoint(codePoint);
  });
}

/** A time without an offset is taken as UTC; undefined when it is no time. */
export function readTime(text: string): Date | undefined {
  const parts = TIME.exec(text.trim());
  if (parts === null) return undefined;
  const [, day, time, offset = "Z"] = parts;
  const date = new Date(`${day}T${time}${offset.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2")}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
