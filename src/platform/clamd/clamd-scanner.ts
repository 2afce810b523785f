/**
 * Asks clamd, ClamAV's daemon, over TCP or a unix socket. The file goes over the wire in chunks (INSTREAM, clamd(8)), so the daemon needs
 * no access to it, and nothing is written to disk here.
 *
 *     const scanner = createClamdScanner(parseClamdAddress("127.0.0.1:3310"));
 *     await scanner.scan(bytes);   // { kind: "clean" }
 */
import type { ScanResult, VirusScanner } from "../virus-scanner.ts";
import { type ClamdAddress, converse } from "./conversation.ts";

/** clamd's own default for what it takes (StreamMaxLength) is 25 MB. */
const SCANNED_MAX_BYTES = 25 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const LENGTH_BYTES = 4;
/** Below clamd's own number of threads, so that others can ask it too. */
const SCANS_AT_ONCE_MAX = 8;
/** Of these files each is held in memory: more of them waiting means that the scanner cannot keep up. */
const SCANS_WAITING_MAX = 64;
const SCAN_WITHIN_MS = 20_000;
const PING_WITHIN_MS = 5_000;

const FOUND = /^stream: (.+) FOUND$/;
const CLEAN = "stream: OK";
const BUSY: ScanResult = { kind: "unavailable", reason: "too many files wait to be scanned" };

export interface ClamdScanner extends VirusScanner {
  /** Why it does not answer; undefined when it does. */
  findProblem(): Promise<string | undefined>;
}

export function createClamdScanner(address: ClamdAddress): ClamdScanner {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  const turn = async (): Promise<void> => {
    if (underWay >= SCANS_AT_ONCE_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
    else underWay += 1;
  };
  const done = (): void => {
    const next = waiting.shift();
    if (next) next();
    else underWay -= 1;
  };
  return {
    async scan(bytes) {
      if (bytes.length > SCANNED_MAX_BYTES)
        return { kind: "unavailable", reason: "the file is too large to be scanned" };
      if (waiting.length >= SCANS_WAITING_MAX) return BUSY;
      await turn();
      try {
        return await scanNow(address, bytes);
      } finally {
        done();
      }
    },
    async findProblem() {
      const said = await converse(address, { request: ["zPING\0"], withinMs: PING_WITHIN_MS });
      if (said.kind === "failed") return said.reason;
      return said.answer === "PONG" ? undefined : "something else than clamd answers";
    },
  };
}

async function scanNow(address: ClamdAddress, bytes: Buffer): Promise<ScanResult> {
  const said = await converse(address, { request: instream(bytes), withinMs: SCAN_WITHIN_MS });
  return said.kind === "failed" ? { kind: "unavailable", reason: said.reason } : readVerdict(said.answer);
}

/** Each chunk after its length; a chunk of no length ends the file. */
export function instream(bytes: Buffer): (Buffer | string)[] {
  const request: (Buffer | string)[] = ["zINSTREAM\0"];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const chunk = bytes.subarray(start, start + CHUNK_BYTES);
    request.push(lengthOf(chunk), chunk);
  }
  return [...request, Buffer.alloc(LENGTH_BYTES)];
}

function lengthOf(chunk: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(chunk.length);
  return length;
}

/** Whatever is neither yes nor no is not taken for either. */
export function readVerdict(answer: string): ScanResult {
  if (answer === CLEAN) return { kind: "clean" };
  const signature = FOUND.exec(answer)?.[1];
  if (signature !== undefined) return { kind: "infected", signature };
  return { kind: "unavailable", reason: `clamd says: ${answer.replace(/[^\x20-\x7e]/g, "?")}` };
}
