/** For how long a message waits before it goes, so that whoever sent it can take it back. What is urgent never waits. */

export const UNDO_MAX_SECONDS = 300;
/** In which messages of systems can wait. */
export const UNDO_LANES = ["normal", "low"] as const;
export type UndoLane = (typeof UNDO_LANES)[number];

export interface UndoWish {
  /** Of the service: for its people, and for systems in the lanes that it names. */
  service: { seconds: number; lanes: readonly UndoLane[] };
  /** By the request itself. */
  askedSeconds: number | undefined;
  isOfPerson: boolean;
  priority: "high" | "normal" | "low";
}

export function undoSeconds({ service, askedSeconds, isOfPerson, priority }: UndoWish): number {
  if (priority === "high") return 0;
  if (askedSeconds !== undefined) return askedSeconds;
  return isOfPerson || service.lanes.includes(priority) ? service.seconds : 0;
}
