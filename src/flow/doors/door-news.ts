/** Tells the other processes of a door that this one keeps, so that `/_status` and the doctor can say how it is. */
import type { Clock } from "../../platform/clock.ts";
import type { Db } from "../../platform/db.ts";
import { newRandomId } from "../../platform/ids.ts";
import { errorFields, type Log } from "../../platform/log.ts";
import {
  type DoorName,
  deleteDoorNews,
  listOpenDoors,
  type OpenDoor,
  putDoorNews,
} from "../../records/doors/door-news-store.ts";

const TELL_EVERY_MS = 5_000;
/** Who has said nothing for so long has no door any more. */
const SILENT_AFTER_MS = 20_000;
const FORGOTTEN_AFTER_MS = 60 * 60_000;

interface Teller {
  db: Db;
  clock: Clock;
  log: Log;
}

export interface KeptDoor {
  door: DoorName;
  certificateEndsAt: () => Date | undefined;
  binds: () => number;
}

/** From now on until `stop`. While the database is away nothing is told. */
export function tellOfDoor({ db, clock, log }: Teller, { door, certificateEndsAt, binds }: KeptDoor) {
  const processId = newRandomId();
  const state = { telling: Promise.resolve() };
  const warn = (error: unknown): void => log.warn("door.not-told", errorFields(error));
  const tell = (): void => {
    state.telling = state.telling
      .then(() => {
        const now = { binds: binds(), certificateEndsAt: certificateEndsAt(), seenAt: clock.now() };
        return putDoorNews(db, { processId, door, ...now });
      })
      .catch(warn);
  };
  tell();
  const timer = setInterval(tell, TELL_EVERY_MS);
  return {
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await state.telling;
      const silentSince = new Date(clock.now().getTime() - FORGOTTEN_AFTER_MS);
      await deleteDoorNews(db, { processId, silentSince }).catch(warn);
    },
  };
}

export function readDoors({ db, clock }: Pick<Teller, "db" | "clock">): Promise<OpenDoor[]> {
  return listOpenDoors(db, new Date(clock.now().getTime() - SILENT_AFTER_MS));
}
