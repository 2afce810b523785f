import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/support/database.ts";
import { type Database, openDatabase } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { deriveKey, newMasterKeyText, parseMasterKey } from "../../platform/sealing.ts";
import { findOrMakeDeployment } from "../../records/deployment/deployment-store.ts";
import { getPrintTimetable } from "../../records/deployment/print-settings.ts";
import { listProviders } from "../../records/providers/provider-store.ts";
import { listTemplates } from "../../records/templates/template-store.ts";
import { exportDeclaration } from "../export.ts";
import { applyDeclaration } from "./apply.ts";
import { readDeclaration } from "./declaration.ts";
import { parseFile } from "./parse-file.ts";

const SERVICE = "5a9e2f4c-3d0b-4e55-8f39-0c6cbfc1d7aa";
const FILE = `
services:
  - id: ${SERVICE}
    name: Northwold Libraries
    permissions: [letter]
    templates:
      - channel: letter
        name: Renew your card
        postage: first
        contact_block: |
          Northwold Libraries
          1 Market Square
        subject: Your card
        body: "Dear ((name))"
        welsh_subject: Eich cerdyn
        welsh_body: "Annwyl ((name))"
providers:
  - name: printer
    channel: letter
    kind: print-sftp
    settings: { host: sftp.example.net, user: us, hostKey: "SHA256:abc", folder: /outgoing }
    secrets: { privateKey: "\${PRINTER_KEY}" }
printing: { cut_off: "16:00", run_at: "16:30" }
`;

const master = parseMasterKey(newMasterKeyText());
if (!master) throw new Error("no key");
const keys = { master, searchIndex: deriveKey(master, "recipient search") };

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, maxConnections: 2, applicationName: "test" });
  await findOrMakeDeployment(db, { id: newId(), masterKeyFingerprint: master.fingerprint });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

function apply(content: string) {
  const source = { name: "letters.yaml", environment: { PRINTER_KEY: "a key" } };
  const declaration = readDeclaration(parseFile(content, source));
  return applyDeclaration(db, keys, { declaration, actor: "pennypost apply", prunes: false, isDryRun: false });
}

describe("letters in a file", () => {
  it("become a template, a printer and a time, and the same file changes nothing more", async () => {
    await apply(FILE);
    expect(await listTemplates(db, SERVICE)).toMatchObject([
      {
        ...{ channel: "letter", postage: "first", contactBlock: "Northwold Libraries\n1 Market Square" },
        ...{ welshSubject: "Eich cerdyn", welshBody: "Annwyl ((name))" },
      },
    ]);
    expect(await listProviders(db, keys.master)).toMatchObject([
      { kind: "print-sftp", secrets: { privateKey: "a key" } },
    ]);
    expect(await getPrintTimetable(db)).toEqual({ timeZone: "Europe/London", cutOff: "16:00", runAt: "16:30" });
    expect((await apply(FILE)).changes).toEqual([]);
  });

  it("come out again as they went in", async () => {
    const { declaration } = await exportDeclaration(db, keys);
    expect(declaration).toMatchObject({
      printing: { time_zone: "Europe/London", cut_off: "16:00", run_at: "16:30" },
      services: [
        { templates: [{ contact_block: expect.any(String), welsh_body: "Annwyl ((name))", postage: "first" }] },
      ],
    });
  });

  it.each([
    [FILE.replace("channel: letter\n        name", "channel: email\n        name"), /contact_block cannot be/],
    [FILE.replace(/ *welsh_subject.*\n/, ""), /welsh_subject is missing/],
    [FILE.replace("16:30", "15:30"), /letters cannot be printed before the cut-off/],
    [FILE.replace('cut_off: "16:00"', 'cut_off: "4pm"'), /times must be written like 17:30/],
    [FILE.replace("hostKey: ", "hostkey: "), /hostKey is missing/],
    [FILE.replace("kind: print-sftp", "kind: print-http"), /url is missing/],
  ])("are refused in words where something is wrong (%#)", async (content, words) => {
    await expect((async () => apply(content))()).rejects.toThrow(words);
  });
});
