/** `/services/:sid/templates` and its folders: what is there, moved about with boxes that are ticked. */

import type { VisibleFolder } from "../../../flow/templates/folder-tree.ts";
import {
  type Chosen,
  createFolder,
  listVisibleTemplates,
  moveToFolder,
  readShelf,
  type TemplateShelf,
} from "../../../flow/templates/folders.ts";
import type { ListedTemplate } from "../../../records/templates/template-page-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, refuseIfInvalid, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { shelfPath, TEMPLATES_URL, templatePath, templatesPath } from "./paths.ts";
import { folderIdOf, memberOf } from "./who.ts";

/** From this many on, a box to search them helps. */
const SEARCHED_FROM = 8;
/** From this many on, it helps to see one channel's alone. */
const CHANNELS_FROM = 3;
const CHANNELS = ["email", "sms", "letter", "chat"] as const;
const MAY_CHANGE = { permission: "manage_templates" } as const;
/** The root's value among the places to move to. */
const ROOT = "root";
const KINDS = { template: "template", folder: "folder" } as const;

interface Item {
  /** What its box says. */
  value: string;
  /** Without the folder's or template's name, what the search finds it by. */
  id: string;
  name: string;
  href: string;
  hint: string;
  isChosen: boolean;
}

type Field = "chosen" | "to" | "name";

interface ShelfPage {
  form: Form<Field>;
  heading: string;
  path: readonly { text: string; href: string }[];
  folderId: string | undefined;
  isEmpty: boolean;
  items: readonly Item[];
  channels: readonly { text: string; href: string; isCurrent: boolean }[];
  isSearched: boolean;
  mayChange: boolean;
  /** Whether there is anywhere to move to. */
  mayMove: boolean;
  targets: readonly { value: string; text: string; checked: boolean }[];
  paths: { add: string; manage: string | undefined; moves: string; folders: string };
}

const showShelf = page<ShelfPage>("templates/shelf.njk");

export const shelfRoutes: readonly Route[] = [
  route({ method: "GET", url: TEMPLATES_URL, who: "reader", handler: (visit) => openShelf(visit) }),
  route({
    method: "GET",
    url: `${TEMPLATES_URL}/folders/:fid`,
    who: "reader",
    handler: (visit) => openShelf(visit, folderIdOf(visit)),
  }),
  route({ method: "POST", url: `${TEMPLATES_URL}/moves`, who: MAY_CHANGE, handler: moveChosen }),
  route({ method: "POST", url: `${TEMPLATES_URL}/folders`, who: MAY_CHANGE, handler: makeFolder }),
];

const EMPTY = formOf<Field>({ chosen: "", to: "", name: "" });

async function openShelf(visit: ServiceVisit, folderId?: string): Promise<Answer> {
  return showForm(visit, { form: EMPTY, folderId, chosen: [] });
}

interface Shown {
  form: Form<Field>;
  folderId: string | undefined;
  chosen: readonly string[];
}

async function showForm(visit: ServiceVisit, { form, folderId, chosen }: Shown): Promise<Answer> {
  const shelf = await readShelf(visit.app, memberOf(visit), folderId);
  const templates = await listVisibleTemplates(visit.app, memberOf(visit));
  const channel = CHANNELS.find((name) => name === visit.query.get("channel"));
  const items = itemsOf(visit, { shelf, channel, chosen });
  const place = { serviceId: visit.service.id, folderId };
  const mayChange = visit.may("manage_templates");
  return showShelf(visit, {
    form,
    heading: shelf.folder?.name ?? visit.text("templates.title"),
    path: pathOf(visit, shelf),
    folderId,
    isEmpty: items.length === 0,
    items,
    channels: channelsOf(visit, { templates, folderId, channel }),
    isSearched: items.length >= SEARCHED_FROM,
    mayChange,
    mayMove: mayChange && items.length > 0 && shelf.allFolders.length > 0,
    targets: targetsOf(visit, shelf, form.values.to),
    paths: {
      add: templatesPath(place, "new"),
      manage: mayChange && folderId !== undefined ? `${shelfPath(place)}/manage` : undefined,
      moves: templatesPath({ serviceId: visit.service.id }, "moves"),
      folders: templatesPath({ serviceId: visit.service.id }, "folders"),
    },
  });
}

function itemsOf(
  visit: ServiceVisit,
  { shelf, channel, chosen }: { shelf: TemplateShelf; channel: string | undefined; chosen: readonly string[] },
): Item[] {
  const { text, service } = visit;
  const item = (kind: keyof typeof KINDS, rest: Omit<Item, "value" | "isChosen">): Item => {
    const value = `${kind}:${rest.id}`;
    return { value, isChosen: chosen.includes(value), ...rest };
  };
  const folders = shelf.folders.map(({ id, name, ...counts }) =>
    item("folder", {
      id,
      name,
      href: shelfPath({ serviceId: service.id, folderId: id }),
      hint: [text("templates.folder"), ...countsIn(visit, counts)].join(" · "),
    }),
  );
  const templates = shelf.templates.filter((one) => channel === undefined || one.channel === channel);
  return [
    ...folders,
    ...templates.map(({ id, name, channel }) =>
      item("template", {
        id,
        name,
        href: templatePath(service.id, id),
        hint: text(`templates.channelTemplate.${channel}`),
      }),
    ),
  ];
}

function countsIn({ text }: ServiceVisit, counts: { templates: number; folders: number }): string[] {
  if (counts.templates + counts.folders === 0) return [text("templates.count.empty")];
  return (["templates", "folders"] as const).flatMap((kind) =>
    counts[kind] === 0 ? [] : [text(`templates.count.${kind}`, { count: counts[kind] })],
  );
}

function channelsOf(
  { text, service }: ServiceVisit,
  {
    templates,
    folderId,
    channel,
  }: { templates: readonly ListedTemplate[]; folderId: string | undefined; channel: string | undefined },
): ShelfPage["channels"] {
  const used = CHANNELS.filter((name) => templates.some((one) => one.channel === name));
  if (used.length < 2 || templates.length < CHANNELS_FROM) return [];
  const href = shelfPath({ serviceId: service.id, folderId });
  return [
    { text: text("templates.channel.all"), href, isCurrent: channel === undefined },
    ...used.map((name) => ({
      text: text(`templates.channel.${name}`),
      href: `${href}?channel=${name}`,
      isCurrent: channel === name,
    })),
  ];
}

/** The folders above this one, from the root. */
function pathOf({ text, service }: ServiceVisit, { folder, allFolders }: TemplateShelf): ShelfPage["path"] {
  if (!folder) return [];
  const above: VisibleFolder[] = [];
  for (let at = parentOf(folder, allFolders); at; at = parentOf(at, allFolders)) above.unshift(at);
  return [
    { text: text("templates.title"), href: shelfPath({ serviceId: service.id }) },
    ...above.map(({ id, name }) => ({ text: name, href: shelfPath({ serviceId: service.id, folderId: id }) })),
  ];
}

function parentOf({ parentId }: VisibleFolder, folders: readonly VisibleFolder[]): VisibleFolder | undefined {
  return folders.find(({ id }) => id === parentId);
}

/** Each with its path, so that two of one name can be told apart; where they are now is no place to move to. */
function targetsOf({ text }: ServiceVisit, { folder, allFolders }: TemplateShelf, to: string): ShelfPage["targets"] {
  const root = { id: ROOT, path: [text("templates.title")] };
  const others = [...(folder ? [root] : []), ...allFolders.filter(({ id }) => id !== folder?.id)];
  return others.map(({ id, path }) => ({ value: id, text: path.join(" / "), checked: id === to }));
}

async function moveChosen(visit: ServiceVisit): Promise<Answer> {
  const { text, app, service } = visit;
  const { to, folder } = readFields(visit, ["to", "folder"]);
  const folderId = folder || undefined;
  const chosen = readList(visit, "chosen");
  return submit<Field>({
    values: { chosen: "", to, name: "" },
    refusedAt: "chosen",
    act: async () => {
      refuseIfInvalid({
        chosen: chosen.length === 0 && text("templates.error.chooseOne"),
        to: to === "" && text("templates.error.chooseTarget"),
      });
      const target = to === ROOT ? undefined : to;
      const move = { serviceId: service.id, chosen: chosenIn(chosen), folderId: target };
      await moveToFolder(app, actorOf(visit), move);
      return redirect(shelfPath({ serviceId: service.id, folderId }), { flash: text("templates.moved") });
    },
    showAgain: (form) => showForm(visit, { form, folderId, chosen }),
  });
}

async function makeFolder(visit: ServiceVisit): Promise<Answer> {
  const { text, app, service } = visit;
  const { name, folder } = readFields(visit, ["name", "folder"]);
  const folderId = folder || undefined;
  const chosen = readList(visit, "chosen");
  return submit<Field>({
    values: { chosen: "", to: "", name },
    refusedAt: "name",
    act: async () => {
      const moves = chosen.length === 0 ? {} : { moves: chosenIn(chosen) };
      await createFolder(app, actorOf(visit), { serviceId: service.id, name, parentId: folderId, ...moves });
      const flash = text("templates.folderMade", { name: name.trim() });
      return redirect(shelfPath({ serviceId: service.id, folderId }), { flash });
    },
    showAgain: (form) => showForm(visit, { form, folderId, chosen }),
  });
}

/** "template:…" and "folder:…" as boxes say them. */
function chosenIn(values: readonly string[]): Chosen {
  const idsOf = (kind: string) =>
    values.filter((value) => value.startsWith(`${kind}:`)).map((value) => value.slice(kind.length + 1));
  return { templateIds: idsOf(KINDS.template), folderIds: idsOf(KINDS.folder) };
}
