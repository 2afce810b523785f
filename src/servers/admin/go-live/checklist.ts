/** The tasks before a service goes live, as a list with links. */
import { type GoLiveChecklist, type GoLiveTask, goLiveChecklist } from "../../../flow/people/go-live.ts";
import type { Visit } from "../http/visit.ts";

const SERVICE = "/services/:sid";
/** Where each task is done. */
const PAGES: Record<GoLiveTask, string> = {
  "name-unique": `${SERVICE}/go-live/name`,
  volumes: `${SERVICE}/go-live/volumes`,
  managers: `${SERVICE}/team`,
  templates: `${SERVICE}/templates`,
  "reply-to": `${SERVICE}/settings/reply-to`,
  "text-sender": `${SERVICE}/settings/text-senders`,
};

/** As the task list's macro takes it. */
export interface TaskItem {
  title: { text: string };
  hint: { text: string };
  href: string | undefined;
  status: { text: string } | { tag: { text: string; classes: string } };
}

/** `hasLinks`: for those who do the tasks, not for those who only look. */
export async function readTasks(
  visit: Visit,
  { serviceId, hasLinks }: { serviceId: string; hasLinks: boolean },
): Promise<{ tasks: readonly TaskItem[]; isDone: boolean }> {
  const checklist = await goLiveChecklist(visit.people, serviceId);
  const tasks = checklist.map((entry) =>
    taskItem(visit, entry, hasLinks ? linkTo(visit, entry.task, serviceId) : undefined),
  );
  return { tasks, isDone: checklist.every(({ isDone }) => isDone) };
}

/** A page that there is. */
function linkTo({ admin }: Visit, task: GoLiveTask, serviceId: string): string | undefined {
  const url = PAGES[task];
  return admin.urls.has(url) ? url.replace(":sid", serviceId) : undefined;
}

function taskItem({ text }: Visit, { task, isDone }: GoLiveChecklist[number], href: string | undefined): TaskItem {
  const status = isDone
    ? { text: text("goLive.done") }
    : { tag: { text: text("goLive.toDo"), classes: "pp-tag-waiting" } };
  return {
    title: { text: text(`goLive.task.${task}`) },
    hint: { text: text(`goLive.task.${task}.hint`) },
    href,
    status,
  };
}
