/** A message that can be undone is one that is scheduled for a moment later: until then it can be cancelled as any other. */
import { undoSeconds } from "../../core/delivery/undo-window.ts";
import { Refusal } from "../../core/refusal.ts";
import type { SendRequest } from "./send-request.ts";

const MS_PER_SECOND = 1_000;

/** Where it is scheduled for later than that, it stays so. */
export function withUndoWindow<Request extends SendRequest>(request: Request, now: Date): Request {
  const { service, key, createdByName, isOfSystem, priority = "normal" } = request;
  const { undoSeconds: askedSeconds, scheduledFor } = request;
  if (priority === "high" && askedSeconds)
    throw new Refusal("bad-request", "A message of high priority never waits: leave undo_seconds out");
  const isOfPerson = key === undefined && createdByName !== undefined && !isOfSystem;
  const seconds = undoSeconds({ service: service.undo, askedSeconds, isOfPerson, priority });
  const goesAt = new Date(now.getTime() + seconds * MS_PER_SECOND);
  return seconds === 0 || (scheduledFor && scheduledFor >= goesAt)
    ? request
    : { ...request, scheduledFor: goesAt, waitsToBeUndone: true };
}
