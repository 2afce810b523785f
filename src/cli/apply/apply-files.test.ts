import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { createTestDatabase, type TestDatabase } from "../../../test/support/database.ts";
import { EXAMPLE_LOGO } from "../../../test/support/letters.ts";
import { pagePdf } from "../../../test/support/page-pdf.ts";
import { pngOf } from "../../../test/support/pictures.ts";
import { LETTER_GEOMETRY } from "../../core/letter/page-geometry.ts";
import { findTemplateFileBytes } from "../../flow/files/template-files.ts";
import { createLetterPreviews } from "../../flow/letters/preview-letter.ts";
import { type Blobs, openBlobs } from "../../platform/blobs.ts";
import { systemClock } from "../../platform/clock.ts";
import { type Database, openDatabase } from "../../platform/db.ts";
import { silentLog } from "../../platform/log.ts";
import { type LetterTypesetter, openLetterTypesetter } from "../../platform/pdf/letter-typesetter.ts";
import { openPdfInspector, type PdfInspector } from "../../platform/pdf/pdf-inspector.ts";
import { deriveKey, newMasterKeyText, parseMasterKey } from "../../platform/sealing.ts";
import { listAuditEntries } from "../../records/audit/audit-store.ts";
import { findOwnBrandInUse } from "../../records/brands/service-brand-store.ts";
import { findService, type OpeningKeys } from "../../records/services/service-store.ts";
import { listTemplateFiles } from "../../records/templates/template-file-store.ts";
import { listAllTemplates } from "../../records/templates/template-write-store.ts";
import { sandboxScanner } from "../../sandbox/scanner/sandbox-scanner.ts";
import { exportDeclaration } from "../export.ts";
import { applyDeclaration } from "./apply.ts";
import { readDeclaration } from "./declaration.ts";
import type { FileTools } from "./file-tools.ts";
import { parseFile } from "./parse-file.ts";

const SERVICE = "5a9e2f4c-3d0b-4e55-8f39-0c6cbfc1d7aa";
const LETTER = "0198f6a2-7c11-7a44-9d5e-5ab1b1d3c001";
const EMAIL = "0198f6a2-7c11-7a44-9d5e-5ab1b1d3c002";
const WORLD = `
services:
  - id: ${SERVICE}
    name: Northwold Libraries
    files_contact: https://libraries.northwold.example/help
    email_brand: { logo: logos/email.png, alternative_text: Northwold Libraries, banner_colour: "#00573F" }
    letter_logo: { logo: logos/letter.svg, description: Northwold Libraries }
    templates:
      - id: ${LETTER}
        channel: letter
        name: Renew your card
        subject: Your card
        body: "Dear ((name))"
        attached_pages: { file: leaflet.pdf, name: "Opening hours, winter.pdf" }
      - id: ${EMAIL}
        channel: email
        name: Welcome
        subject: Welcome
        body: "Hello ((name)): ((map.pdf)), ((hours.txt))"
        files:
          - { file: leaflet.pdf, name: map.pdf, link_text: Our map, retention_weeks: 4 }
          - { file: hours.txt, asks_for_address: false }
`;

const master = parseMasterKey(newMasterKeyText());
if (!master) throw new Error("no key");
const keys: OpeningKeys = { master, searchIndex: deriveKey(master, "recipient search") };

let folder: string;
let database: TestDatabase;
let db: Database;
let blobs: Blobs;
let typesetter: LetterTypesetter;
let inspector: PdfInspector;
/** What stands beside the declaration. */
let disk: Record<string, Buffer>;

const connect = (url: string) => openDatabase({ url, maxConnections: 3, applicationName: "test" });

interface Where {
  prunes?: boolean;
  isDryRun?: boolean;
  at?: { db: Database; blobs: Blobs };
}

function apply(content: string, { prunes = false, isDryRun = false, at = { db, blobs } }: Where = {}) {
  const readFile = (path: string) => disk[path] ?? missing();
  const declaration = readDeclaration(parseFile(content, { name: "world.yaml", environment: {}, readFile }));
  const scanning = { scanner: sandboxScanner, acceptsUnscanned: false, sandboxScanner };
  const letters = createLetterPreviews({ clock: systemClock, db: at.db }, { typesetter, inspector });
  const tools: FileTools = { blobs: at.blobs, scanning, log: silentLog, letters };
  const openFileTools = async () => tools;
  return applyDeclaration(at.db, keys, { declaration, actor: "test", prunes, isDryRun, openFileTools });
}

function missing(): never {
  throw Object.assign(new Error("no such file"), { code: "ENOENT" });
}

async function keptKeys(): Promise<string[]> {
  const all: string[] = [];
  for await (const key of blobs.list()) all.push(key);
  return all.sort();
}

const changesOf = async (content: string, where?: Where) =>
  (await apply(content, where)).changes.map(({ action, kind }) => `${action} ${kind}`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pennypost-apply-files-"));
  database = await createTestDatabase();
  db = connect(database.url);
  blobs = await openBlobs({ kind: "folder", path: join(folder, "here") });
  typesetter = openLetterTypesetter({ geometry: LETTER_GEOMETRY });
  inspector = openPdfInspector();
  disk = {
    "logos/email.png": pngOf(400, 108),
    "logos/other.png": pngOf(500, 120),
    "logos/letter.svg": EXAMPLE_LOGO,
    "leaflet.pdf": await pagePdf("Opening hours in winter"),
    "other.pdf": await pagePdf("Opening hours in summer"),
    "hours.txt": Buffer.from("Monday to Friday, 9 to 5"),
    "not-a-picture.png": Buffer.from("hello"),
    "broken.pdf": Buffer.from("%PDF-1.4 and no more"),
    "virus.txt": Buffer.from("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"),
  };
});

/** By itself: the threads that set letters and read PDFs start with it, which a busy machine takes its time for. */
beforeAll(() => apply(WORLD));

afterAll(async () => {
  await db.close();
  await database.drop();
  await Promise.all([typesetter.close(), inspector.close()]);
  rmSync(folder, { recursive: true });
});

describe("logos, pages and files that a declaration names", () => {
  beforeEach(() => apply(WORLD, { prunes: true }));

  it("become the service's own, and the same file changes nothing more", async () => {
    expect(await findOwnBrandInUse(db, { serviceId: SERVICE, channel: "email" })).toMatchObject({
      picture: disk["logos/email.png"],
      ...{ width: 400, height: 108, alternativeText: "Northwold Libraries", colour: "#00573f" },
    });
    expect(await findOwnBrandInUse(db, { serviceId: SERVICE, channel: "letter" })).toMatchObject({
      format: "svg",
      picture: EXAMPLE_LOGO,
    });
    const service = await findService(db, keys, SERVICE);
    const [map, hours] = await listTemplateFiles(db, EMAIL);
    expect([map, hours]).toMatchObject([
      {
        fileName: "map.pdf",
        mimeType: "application/pdf",
        linkText: "Our map",
        retentionWeeks: 4,
        asksForAddress: true,
      },
      { fileName: "hours.txt", linkText: undefined, retentionWeeks: 26, asksForAddress: false },
    ]);
    expect(service && map && (await findTemplateFileBytes({ blobs }, service, map))).toEqual(disk["leaflet.pdf"]);
    expect((await apply(WORLD, { prunes: true })).changes).toEqual([]);
  });

  it("are told apart by what is in them", async () => {
    const others = WORLD.replace("logos/email.png", "logos/other.png").replaceAll("leaflet.pdf", "other.pdf");
    const { changes } = await apply(others);
    expect(changes.map(({ kind }) => kind)).toEqual(["email brand", "template", "template file"]);
    expect(changes).toMatchObject([
      { before: { logo: expect.stringContaining("sha256") }, after: { logo: expect.stringContaining("sha256") } },
      { after: { attachedPages: expect.stringMatching(/^Opening hours, winter\.pdf, \d+ bytes, sha256/) } },
      { name: "map.pdf of Welcome of Northwold Libraries", after: { content: expect.any(String) } },
    ]);
  });

  it("keep what the file leaves unsaid", async () => {
    const less = WORLD.replace(', banner_colour: "#00573F"', "").replace(", link_text: Our map", "");
    expect(await changesOf(less, { prunes: true })).toEqual([]);
  });

  it("go when the file says that there are none, and only with --prune", async () => {
    const none = WORLD.replace(/email_brand: .*/, "email_brand: none")
      .replace(/letter_logo: .*/, "letter_logo: none")
      .replace(/attached_pages: .*/, "attached_pages: none")
      .replace(/ +- \{ file: hours\.txt.*\n/, "");
    expect(await changesOf(none)).toEqual([]);
    expect(await changesOf(none, { prunes: true })).toEqual([
      "removed email brand",
      "removed letter logo",
      "updated template",
      "removed template file",
    ]);
    const [letter] = (await listAllTemplates(db, SERVICE)).filter(({ id }) => id === LETTER);
    expect(letter?.attachmentId).toBeUndefined();
    expect((await listTemplateFiles(db, EMAIL)).map(({ fileName }) => fileName)).toEqual(["map.pdf"]);
    const [removed] = await listAuditEntries(db, { limit: 100 });
    expect(removed).toMatchObject({ action: "template-file.removed", serviceId: SERVICE });
  });

  it("leave nothing behind after a dry run, or when the file is refused further on", async () => {
    const before = await keptKeys();
    const others = WORLD.replaceAll("leaflet.pdf", "other.pdf");
    expect(await changesOf(others, { isDryRun: true })).toEqual(["updated template", "updated template file"]);
    const refused = `${others}routes:\n  - { provider: nobody, key_kinds: [live] }\n`;
    await expect(apply(refused)).rejects.toThrow("is not the name of a provider");
    expect(await keptKeys()).toEqual(before);
    expect(await changesOf(WORLD)).toEqual([]);
  });

  it("leave the store when it fails before all of them are in it", async () => {
    const before = await keptKeys();
    let puts = 0;
    const failing: Blobs = {
      ...blobs,
      put: async (key, bytes) => {
        await blobs.put(key, bytes);
        puts += 1;
        if (puts === 2) throw new Error("the store is full");
      },
    };
    const others = WORLD.replaceAll("leaflet.pdf", "other.pdf");
    await expect(apply(others, { at: { db, blobs: failing } })).rejects.toThrow("the store is full");
    expect(await keptKeys()).toEqual(before);
    expect(await changesOf(WORLD)).toEqual([]);
  });

  it("are put back where the store has lost them", async () => {
    for (const key of await keptKeys()) await blobs.delete(key);
    expect(await changesOf(WORLD)).toEqual(["updated template", "updated template file", "updated template file"]);
    expect(await changesOf(WORLD)).toEqual([]);
  });

  it("come out as they went in, and make the same elsewhere", async () => {
    const written = new Map<string, Buffer>();
    const write = (path: string, bytes: Buffer) => void written.set(path, bytes);
    const sink = { blobs, folder: "files", write };
    const { declaration, secrets, filesLeftOut } = await exportDeclaration(db, keys, sink);
    expect({ secrets, filesLeftOut, paths: [...written.keys()].sort() }).toEqual({
      secrets: {},
      filesLeftOut: 0,
      paths: [
        "files/northwold-libraries/email-logo.png",
        "files/northwold-libraries/letter-logo.svg",
        "files/northwold-libraries/renew-your-card/attached-pages.pdf",
        "files/northwold-libraries/welcome/hours.txt",
        "files/northwold-libraries/welcome/map.pdf",
      ],
    });
    Object.assign(disk, Object.fromEntries(written));
    const file = stringify(declaration);
    expect(await changesOf(file, { prunes: true })).toEqual([]);

    const elsewhere = await createTestDatabase();
    const other = {
      db: connect(elsewhere.url),
      blobs: await openBlobs({ kind: "folder", path: join(folder, "there") }),
    };
    await apply(file, { at: other });
    const there = new Map<string, Buffer>();
    const otherSink = {
      ...sink,
      blobs: other.blobs,
      write: (path: string, bytes: Buffer) => void there.set(path, bytes),
    };
    expect((await exportDeclaration(other.db, keys, otherSink)).declaration).toEqual(declaration);
    expect(there).toEqual(written);
    await other.db.close();
    await elsewhere.drop();
  });

  it("are counted, and not spoken of, in an export without them", async () => {
    const { declaration, filesLeftOut } = await exportDeclaration(db, keys);
    expect(filesLeftOut).toBe(5);
    expect(await changesOf(stringify(declaration), { prunes: true })).toEqual([]);
    expect((await listTemplateFiles(db, EMAIL)).length).toBe(2);
  });
});

describe("a file that cannot be used is refused where it is named, and nothing changes", () => {
  it.each([
    ["is not there", WORLD.replace("logos/email.png", "nowhere.png"), /:6: .*email_brand\.logo names a file .*ENOENT/],
    [
      "is no picture",
      WORLD.replace("logos/email.png", "not-a-picture.png"),
      /email_brand\.logo cannot be used: Choose a PNG/,
    ],
    [
      "has a colour that is none",
      WORLD.replace("#00573F", "green"),
      /email_brand\.banner_colour cannot be used: Enter a col/,
    ],
    [
      "is no drawing",
      WORLD.replace("logos/letter.svg", "hours.txt"),
      /letter_logo\.logo cannot be used: Choose an SVG or/,
    ],
    [
      "is no PDF",
      WORLD.replace('file: leaflet.pdf, name: "O', 'file: broken.pdf, name: "O'),
      /attached_pages\.file cannot/,
    ],
    [
      "has a virus",
      WORLD.replace("file: hours.txt", "file: virus.txt, name: hours.txt"),
      /files\.1\.file cannot .*virus/,
    ],
    [
      "has no contact",
      WORLD.replace(/ +files_contact: .*\n/, "")
        .replaceAll(SERVICE, "5a9e2f4c-3d0b-4e55-8f39-0c6cbfc1d7ab")
        .replaceAll(LETTER, "0198f6a2-7c11-7a44-9d5e-5ab1b1d3c0f1")
        .replaceAll(EMAIL, "0198f6a2-7c11-7a44-9d5e-5ab1b1d3c0f2")
        .replace("name: Northwold Libraries", "name: Parking"),
      /files\.0 needs files_contact of its service/,
    ],
    [
      "goes with a text",
      WORLD.replace("channel: email", "channel: sms").replace("        subject: Welcome\n", ""),
      /files cannot be: only emails/,
    ],
    [
      "is attached to an email",
      WORLD.replace("channel: letter", "channel: email"),
      /attached_pages cannot be: only letters/,
    ],
    [
      "is of a type that may not be sent",
      WORLD.replace("name: map.pdf", "name: map.exe"),
      /files\.0\.file cannot be used/,
    ],
  ])("because it %s", async (_, content, words) => {
    const before = await keptKeys();
    await expect((async () => apply(content))()).rejects.toThrow(words);
    expect(await keptKeys()).toEqual(before);
  });
});
