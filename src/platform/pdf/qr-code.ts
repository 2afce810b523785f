/** QR codes (ISO/IEC 18004, error correction level M) as squares on a grid, with the quiet zone that readers need around them. */
import QRCode from "qrcode";
import { LETTER_STYLE } from "./letter-style.ts";

const QUIET_MODULES = 4;

export interface QrCode {
  /** Squares along a side, the quiet zone counted in. */
  readonly modules: number;
  readonly sizeMm: number;
  /** The dark squares of each row as runs: where one begins and how many it has. */
  readonly runs: readonly { readonly x: number; readonly y: number; readonly length: number }[];
}

/** Throws when `data` is more than the largest code of the level holds (2,331 octets). */
export function qrCode(data: string): QrCode {
  const { modules } = QRCode.create([{ mode: "byte", data: Buffer.from(data, "utf8") }], { errorCorrectionLevel: "M" });
  const side = modules.size + 2 * QUIET_MODULES;
  const { moduleMm, minMm } = LETTER_STYLE.qrCode;
  return { modules: side, sizeMm: Math.max(minMm, side * moduleMm), runs: darkRuns(modules) };
}

function darkRuns({ size, data }: { size: number; data: ArrayLike<number> }): QrCode["runs"] {
  const rows = Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => data[y * size + x]).join(""),
  );
  return rows.flatMap((row, y) =>
    Array.from(row.matchAll(/1+/g), ({ index, 0: run }) => ({
      x: index + QUIET_MODULES,
      y: y + QUIET_MODULES,
      length: run.length,
    })),
  );
}

/** One path, so that no hair of light shows between squares. */
export function qrCodeSvg({ modules, runs }: QrCode): string {
  const path = runs.map(({ x, y, length }) => `M${x} ${y}h${length}v1h-${length}z`).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${modules} ${modules}"><path d="${path}"/></svg>`;
}
