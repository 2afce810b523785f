/**
 * Reads the text out of a small QR code (ISO/IEC 18004), versions 1 and 2, drawn as an SVG path of strokes. Two encoders may draw one
 * text with different masks and levels of correction, so tests compare what a phone would read. Corrects no errors.
 */
const FORMAT_MASK = 0x5412;
const FINDER_SIZE = 9;
const TIMING_LINE = 6;
const BYTE_MODE = "0100";

type IsDark = (x: number, y: number) => boolean;

/** Table 10: which modules each mask turns over. */
const MASKS: ReadonlyArray<IsDark> = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

export function readQrCode(svg: string): string {
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const isDark = modulesOf(/ d="([^"]*)"/.exec(svg)?.[1] ?? "");
  const bits = unmaskedBits(size, isDark);
  if (!bits.startsWith(BYTE_MODE)) throw new Error("the QR code does not hold octets");
  const octets = bits.slice(BYTE_MODE.length).match(/.{8}/g) ?? [];
  const [length = 0, ...data] = octets.map((octet) => Number.parseInt(octet, 2));
  return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(data.slice(0, length)));
}

function modulesOf(path: string): IsDark {
  const dark = new Set<string>();
  let [penX, penY] = [0, 0];
  for (const [, command, x = "0", y = "0"] of path.matchAll(/([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?/g)) {
    if (command === "M") [penX, penY] = [Number(x), Number(y)];
    else if (command === "m") [penX, penY] = [penX + Number(x), penY + Number(y)];
    else for (const end = penX + Number(x); penX < end; penX++) dark.add(`${penX} ${Math.floor(penY)}`);
  }
  return (x, y) => dark.has(`${x} ${y}`);
}

function maskOf(isDark: IsDark): IsDark {
  const bits = [2, 3, 4].map((x) => Number(isDark(x, FINDER_SIZE - 1))).join("");
  const mask = MASKS[Number.parseInt(bits, 2) ^ ((FORMAT_MASK >> 10) & 0b111)];
  if (!mask) throw new Error("there is no such mask");
  return mask;
}

function unmaskedBits(size: number, isDark: IsDark): string {
  const mask = maskOf(isDark);
  const isOfPattern = patternsOf(size);
  let bits = "";
  for (const [x, y] of placements(size)) if (!isOfPattern(x, y)) bits += isDark(x, y) === mask(x, y) ? "0" : "1";
  return bits;
}

/** Two columns at a time, from the right, up and down in turn (§7.7.3). */
function* placements(size: number): Generator<readonly [x: number, y: number]> {
  let isUpward = true;
  for (let right = size - 1; right > 0; right -= 2, isUpward = !isUpward) {
    if (right === TIMING_LINE) right -= 1;
    for (let step = 0; step < 2 * size; step++) {
      const row = Math.floor(step / 2);
      yield [right - (step % 2), isUpward ? size - 1 - row : row];
    }
  }
}

/** Finders with the format beside them, the timing lines, and the one alignment pattern of version 2. */
function patternsOf(size: number): IsDark {
  const far = size - FINDER_SIZE + 1;
  const isAlignment = (at: number): boolean => size > 21 && at >= size - 9 && at <= size - 5;
  return (x, y) =>
    (x < FINDER_SIZE && (y < FINDER_SIZE || y >= far)) ||
    (x >= far && y < FINDER_SIZE) ||
    x === TIMING_LINE ||
    y === TIMING_LINE ||
    (isAlignment(x) && isAlignment(y));
}
