/** Archives of small files, written and read as streams, in the format every `tar` reads (POSIX.1-1988, ustar). */
import { Refusal } from "../../core/refusal.ts";

const BLOCK_BYTES = 512;
const NAME_MAX_BYTES = 100;
/** Entries are kept whole while they are read. */
const ENTRY_MAX_BYTES = 64 * 1024 * 1024;
const MODE_OWNER_ONLY = "0000600";
const CHECKSUM_OFFSET = 148;
const CHECKSUM_BYTES = 8;
const SIZE_OFFSET = 124;
const SIZE_BYTES = 12;

export interface TarEntry {
  name: string;
  content: Buffer;
}

/** One file as it stands in an archive: header, content, padding. */
export function tarEntry({ name, content }: TarEntry, madeAt: Date): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  if (Buffer.byteLength(name) > NAME_MAX_BYTES) throw new Error(`${name} is too long for an archive`);
  header.write(name, 0);
  header.write(`${MODE_OWNER_ONLY}\0`, 100);
  header.write(`${"0000000\0"}${"0000000\0"}`, 108);
  header.write(octal(content.length), SIZE_OFFSET);
  header.write(octal(Math.floor(madeAt.getTime() / 1_000)), 136);
  header.write("0ustar\x0000", 156);
  header.copyWithin(257, 157, 165); // the magic stands after the (empty) link name
  header.fill(0, 157, 165);
  header.write(`${checksum(header).toString(8).padStart(6, "0")}\0 `, CHECKSUM_OFFSET);
  return Buffer.concat([header, content, Buffer.alloc(padding(content.length))]);
}

/** What ends an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(BLOCK_BYTES * 2);
}

/** The files of an archive, one after another. Refuses what is damaged or cut short. */
export async function* readTar(chunks: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const reader = new BlockReader(chunks);
  for (;;) {
    const header = await reader.take(BLOCK_BYTES);
    if (header.every((byte) => byte === 0)) return;
    const size = readHeader(header);
    const content = await reader.take(size);
    await reader.take(padding(size));
    yield { name: header.toString("utf8", 0, NAME_MAX_BYTES).replace(/\0.*$/s, ""), content };
  }
}

function readHeader(header: Buffer): number {
  const stored = Number.parseInt(header.toString("latin1", CHECKSUM_OFFSET, CHECKSUM_OFFSET + CHECKSUM_BYTES), 8);
  const size = Number.parseInt(header.toString("latin1", SIZE_OFFSET, SIZE_OFFSET + SIZE_BYTES), 8);
  if (stored !== checksum(header) || !(size <= ENTRY_MAX_BYTES))
    throw new Refusal("invalid", "The file is no backup, or it is damaged");
  return size;
}

function octal(number: number): string {
  return `${number.toString(8).padStart(11, "0")}\0`;
}

/** The sum of a header's bytes, with the checksum itself taken for spaces. */
function checksum(header: Buffer): number {
  let sum = CHECKSUM_BYTES * 0x20;
  for (const [index, byte] of header.entries()) {
    if (index < CHECKSUM_OFFSET || index >= CHECKSUM_OFFSET + CHECKSUM_BYTES) sum += byte;
  }
  return sum;
}

function padding(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** Gives a stream of chunks back in the lengths that are asked for. */
class BlockReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async take(length: number): Promise<Buffer> {
    while (this.#heldBytes < length) {
      const next = await this.#chunks.next();
      if (next.done) throw new Refusal("invalid", "The backup is cut short");
      this.#held.push(next.value);
      this.#heldBytes += next.value.length;
    }
    const held = Buffer.concat(this.#held);
    this.#held = [held.subarray(length)];
    this.#heldBytes -= length;
    return held.subarray(0, length);
  }
}
