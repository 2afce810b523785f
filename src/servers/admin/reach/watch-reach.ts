/** Whether reaches that somebody looks at have come further: asked for while they look, as telling would slow the sending. */
import type { App } from "../../../flow/app.ts";
import { readReach, readReachList } from "../../../flow/reach/read-reach.ts";
import type { LiveData } from "../http/watches.ts";

const ID = "[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}";
const LIST = new RegExp(`^service\\.(${ID})\\.reach-list$`);
const ONE = new RegExp(`^service\\.(${ID})\\.reach\\.(${ID})$`);
/** Of a list, its newest: further down they have mostly ended. */
const WATCHED_MAX = 50;

export function reachListTopic(serviceId: string): string {
  return `service.${serviceId}.reach-list`;
}

export function reachTopic(serviceId: string, id: string): string {
  return `service.${serviceId}.reach.${id}`;
}

/** How a topic about reaches is asked for; undefined for one that is about something else. */
export function watchReach(app: Pick<App, "db">, topic: string): (() => Promise<LiveData>) | undefined {
  const [, serviceId] = LIST.exec(topic) ?? [];
  if (serviceId) return () => readListState(app, serviceId);
  const [, ofService, id] = ONE.exec(topic) ?? [];
  return ofService && id ? () => readState(app, ofService, id) : undefined;
}

/** What a page says is known of a topic when it is made. */
export async function knownOfReach(app: Pick<App, "db">, topic: string): Promise<string> {
  return JSON.stringify(await watchReach(app, topic)?.());
}

async function readListState({ db }: Pick<App, "db">, serviceId: string): Promise<LiveData> {
  const newest = await readReachList(db, { serviceId, limit: WATCHED_MAX });
  const [first] = newest;
  const ended = newest.filter(({ reach }) => reach.status !== "working").length;
  return { newest: first?.reach.id ?? null, ended, steps: newest.reduce((sum, { reach }) => sum + reach.step, 0) };
}

async function readState(app: Pick<App, "db">, serviceId: string, id: string): Promise<LiveData> {
  const { reach, steps } = await readReach(app, { serviceId, id });
  return { status: reach.status, steps: steps.map(({ status }) => status ?? "-").join(" "), step: reach.step };
}
