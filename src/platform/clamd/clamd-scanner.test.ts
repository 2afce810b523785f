import { createServer, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Clamd, EICAR, hasClamd, startClamd } from "../../../test/peers/clamd.ts";
import { createClamdScanner, instream, readVerdict } from "./clamd-scanner.ts";
import { parseClamdAddress } from "./conversation.ts";

const MEBIBYTE = 1024 * 1024;

describe("an address of clamd", () => {
  it.each([
    ["/run/clamav/clamd.ctl", { path: "/run/clamav/clamd.ctl" }],
    ["127.0.0.1:3310", { host: "127.0.0.1", port: 3310 }],
    ["scanner.internal:1", { host: "scanner.internal", port: 1 }],
    ["[::1]:3310", { host: "::1", port: 3310 }],
    ["127.0.0.1", undefined],
    ["127.0.0.1:0", undefined],
    ["127.0.0.1:65536", undefined],
    ["::1:3310", undefined],
    ["tcp://127.0.0.1:3310", undefined],
    ["", undefined],
  ])("%s is %o", (text, address) => {
    expect(parseClamdAddress(text)).toEqual(address);
  });
});

describe("what is sent", () => {
  it("is a file in chunks, each after its length in network byte order, and a chunk of none (clamd(8))", () => {
    const sent = Buffer.concat(instream(Buffer.from("hello")).map((part) => Buffer.from(part)));
    expect(sent.toString("latin1")).toBe("zINSTREAM\0\0\0\0\x05hello\0\0\0\0");
  });

  it("is no chunk but the last for an empty file, and never one of more than 64 kB", () => {
    expect(instream(Buffer.alloc(0))).toHaveLength(2);
    expect(instream(Buffer.alloc(64 * 1024 + 1)).map((part) => part.length)).toEqual([10, 4, 65_536, 4, 1, 4]);
  });
});

describe("a verdict", () => {
  it.each([
    ["stream: OK", { kind: "clean" }],
    ["stream: Test.EICAR.UNOFFICIAL FOUND", { kind: "infected", signature: "Test.EICAR.UNOFFICIAL" }],
    ["INSTREAM size limit exceeded. ERROR", { kind: "unavailable" }],
    ["stream: OK FOUND ERROR", { kind: "unavailable" }],
    ["", { kind: "unavailable" }],
  ])("of %s is %o", (answer, verdict) => {
    expect(readVerdict(answer)).toMatchObject(verdict);
  });
});

describe.skipIf(!hasClamd)("a real clamd", () => {
  let clamd: Clamd;
  beforeAll(async () => {
    clamd = await startClamd();
  });
  afterAll(() => clamd?.stop());

  const scanners = () => [
    createClamdScanner({ host: "127.0.0.1", port: clamd.port }),
    createClamdScanner({ path: clamd.socket }),
  ];

  it("finds the test string, over TCP and over a unix socket", async () => {
    for (const scanner of scanners()) {
      expect(await scanner.findProblem()).toBeUndefined();
      const found = await scanner.scan(Buffer.from(`some text before ${EICAR}`));
      expect(found).toEqual({ kind: "infected", signature: "Test.EICAR.UNOFFICIAL" });
      expect(await scanner.scan(Buffer.from("harmless"))).toEqual({ kind: "clean" });
      expect(await scanner.scan(Buffer.alloc(0))).toEqual({ kind: "clean" });
    }
  });

  it("finds it at the end of two megabytes, and lets two megabytes of nothing pass", async () => {
    for (const scanner of scanners()) {
      const large = Buffer.alloc(2 * MEBIBYTE, "a");
      expect(await scanner.scan(large)).toEqual({ kind: "clean" });
      expect(await scanner.scan(Buffer.concat([large, Buffer.from(EICAR)]))).toMatchObject({ kind: "infected" });
    }
  });

  it("takes more files at once than it is asked about at once", async () => {
    const [scanner] = scanners();
    const files = Array.from({ length: 30 }, (_, n) => Buffer.from(n % 3 === 0 ? EICAR : `file ${n}`));
    const kinds = await Promise.all(files.map(async (file) => (await scanner?.scan(file))?.kind));
    expect(kinds).toEqual(files.map((_, n) => (n % 3 === 0 ? "infected" : "clean")));
  });

  it("refuses what is too large for it, which counts as not scanned", async () => {
    for (const scanner of scanners()) {
      const result = await scanner.scan(Buffer.alloc(8 * MEBIBYTE));
      expect(result).toMatchObject({ kind: "unavailable" });
    }
  });
});

describe("a scanner that is not as it should be", () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  async function answering(answer: (socket: Socket) => void) {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.resume();
      answer(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return createClamdScanner({ host: "127.0.0.1", port: (server.address() as { port: number }).port });
  }

  it.each<[string, (socket: Socket) => void, string]>([
    ["closes the connection", (socket) => socket.end(), "the connection was closed"],
    ["breaks the connection", (socket) => socket.resetAndDestroy(), "the connection was closed"],
    ["answers half a verdict", (socket) => socket.end("stream: O"), "the connection was closed"],
    ["answers without end", (socket) => socket.write("x".repeat(10_000)), "clamd says: more than an answer"],
    [
      "answers something else",
      (socket) => socket.end("HTTP/1.1 400 Bad Request\0"),
      "clamd says: HTTP/1.1 400 Bad Request",
    ],
  ])("and %s has not said that a file is clean", async (_, answer, reason) => {
    const scanner = await answering(answer);
    expect(await scanner.scan(Buffer.from("a file"))).toEqual({ kind: "unavailable", reason });
    expect(await scanner.findProblem()).toBeDefined();
  });

  it("or is not there", async () => {
    const [tcp, socket] = [
      createClamdScanner({ host: "127.0.0.1", port: 1 }),
      createClamdScanner({ path: "/nowhere" }),
    ];
    expect(await tcp.scan(Buffer.from("a"))).toEqual({ kind: "unavailable", reason: "the connection was refused" });
    expect(await socket.findProblem()).toBe("there is no such socket");
  });
});
