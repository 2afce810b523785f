import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { newRandomId } from "../../platform/ids.ts";
import { listAuditEntries } from "../../records/audit/audit-store.ts";
import { findTemplatePage, listVersions } from "../../records/templates/template-page-store.ts";
import { readDraft, saveDraft } from "./drafts.ts";
import {
  archiveTemplate,
  copyName,
  copyTemplate,
  createTemplate,
  editTemplate,
  hidePersonalisationAfterSending,
  renameTemplate,
  restoreVersion,
  unarchive,
} from "./edit-template.ts";
import {
  createFolder,
  deleteFolder,
  listVisibleTemplates,
  moveToFolder,
  readShelf,
  readVisibleFolders,
  renameFolder,
  setFolderExclusions,
} from "./folders.ts";
import { setKeeping } from "./set-keeping.ts";

let world: World;
let service: WorldService;
const author = { userId: newRandomId(), ip: "192.0.2.1", emailAddress: "ann@example.org" };
const colleague = newRandomId();
const form = { name: "Reminder", subject: undefined, body: "Hello ((name))", hasUnsubscribeLink: false };

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function fresh(): Promise<void> {
  service = await world.service();
}

async function made(change: Partial<typeof form> = {}, folderId?: string): Promise<string> {
  return createTemplate(world.app, author, { service, channel: "sms", folderId, form: { ...form, ...change } });
}

const page = (id: string) => findTemplatePage(world.app.db, service.id, id);
const edit = (templateId: string, body: string, baseVersion = 1, confirmsBreakingChange = false) =>
  editTemplate(world.app, author, {
    service,
    templateId,
    baseVersion,
    confirmsBreakingChange,
    form: { ...form, body },
  });

describe("editing a template", () => {
  beforeAll(fresh);

  it("makes a new version, by its author, in the audit log", async () => {
    const id = await made();
    expect(await edit(id, "Hello again ((name))")).toEqual({ kind: "saved", version: 2 });
    expect(await page(id)).toMatchObject({ version: 2, body: "Hello again ((name))", createdBy: "ann@example.org" });
    const versions = await listVersions(world.app.db, { serviceId: service.id, templateId: id });
    expect(versions.map(({ version }) => version)).toEqual([2, 1]);
    const [entry] = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 1 });
    expect(entry).toMatchObject({ actor: author.userId, action: "template.updated", subject: "Reminder" });
  });

  it("that changes nothing makes no version", async () => {
    const id = await made();
    expect(await edit(id, "Hello ((name))\r\n")).toEqual({ kind: "unchanged", version: 1 });
  });

  it("of a version that is no longer in use conflicts", async () => {
    const id = await made();
    await edit(id, "First ((name))");
    expect(await edit(id, "Second ((name))")).toMatchObject({ kind: "conflict", current: { version: 2 } });
    expect((await page(id))?.body).toBe("First ((name))");
  });

  it("is saved by one of two who save at once", async () => {
    const id = await made();
    const kinds = (await Promise.all([edit(id, "A ((name))"), edit(id, "B ((name))")])).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(["conflict", "saved"]);
  });

  it("asks before requests would be refused, and goes on when told", async () => {
    const id = await made();
    const asked = await edit(id, "Hello ((name)) on ((day))");
    expect(asked).toMatchObject({ kind: "needs-confirmation", changes: { added: ["day"] } });
    expect(await edit(id, "Hello ((name)) on ((day))", 1, true)).toEqual({ kind: "saved", version: 2 });
  });

  it("refuses a form with every field that is wrong", async () => {
    const refused = made({ name: "", body: "" });
    await expect(refused).rejects.toMatchObject({ problems: [{ field: "name" }, { field: "body" }] });
  });

  it("brings an earlier version back as a new one", async () => {
    const id = await made();
    await edit(id, "Other ((name))");
    const base = { service, templateId: id, baseVersion: 2, confirmsBreakingChange: false };
    expect(await restoreVersion(world.app, author, { ...base, version: 1 })).toEqual({ kind: "saved", version: 3 });
    expect((await page(id))?.body).toBe("Hello ((name))");
  });

  it("renames, copies, hides values for good, deletes and brings back", async () => {
    const id = await made({ name: "Unique" });
    await renameTemplate(world.app, author, { service, templateId: id, name: "Better" });
    expect(await page(id)).toMatchObject({ name: "Better", version: 2 });
    const from = { serviceId: service.id, templateId: id };
    const copy = await copyTemplate(world.app, author, { from, service, folderId: undefined });
    expect((await page(copy))?.name).toBe("Better (copy)");
    await hidePersonalisationAfterSending(world.app, author, from);
    expect((await page(id))?.hidesPersonalisationSince).toBeInstanceOf(Date);
    await archiveTemplate(world.app, author, from);
    expect((await page(id))?.archivedAt).toBeInstanceOf(Date);
    await expect(edit(id, "x", 2)).rejects.toThrow("deleted");
    await unarchive(world.app, author, from);
    expect((await page(id))?.archivedAt).toBeUndefined();
  });

  it("copies what may be kept of the words, and who may see the values, as well", async () => {
    const from = { serviceId: service.id, templateId: await made() };
    await setKeeping(world.app, author, { ...from, keeps: "nothing" });
    await hidePersonalisationAfterSending(world.app, author, from);
    const copy = await copyTemplate(world.app, author, { from, service, folderId: undefined });
    expect(await page(copy)).toMatchObject({ keeps: "nothing", hidesPersonalisationSince: expect.any(Date) });
  });

  it("of another service's template is not found", async () => {
    const other = await world.service();
    const id = await made();
    const wish = { service: other, templateId: id, baseVersion: 1, confirmsBreakingChange: true, form };
    await expect(editTemplate(world.app, author, wish)).rejects.toMatchObject({ kind: "not-found" });
  });

  it.each([
    ["A", ["A"], "A (copy)"],
    ["A", ["A", "A (copy)"], "A (copy 2)"],
    ["A (copy 2)", ["A", "A (copy)", "A (copy 2)"], "A (copy 3)"],
  ])("a copy of %s among %j is named %s", (name, taken, expected) => {
    expect(copyName(name, taken)).toBe(expected);
  });
});

describe("a draft", () => {
  beforeAll(fresh);

  it("is kept for one person, says when it is outdated, and goes when its template is saved", async () => {
    const templateId = await made();
    const mine = { userId: author.userId, serviceId: service.id, templateId };
    const saved = await saveDraft(world.app, mine, { ...form, body: "((unfinished", baseVersion: 1 });
    expect(saved.isOutdated).toBe(false);
    expect(await readDraft(world.app, { ...mine, userId: colleague })).toBeUndefined();
    await editTemplate(
      world.app,
      { ...author, userId: colleague },
      { service, templateId, baseVersion: 1, confirmsBreakingChange: true, form: { ...form, body: "New ((name))" } },
    );
    expect(await readDraft(world.app, mine)).toMatchObject({ body: "((unfinished", isOutdated: true });
    await edit(templateId, "Mine ((name))", 2);
    expect(await readDraft(world.app, mine)).toBeUndefined();
  });
});

describe("folders", () => {
  beforeAll(fresh);
  const folder = (name: string, parentId?: string) =>
    createFolder(world.app, author, { serviceId: service.id, name, parentId });
  const me = () => ({ serviceId: service.id, userId: author.userId });

  it("hold templates and folders, and show how many", async () => {
    const outer = await folder("Outer");
    const inner = await folder("Inner", outer);
    const id = await made({}, inner);
    const root = await readShelf(world.app, me(), undefined);
    expect(root.folders).toMatchObject([{ id: outer, name: "Outer", folders: 1, templates: 0 }]);
    const shelf = await readShelf(world.app, me(), inner);
    expect(shelf.templates.map((template) => template.id)).toEqual([id]);
    expect(shelf.folder?.path).toEqual(["Outer", "Inner"]);
  });

  it("refuse a name that is taken in the same place, whatever its case", async () => {
    await folder("Twice");
    await expect(folder("twice")).rejects.toMatchObject({ problems: [{ problem: "folder-name-taken" }] });
  });

  it("cannot be moved into themselves, nor deleted while something is in them", async () => {
    const outer = await folder("Full");
    const inner = await folder("In full", outer);
    const into = (id: string, folderId: string | undefined) =>
      moveToFolder(world.app, author, {
        serviceId: service.id,
        chosen: { templateIds: [], folderIds: [id] },
        folderId,
      });
    await expect(into(outer, inner)).rejects.toThrow("into itself");
    const gone = { serviceId: service.id, folderId: outer };
    await expect(deleteFolder(world.app, author, gone)).rejects.toThrow("empty this folder");
    await into(inner, undefined);
    await deleteFolder(world.app, author, gone);
    await renameFolder(world.app, author, { serviceId: service.id, folderId: inner, name: "Out of full" });
    const names = (await readVisibleFolders(world.app, me())).map(({ name }) => name);
    expect(names).toContain("Out of full");
    expect(names).not.toContain("Full");
  });

  it("are listed with their path where the parent is invisible, and what is in that one is not listed", async () => {
    const parent = await folder("Parent");
    const child = await folder("Child", parent);
    const grandchild = await folder("Grandchild", child);
    const inParent = await made({ name: "In parent" }, parent);
    const inGrandchild = await made({ name: "In grandchild" }, grandchild);
    await setFolderExclusions(world.app, author, {
      serviceId: service.id,
      folderId: child,
      excludedUserIds: [colleague],
    });
    const theirs = { serviceId: service.id, userId: colleague };
    const seen = await readShelf(world.app, theirs, parent);
    expect(seen.folders.map(({ id, name }) => [id, name])).toEqual([[grandchild, "Child Grandchild"]]);
    await expect(readShelf(world.app, theirs, child)).rejects.toMatchObject({ kind: "not-found" });
    const ids = (await listVisibleTemplates(world.app, theirs)).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([inParent, inGrandchild]));
  });

  it("made in a folder that someone does not see are not seen by them either", async () => {
    const secret = await folder("Secret");
    await setFolderExclusions(world.app, author, {
      serviceId: service.id,
      folderId: secret,
      excludedUserIds: [colleague],
    });
    const inner = await folder("Inside", secret);
    const theirs = await readVisibleFolders(world.app, { serviceId: service.id, userId: colleague });
    expect(theirs.map(({ id }) => id)).not.toContain(inner);
  });
});
