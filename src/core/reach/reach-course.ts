/**
 * Reaching one person by several steps: what is to be done next, from what has happened so far. A step is begun when its message is
 * accepted, or when it is passed over. Told the time; knows no database.
 */
import { type ChatApp, chatAppFacts, chatAppName } from "../chat/chat-app.ts";
import { FINAL_STATUSES, type Status } from "../delivery/statuses.ts";

export const REACH_CHANNELS = ["sms", "email", "letter", "chat"] as const;
export type ReachChannel = (typeof REACH_CHANNELS)[number];

/** What has to happen for a step to have reached the person. Whoever asked may also say at any time that it has. */
export const UNTILS = ["delivered", "seen", "sent", "answered", "confirmed"] as const;
export type Until = (typeof UNTILS)[number];

/** What can be heard of on each channel: nobody answers an email or a letter here, and only apps say that a message was seen. */
const UNTILS_OF: Record<ReachChannel, readonly Until[]> = {
  sms: ["delivered", "sent", "answered", "confirmed"],
  email: ["delivered", "sent", "confirmed"],
  letter: ["delivered", "sent", "confirmed"],
  chat: UNTILS,
};
const MESSAGE_OF: Record<ReachChannel, string> = {
  sms: "a text",
  email: "an email",
  letter: "a letter",
  chat: "a chat",
};

/** Of an app that never says that a message has arrived, a message can be waited for no longer than until the app has it. */
export function defaultUntil(app: ChatApp | undefined): Until {
  return app === undefined || chatAppFacts(app).hasReceipts ? "delivered" : "sent";
}

/** In words, where nothing is ever heard of what a step is to wait for. */
export function untilProblem(until: Until, channel: ReachChannel, app: ChatApp | undefined): string | undefined {
  const isHeardOf = UNTILS_OF[channel].includes(until) && (app === undefined || saysOf(app, until));
  if (isHeardOf) return undefined;
  const what = app === undefined ? MESSAGE_OF[channel] : `a message by ${chatAppName(app)}`;
  return `until ${until} cannot be told of ${what}`;
}

function saysOf(app: ChatApp, until: Until): boolean {
  if (until === "answered") return app !== "web-push";
  return chatAppFacts(app).hasReceipts || (until !== "delivered" && until !== "seen");
}

export const REACH_STATUSES = ["working", "reached", "not-reached", "cancelled"] as const;
export type ReachStatus = (typeof REACH_STATUSES)[number];

export const STEPS_MAX = 5;
const HEXADECIMAL = 16;
/** How long one may take: as long as a message may be valid. */
export const REACH_SECONDS = { min: 1, max: 259_200, default: 86_400 } as const;

export interface StepCourse {
  /** From 1 on. */
  number: number;
  until: Until;
  /** After which the next one goes; undefined: it goes when this one has failed, and not before. */
  waitSeconds: number | undefined;
  begunAt: Date | undefined;
  /** Why no message of it was sent, though it was its turn. */
  passedOver: "cost" | "refused" | undefined;
  /** Of its message, if it has one; undefined where that is gone. */
  status: Status | undefined;
  isAnswered: boolean;
  /** As its app says. */
  isSeen?: boolean;
}

export interface ReachCourse {
  createdAt: Date;
  deadline: Date;
  /** In their order. */
  steps: readonly StepCourse[];
}

export type ReachMove =
  | { kind: "reached"; step: number; by: Until }
  | { kind: "not-reached"; because: "deadline" | "no-steps-left" }
  | { kind: "take"; step: number }
  | { kind: "look-again"; at: Date };

const LOOK_EVERY_MS = { min: 3_000, max: 60_000 } as const;
/** A message that has been under way for long is looked at less often: most of what happens to one happens early. */
const LOOKS_IN_ITS_AGE = 10;

/** A message of any step may still arrive while a later one is under way; the step that has failed for good is not waited for. */
export function nextMove({ createdAt, deadline, steps }: ReachCourse, now: Date): ReachMove {
  const met = steps.find(isMet);
  if (met) return { kind: "reached", step: met.number, by: met.until };
  if (deadline <= now) return { kind: "not-reached", because: "deadline" };
  const next = steps.find(({ begunAt }) => begunAt === undefined);
  const latest = steps.findLast(({ begunAt }) => begunAt !== undefined);
  const waitsUntil = latest && endOfWait(latest);
  const isWaiting = latest !== undefined && isHopeful(latest) && !(waitsUntil && waitsUntil <= now);
  if (next && !isWaiting) return { kind: "take", step: next.number };
  if (!next && !steps.some(isHopeful)) return { kind: "not-reached", because: "no-steps-left" };
  const look = now.getTime() + lookEveryMs(now.getTime() - (latest?.begunAt ?? createdAt).getTime());
  const ends = [deadline, ...(next && waitsUntil ? [waitsUntil] : [])].map((moment) => moment.getTime());
  return { kind: "look-again", at: new Date(Math.min(look, ...ends)) };
}

function lookEveryMs(ageMs: number): number {
  return Math.min(LOOK_EVERY_MS.max, Math.max(LOOK_EVERY_MS.min, ageMs / LOOKS_IN_ITS_AGE));
}

const WAS_SENT: readonly Status[] = ["sending", "sent", "pending", "delivered"];

function isMet({ until, begunAt, passedOver, status, isAnswered, isSeen }: StepCourse): boolean {
  if (begunAt === undefined || passedOver !== undefined || status === undefined) return false;
  if (until === "delivered") return status === "delivered";
  if (until === "seen") return isSeen === true;
  if (until === "sent") return WAS_SENT.includes(status);
  return until === "answered" && isAnswered;
}

/** Its message is under way, or has arrived where more than that is wanted. */
function isHopeful({ begunAt, passedOver, status }: StepCourse): boolean {
  return begunAt !== undefined && passedOver === undefined && !hasFailed(status);
}

function hasFailed(status: Status | undefined): boolean {
  return status === undefined || (status !== "delivered" && FINAL_STATUSES.includes(status));
}

function endOfWait({ begunAt, waitSeconds }: StepCourse): Date | undefined {
  return begunAt && waitSeconds !== undefined ? new Date(begunAt.getTime() + waitSeconds * 1_000) : undefined;
}

export type StepState = "waiting" | "under-way" | "reached" | "failed" | "passed-over" | "not-needed";

/**
 * The name of a step's message before there is a message: it is known when the reach is. Ids of one millisecond share no more than their
 * beginning, so that the last digit may be spent.
 */
export function stepMessageId(reachId: string, step: number): string {
  const last = (Number.parseInt(reachId.slice(-1), HEXADECIMAL) + step) % HEXADECIMAL;
  return reachId.slice(0, -1) + last.toString(HEXADECIMAL);
}

/** How a step stands, for people and programs. */
export function stepState(
  step: StepCourse,
  { status, reachedStep }: { status: ReachStatus; reachedStep: number | undefined },
): StepState {
  if (reachedStep === step.number) return "reached";
  if (step.begunAt === undefined) return status === "working" ? "waiting" : "not-needed";
  if (step.passedOver !== undefined) return "passed-over";
  return hasFailed(step.status) ? "failed" : "under-way";
}
