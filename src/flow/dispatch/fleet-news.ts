/**
 * Tells the database how this process gets on with its providers, for pages and commands that run elsewhere. What has changed is told at
 * once, that it has not changed every few seconds: who falls silent has ended.
 */
import { newRandomId } from "../../platform/ids.ts";
import { errorFields } from "../../platform/log.ts";
import {
  deleteProviderNews,
  type ProviderNews,
  putProviderNews,
} from "../../records/providers/provider-health-store.ts";
import type { App } from "../app.ts";

const SAID_EVERY_MS = 5_000;
const FORGOTTEN_AFTER_MS = 60 * 60_000;

/** Who has said nothing for so long has ended, or cannot reach the database. */
export const SILENT_AFTER_MS = 4 * SAID_EVERY_MS;

export interface FleetNews {
  /** Called often; it writes when there is something to say. Never rejects. */
  tell(news: readonly ProviderNews[]): Promise<void>;
  /** Nothing more will be told. */
  end(): Promise<void>;
}

export function createFleetNews({ db, clock, log }: Pick<App, "db" | "clock" | "log">): FleetNews {
  const processId = newRandomId();
  const last = { said: "", atMs: 0 };
  const forget = () =>
    deleteProviderNews(db, { processId, silentSince: new Date(clock.now().getTime() - FORGOTTEN_AFTER_MS) });
  const tell = async (news: readonly ProviderNews[]): Promise<void> => {
    const now = clock.now();
    const said = news.map(({ providerId, isAvailable }) => `${providerId} ${isAvailable}`).join();
    if (said === last.said && now.getTime() - last.atMs < SAID_EVERY_MS) return;
    await putProviderNews(db, { processId, now, news });
    Object.assign(last, { said, atMs: now.getTime() });
  };
  const quietly = (work: Promise<void>) => work.catch((error) => log.warn("fleet.news-not-told", errorFields(error)));
  return { tell: (news) => quietly(tell(news)), end: () => quietly(forget()) };
}
