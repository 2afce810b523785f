/**
 * Where files are kept that are too large for a row: a folder, or a bucket of any store that speaks S3. Whatever is put here has been
 * sealed before; a key is made of ids, never of a name somebody gave.
 *
 *     const blobs = await openBlobs({ kind: "folder", path: "/var/lib/pennypost/files" });
 *     await blobs.put("documents/0a/0192…", sealed);
 */
import { mkdir } from "node:fs/promises";
import { Disk, errors } from "flydrive";
import { FSDriver } from "flydrive/drivers/fs";
import { CannotStart } from "./cannot-start.ts";

const OWNER_ONLY = 0o700;
const CONNECT_WITHIN_MS = 3_000;
const ANSWER_WITHIN_MS = 10_000;
const TRIES_MAX = 3;
/** Written and taken away again, to see whether the store can be used. */
const PROBE_KEY = "pennypost-probe";

export type BlobsAddress =
  | { kind: "folder"; path: string }
  | {
      kind: "s3";
      bucket: string;
      /** Put before every key; empty for none. */
      prefix: string;
      /** Undefined: Amazon's, for the region. */
      endpoint: string | undefined;
      region: string;
    };

export interface Blobs {
  put(key: string, bytes: Buffer): Promise<void>;
  /** Undefined when there is nothing of that key. Rejects when the store is away. */
  find(key: string): Promise<Buffer | undefined>;
  /** What is not there counts as deleted. */
  delete(key: string): Promise<void>;
  /** The key of everything that is kept, in no order; of what is below a folder such as "letters/2026-11-30/", when one is named. */
  list(folder?: string): AsyncGenerator<string>;
  /** Why it cannot be used; undefined when it can. */
  findProblem(): Promise<string | undefined>;
}

/** `/srv/files`, or `s3://bucket/prefix?endpoint=https://store.example&region=eu-west-2`; undefined for anything else. */
export function parseBlobsAddress(text: string): BlobsAddress | undefined {
  if (text.startsWith("/")) return { kind: "folder", path: text };
  if (!/^s3:\/\/[a-z\d]/.test(text) || !URL.canParse(text)) return undefined;
  const { hostname: bucket, pathname, searchParams } = new URL(text);
  const [endpoint, region = "us-east-1"] = [
    searchParams.get("endpoint") ?? undefined,
    searchParams.get("region") ?? undefined,
  ];
  if (endpoint !== undefined && !/^https?:\/\/[^/\s]+\/?$/.test(endpoint)) return undefined;
  const unknown = [...searchParams.keys()].some((name) => name !== "endpoint" && name !== "region");
  return unknown ? undefined : { kind: "s3", bucket, prefix: pathname.replace(/^\/+|\/+$/g, ""), endpoint, region };
}

/** Throws `CannotStart` when a folder cannot be made, or the packages that speak S3 were left out of this installation. */
export async function openBlobs(address: BlobsAddress): Promise<Blobs> {
  const disk = address.kind === "folder" ? await openFolder(address.path) : await openBucket(address);
  const at = (key: string): string =>
    address.kind === "s3" && address.prefix !== "" ? `${address.prefix}/${key}` : key;
  return {
    put: (key, bytes) => disk.put(at(key), bytes),
    find: async (key) => {
      try {
        return Buffer.from(await disk.getBytes(at(key)));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    delete: (key) => disk.delete(at(key)),
    list: (folder = "") => listKeys(disk, { folder: at(folder), prefix: at("") }),
    findProblem: async () => {
      try {
        await disk.put(at(PROBE_KEY), "may this be written?");
        await disk.delete(at(PROBE_KEY));
        return undefined;
      } catch (error) {
        return nameOfCause(error);
      }
    },
  };
}

async function* listKeys(disk: Disk, { folder, prefix }: { folder: string; prefix: string }): AsyncGenerator<string> {
  let paginationToken: string | undefined;
  do {
    const options = { recursive: true, ...(paginationToken === undefined ? {} : { paginationToken }) };
    const page = await listPage(disk, folder, options);
    for (const object of page.objects) if (object.isFile) yield object.key.slice(prefix.length);
    paginationToken = page.paginationToken;
  } while (paginationToken !== undefined);
}

/** A folder that is not there has nothing in it. */
async function listPage(
  disk: Disk,
  folder: string,
  options: Parameters<Disk["listAll"]>[1],
): Promise<Pick<Awaited<ReturnType<Disk["listAll"]>>, "objects" | "paginationToken">> {
  try {
    return await disk.listAll(folder, options);
  } catch (error) {
    if (isNoFolder(error)) return { objects: [] };
    throw error;
  }
}

async function openFolder(path: string): Promise<Disk> {
  try {
    await mkdir(path, { recursive: true, mode: OWNER_ONLY });
  } catch (error) {
    throw new CannotStart(`The folder for files, ${path}, cannot be made (${(error as NodeJS.ErrnoException).code})`);
  }
  return new Disk(new FSDriver({ location: path, visibility: "private" }));
}

/** Who we are to the store is said as its own programs say it: AWS_ACCESS_KEY_ID and its like, a profile, or the machine's role. */
async function openBucket({ bucket, endpoint, region }: BlobsAddress & { kind: "s3" }): Promise<Disk> {
  const { S3Driver } = await loadS3Driver();
  return new Disk(
    new S3Driver({
      bucket,
      region,
      visibility: "private",
      supportsACL: false,
      maxAttempts: TRIES_MAX,
      requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, requestTimeout: ANSWER_WITHIN_MS },
      // Stores beside Amazon's have their buckets in the path, and do not know its newer checksums.
      ...(endpoint === undefined
        ? {}
        : {
            endpoint,
            forcePathStyle: true,
            requestChecksumCalculation: "WHEN_REQUIRED",
            responseChecksumValidation: "WHEN_REQUIRED",
          }),
    }),
  );
}

/** Optional packages, loaded by those alone who keep files there. */
async function loadS3Driver(): Promise<typeof import("flydrive/drivers/s3")> {
  try {
    return await import("flydrive/drivers/s3");
  } catch {
    throw new CannotStart(
      "PENNYPOST_FILE_STORE names a bucket, but the packages for S3 are not installed: npm install without --omit=optional",
    );
  }
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof errors.E_CANNOT_READ_FILE)) return false;
  const { code, name } = (error.cause ?? {}) as { code?: string; name?: string };
  return code === "ENOENT" || name === "NoSuchKey";
}

function isNoFolder(error: unknown): boolean {
  const cause = (error as { cause?: unknown }).cause ?? error;
  return (cause as { code?: string }).code === "ENOENT";
}

function nameOfCause(error: unknown): string {
  const cause = (error as { cause?: unknown }).cause ?? error;
  const { code, name } = cause as { code?: string; name?: string };
  return code ?? name ?? "unknown";
}
