/** What a PNG file says of itself (ISO/IEC 15948), read from its bytes: whether it is one, how large its picture is, whether it is whole. */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Where the first chunk tells width and height (11.2.2). */
const [WIDTH_AT, HEIGHT_AT, HEADER_BYTES] = [16, 20, 24] as const;
/** Length and name before a chunk's data, its check sum behind (5.3). */
const [NAME_AT, DATA_AT, AROUND_DATA_BYTES] = [4, 8, 12] as const;
const CHUNKS_MAX = 100_000;

export interface PictureSize {
  /** In pixels. */
  width: number;
  height: number;
}

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/** Of a file that is a PNG; undefined when it ends before it says so. */
export function pngSize(bytes: Uint8Array): PictureSize | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = viewOf(bytes);
  return { width: view.getUint32(WIDTH_AT), height: view.getUint32(HEIGHT_AT) };
}

/** Whether its chunks follow each other from the header by way of some picture to the end, with nothing behind: half a download is not. */
export function isWholePng(bytes: Uint8Array): boolean {
  if (!isPng(bytes)) return false;
  const names = chunkNames(bytes);
  return names[0] === "IHDR" && names.includes("IDAT") && names.at(-1) === "IEND";
}

/** In their order; none when they do not fill the file. */
function chunkNames(bytes: Uint8Array): string[] {
  const view = viewOf(bytes);
  const names: string[] = [];
  let at = SIGNATURE.length;
  while (at + AROUND_DATA_BYTES <= bytes.length && names.length < CHUNKS_MAX) {
    names.push(String.fromCharCode(...bytes.subarray(at + NAME_AT, at + DATA_AT)));
    at += AROUND_DATA_BYTES + view.getUint32(at);
  }
  return at === bytes.length ? names : [];
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
