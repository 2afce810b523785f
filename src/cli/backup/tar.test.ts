import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTar, type TarEntry, tarEnd, tarEntry } from "./tar.ts";

const MADE_AT = new Date("2026-01-02T03:04:05Z");
const FILES: TarEntry[] = [
  { name: "backup.json", content: Buffer.from("{}\n") },
  { name: "tables/a/000000.copy", content: Buffer.alloc(512, "x") },
  { name: "tables/a/000001.copy", content: Buffer.from("last\n") },
  { name: "empty", content: Buffer.alloc(0) },
];

let folder: string;

async function readAll(archive: Buffer, chunkBytes = 100): Promise<TarEntry[]> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < archive.length; at += chunkBytes) chunks.push(archive.subarray(at, at + chunkBytes));
  const entries: TarEntry[] = [];
  for await (const entry of readTar(Readable.from(chunks))) entries.push(entry);
  return entries;
}

describe("tar", () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pennypost-tar-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const archive = Buffer.concat([...FILES.map((file) => tarEntry(file, MADE_AT)), tarEnd()]);

  it("writes what the machine's own tar unpacks", () => {
    writeFileSync(join(folder, "a.tar"), archive);
    execFileSync("tar", ["xf", "a.tar"], { cwd: folder });
    for (const { name, content } of FILES) expect(readFileSync(join(folder, name))).toEqual(content);
  });

  it("reads what the machine's own tar packs, whatever the chunks", async () => {
    writeFileSync(join(folder, "one"), "1".repeat(700));
    writeFileSync(join(folder, "two"), "2");
    execFileSync("tar", ["--format=ustar", "-cf", "b.tar", "one", "two"], { cwd: folder });
    const entries = await readAll(readFileSync(join(folder, "b.tar")), 333);
    expect(entries.map(({ name, content }) => [name, content.toString()])).toEqual([
      ["one", "1".repeat(700)],
      ["two", "2"],
    ]);
  });

  it("reads back what it wrote", async () => {
    expect(await readAll(archive)).toEqual(FILES);
  });

  it("refuses an archive that is cut short or is none", async () => {
    await expect(readAll(archive.subarray(0, 900))).rejects.toThrow("The backup is cut short");
    await expect(readAll(Buffer.alloc(2_048, "no archive"))).rejects.toThrow("no backup, or it is damaged");
  });
});
