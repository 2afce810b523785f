/** The load: so many connections, each sending its next request as soon as it has the answer to the last (a closed loop). */
import { setTimeout as sleep } from "node:timers/promises";
import { answerWith, nowMs } from "./helper.ts";
import { HttpLine } from "./http-line.ts";
import { type MakeRequest, requestsFor, type Target } from "./requests.ts";

const ACCEPTED_FIRST = 200;
const ACCEPTED_LAST = 299;
/** One answer that was no acceptance is kept, to show what went wrong. */
const EXAMPLE_MAX_CHARACTERS = 300;

export interface LoadOrder {
  target: Target;
  /** Begins each message's token. */
  name: string;
  connections: number;
  seconds: number;
  /** Left out: as many as there are answers for. Else at these times, as long as a connection is free. */
  perSecond?: number;
  /** It ends with so many, if that is sooner. */
  countMax?: number;
}

export interface LoadResult {
  accepted: number;
  refused: number;
  /** A refusal, should there have been any. */
  example: string | undefined;
  startedAtMs: number;
  /** When the last answer came. */
  endedAtMs: number;
  /** How long each accepted request took, in no order. */
  tookMs: Float64Array;
}

export interface OneByOneOrder {
  target: Target;
  name: string;
  count: number;
  gapMs: number;
}

export interface TimedRequest {
  token: string;
  sentAtMs: number;
  answeredAtMs: number;
}

export type GeneratorSkills = {
  /** Ends the load under way before its time. */
  endLoad(): void;
  load(order: LoadOrder): Promise<LoadResult>;
  oneByOne(order: OneByOneOrder): Promise<TimedRequest[]>;
};

const state = { isEnded: false };

async function load(order: LoadOrder): Promise<LoadResult> {
  const { target, name, connections, seconds, perSecond, countMax = Number.POSITIVE_INFINITY } = order;
  const makeRequest = requestsFor(target);
  const lines = Array.from({ length: connections }, () => new HttpLine(target.port));
  await Promise.all(lines.map((line) => line.open()));
  const tally = { sent: 0, refused: 0, example: undefined as string | undefined, tookMs: [] as number[] };
  const startedAtMs = nowMs();
  const until = startedAtMs + seconds * 1_000;
  state.isEnded = false;
  const drive = async (line: HttpLine): Promise<void> => {
    while (nowMs() < until && !state.isEnded && tally.sent < countMax) {
      const number = ++tally.sent;
      if (perSecond) await sleep(Math.max(0, startedAtMs + (number / perSecond) * 1_000 - nowMs()));
      const sentAtMs = nowMs();
      const { status, body } = await line.send(makeRequest(`${name}-${number}`));
      if (isAccepted(status)) tally.tookMs.push(nowMs() - sentAtMs);
      else {
        tally.refused += 1;
        tally.example ??= `${status} ${body}`.slice(0, EXAMPLE_MAX_CHARACTERS);
      }
    }
  };
  await Promise.all(lines.map(drive));
  const endedAtMs = nowMs();
  for (const line of lines) line.close();
  const { refused, example, tookMs } = tally;
  return { accepted: tookMs.length, refused, example, startedAtMs, endedAtMs, tookMs: Float64Array.from(tookMs) };
}

async function oneByOne({ target, name, count, gapMs }: OneByOneOrder): Promise<TimedRequest[]> {
  const makeRequest = requestsFor(target);
  const line = new HttpLine(target.port);
  await line.open();
  const timed: TimedRequest[] = [];
  for (let number = 1; number <= count; number++) {
    timed.push(await sendOne(line, makeRequest, `${name}-${number}`));
    await sleep(gapMs);
  }
  line.close();
  return timed;
}

async function sendOne(line: HttpLine, makeRequest: MakeRequest, token: string): Promise<TimedRequest> {
  const request = makeRequest(token);
  const sentAtMs = nowMs();
  const { status, body } = await line.send(request);
  if (!isAccepted(status)) throw new Error(`a request was refused: ${status} ${body.slice(0, EXAMPLE_MAX_CHARACTERS)}`);
  return { token, sentAtMs, answeredAtMs: nowMs() };
}

function isAccepted(status: number): boolean {
  return status >= ACCEPTED_FIRST && status <= ACCEPTED_LAST;
}

function endLoad(): void {
  state.isEnded = true;
}

answerWith({ load, endLoad, oneByOne });
