import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Blobs, openBlobs, parseBlobsAddress } from "./blobs.ts";

const folder = mkdtempSync(join(tmpdir(), "pennypost-blobs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("where files are kept", () => {
  const amazon = { kind: "s3", bucket: "files", prefix: "", endpoint: undefined, region: "us-east-1" };
  it.each([
    ["/srv/files", { kind: "folder", path: "/srv/files" }],
    ["s3://files", amazon],
    ["s3://files/", amazon],
    ["s3://files/post/live/?region=eu-west-2", { ...amazon, prefix: "post/live", region: "eu-west-2" }],
    ["s3://files?endpoint=http://store:9000", { ...amazon, endpoint: "http://store:9000" }],
    ["s3://files?endpoint=store:9000", undefined],
    ["s3://files?acl=public", undefined],
    ["s3://", undefined],
    ["https://files.example.org", undefined],
    ["files", undefined],
  ])("%s is %o", (text, address) => {
    expect(parseBlobsAddress(text)).toEqual(address);
  });
});

function itKeepsFiles(blobs: () => Blobs): void {
  it("gives back what was put there, until it is deleted", async () => {
    const bytes = Buffer.from([0, 255, 13, 10, ...Array(70_000).keys()].map((n) => n % 256));
    await blobs().put("documents/0a/one", bytes);
    await blobs().put("documents/0a/two", Buffer.from("two"));
    expect(await blobs().find("documents/0a/one")).toEqual(bytes);
    await blobs().put("documents/0a/one", Buffer.from("changed"));
    expect(await blobs().find("documents/0a/one")).toEqual(Buffer.from("changed"));
    await blobs().delete("documents/0a/one");
    expect(await blobs().find("documents/0a/one")).toBeUndefined();
    expect(await blobs().find("documents/0a/two")).toEqual(Buffer.from("two"));
  });

  it("finds nothing where nothing was put, and deletes it all the same", async () => {
    expect(await blobs().find("documents/00/none")).toBeUndefined();
    await blobs().delete("documents/00/none");
  });

  it("tells the key of everything that is kept", async () => {
    await blobs().put("letters/2026-11-30/a.pdf", Buffer.from("a"));
    await blobs().put("documents/0b/three", Buffer.from("three"));
    const keys: string[] = [];
    for await (const key of blobs().list()) keys.push(key);
    expect(keys.sort()).toEqual(["documents/0a/two", "documents/0b/three", "letters/2026-11-30/a.pdf"]);
  });

  it("lists what is in one folder, and nothing of one that is not there", async () => {
    const inFolder = async (folder: string) => {
      const keys: string[] = [];
      for await (const key of blobs().list(folder)) keys.push(key);
      return keys.sort();
    };
    expect(await inFolder("documents/")).toEqual(["documents/0a/two", "documents/0b/three"]);
    expect(await inFolder("documents/0b/")).toEqual(["documents/0b/three"]);
    expect(await inFolder("letters/2020-01-01/")).toEqual([]);
  });

  it("has no problem, and leaves nothing behind when asked", async () => {
    expect(await blobs().findProblem()).toBeUndefined();
    expect(await blobs().find("pennypost-probe")).toBeUndefined();
  });
}

describe("a folder", () => {
  let blobs: Blobs;
  beforeAll(async () => {
    blobs = await openBlobs({ kind: "folder", path: join(folder, "made", "when", "missing") });
  });
  itKeepsFiles(() => blobs);

  it("is never left, whatever a key says", async () => {
    await expect(blobs.put("../../outside", Buffer.from("x"))).rejects.toThrow();
    expect(existsSync(join(folder, "made", "outside"))).toBe(false);
  });

  it("that cannot be written to is a problem", async () => {
    const lost = await openBlobs({ kind: "folder", path: join(folder, "lost") });
    rmSync(join(folder, "lost"), { recursive: true });
    const { writeFileSync } = await import("node:fs");
    writeFileSync(join(folder, "lost"), "a file now");
    expect(await lost.findProblem()).toMatch(/ENOTDIR|EEXIST/);
  });
});

describe("a bucket of a store that speaks S3", () => {
  const directory = join(folder, "s3");
  const credentials = { AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER" };
  const before = { ...process.env };
  let store: S3rver;
  let endpoint: string;
  let blobs: Blobs;
  beforeAll(async () => {
    Object.assign(process.env, credentials);
    const configureBuckets = [{ name: "files" }];
    store = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory, configureBuckets });
    endpoint = `http://127.0.0.1:${(await store.run()).port}`;
    const address = parseBlobsAddress(`s3://files/post?endpoint=${endpoint}`);
    if (!address) throw new Error("the address cannot be read");
    blobs = await openBlobs(address);
  });
  afterAll(async () => {
    await store.close();
    for (const name of Object.keys(credentials)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
  itKeepsFiles(() => blobs);

  it("has everything below the prefix", () => {
    expect(readdirSync(join(directory, "files"))).toEqual(["post"]);
  });

  it("that is not there, or is away, is a problem and not a missing file", async () => {
    const open = (bucket: string, at: string) =>
      openBlobs({ kind: "s3", bucket, prefix: "", endpoint: at, region: "us-east-1" });
    expect(await (await open("other", endpoint)).findProblem()).toBe("NoSuchBucket");
    const away = await open("files", "http://127.0.0.1:1");
    await expect(away.find("documents/0a/two")).rejects.toThrow();
    expect(await away.findProblem()).toBe("ECONNREFUSED");
  });
});
