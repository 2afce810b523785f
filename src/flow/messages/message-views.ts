/**
 * Views: searches of messages that somebody keeps under a name, for themselves or for the whole team. A view is changed by whoever
 * made it; one that is shared also by those who manage the service.
 */
import { Refusal } from "../../core/refusal.ts";
import type { Db, Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { open, seal } from "../../platform/sealing.ts";
import {
  deleteMessageView,
  insertMessageView,
  listMessageViews,
  type MessageView,
  updateMessageView,
} from "../../records/searches/message-view-store.ts";
import type { Service } from "../../records/services/service.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";

const NAME_MAX_CHARACTERS = 60;
const OWN_VIEWS_MAX = 50;

export interface Viewer {
  service: Pick<Service, "id" | "dataKey">;
  userId: string;
  /** May change what others have shared. */
  managesService: boolean;
}

/** What is looked for: text as it is typed, and the rest as addresses of the list have it. */
export interface Viewed {
  text: string | undefined;
  facets: Readonly<Record<string, string>>;
}

export interface NamedView extends Viewed {
  id: string;
  name: string;
  isShared: boolean;
  mayChange: boolean;
}

export interface ViewName {
  name: string;
  isShared: boolean;
}

/** By name. */
export async function listViews({ db }: { db: Db }, viewer: Viewer): Promise<NamedView[]> {
  const kept = await listMessageViews(db, { serviceId: viewer.service.id, userId: viewer.userId });
  return kept.map((view) => openView(viewer, view)).toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Answers its id. */
export async function saveView(
  app: Pick<App, "db" | "clock">,
  actor: Actor,
  { viewer, wish, viewed }: { viewer: Viewer; wish: ViewName; viewed: Viewed },
): Promise<string> {
  const id = newId();
  const { service, userId } = viewer;
  const name = parseName(wish.name);
  const view = { id, serviceId: service.id, userId, isShared: wish.isShared, createdAt: app.clock.now() };
  await app.db.transaction(async (tx) => {
    const others = await listViews({ db: tx }, viewer);
    refuseIfTaken(others, name);
    if (others.filter(({ isShared }) => !isShared).length >= OWN_VIEWS_MAX)
      throw fieldRefusal("name", "views-many", `You have ${OWN_VIEWS_MAX} views: delete one that you no longer need`);
    await insertMessageView(tx, { ...view, sealedView: sealView(viewer, { ...viewed, id, name }) });
    if (wish.isShared) await record(tx, actor, { viewer, id, action: "message-view.shared" });
  });
  return id;
}

/** Gives it another name, or shares it, or no longer. */
export async function changeView(
  app: Pick<App, "db">,
  actor: Actor,
  { viewer, id, wish }: { viewer: Viewer; id: string; wish: ViewName },
): Promise<void> {
  const name = parseName(wish.name);
  await app.db.transaction(async (tx) => {
    const views = await listViews({ db: tx }, viewer);
    const view = changeable(views, id);
    const others = views.filter((other) => other.id !== id);
    refuseIfTaken(others, name);
    const { text, facets } = view;
    const sealedView = sealView(viewer, { id, name, text, facets });
    await updateMessageView(tx, { id, isShared: wish.isShared, sealedView });
    if (wish.isShared !== view.isShared)
      await record(tx, actor, { viewer, id, action: `message-view.${wish.isShared ? "shared" : "withdrawn"}` });
  });
}

export async function deleteView(
  app: Pick<App, "db">,
  actor: Actor,
  { viewer, id }: { viewer: Viewer; id: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const { isShared } = changeable(await listViews({ db: tx }, viewer), id);
    await deleteMessageView(tx, id);
    if (isShared) await record(tx, actor, { viewer, id, action: "message-view.deleted" });
  });
}

/** The view that is to be changed, of those somebody sees. */
export function changeable(views: readonly NamedView[], id: string): NamedView {
  const view = views.find((candidate) => candidate.id === id);
  if (!view) throw new Refusal("not-found", "There is no such view");
  if (!view.mayChange)
    throw new Refusal("not-authorised", "Ask whoever made the view, or someone who manages the service");
  return view;
}

function parseName(typed: string): string {
  const name = typed.trim();
  if (name === "") throw fieldRefusal("name", "view-name-missing", "Enter a name for the view");
  if (name.length <= NAME_MAX_CHARACTERS) return name;
  throw fieldRefusal("name", "view-name-long", `The name must be ${NAME_MAX_CHARACTERS} characters or fewer`);
}

function refuseIfTaken(others: readonly NamedView[], name: string): void {
  if (!others.some((other) => other.name.toLowerCase() === name.toLowerCase())) return;
  throw fieldRefusal("name", "view-name-taken", "There is a view of this name already");
}

/** Only what the team sees is the team's to know of, and never what it is called: that may be somebody's name. */
async function record(
  tx: Tx,
  actor: Actor,
  { viewer, id, action }: { viewer: Viewer; id: string; action: string },
): Promise<void> {
  await recordDeed(tx, actor, { serviceId: viewer.service.id, action, subject: `message view ${id}` });
}

function sealView({ service }: Viewer, { id, ...kept }: Viewed & { id: string; name: string }): Buffer {
  return seal({ key: service.dataKey, belongsTo: placeOf(id) }, JSON.stringify(kept));
}

function openView({ service, userId, managesService }: Viewer, view: MessageView): NamedView {
  const { id, isShared, sealedView } = view;
  const kept = JSON.parse(open({ key: service.dataKey, belongsTo: placeOf(id) }, sealedView).toString());
  const { name, text, facets } = kept as { name: string } & Viewed;
  return { id, name, text, facets, isShared, mayChange: view.userId === userId || (isShared && managesService) };
}

function placeOf(id: string): string {
  return `message_views:${id}`;
}
