import { describe, expect, it } from "vitest";
import type { Status } from "../delivery/statuses.ts";
import { nextMove, type ReachMove, type StepCourse, stepState, type Until } from "./reach-course.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 5, 1, 10, 0, seconds));
const DEADLINE = 3_600;

/** What has become of a step: begun so many seconds in, with a status, or passed over. */
type Became = [begunAt: number, status: Status | "gone" | "cost" | "refused", isAnswered?: boolean] | undefined;

function step(number: number, until: Until, waitSeconds: number | undefined, became: Became): StepCourse {
  const [begunAt, what, isAnswered = false] = became ?? [undefined, "gone"];
  const passedOver = what === "cost" || what === "refused" ? what : undefined;
  const status = what === "gone" || what === "cost" || what === "refused" ? undefined : what;
  const known = { status, passedOver, isAnswered, begunAt: begunAt === undefined ? undefined : at(begunAt) };
  return { number, until, waitSeconds, ...known };
}

const look = (seconds: number): ReachMove => ({ kind: "look-again", at: at(seconds) });
const take = (number: number): ReachMove => ({ kind: "take", step: number });
const ended = (because: "deadline" | "no-steps-left"): ReachMove => ({ kind: "not-reached", because });

/** A text with a wait of a minute, then an email. */
const moveOf = (until: Until, became: [Became, Became], seconds: number) => {
  const steps = [step(1, until, 60, became[0]), step(2, "delivered", undefined, became[1])];
  return nextMove({ createdAt: at(0), deadline: at(DEADLINE), steps }, at(seconds));
};

describe("what is done next", () => {
  it.each<[string, Until, [Became, Became], number, ReachMove]>([
    ["the first step is taken at once", "delivered", [undefined, undefined], 0, take(1)],
    ["a text on its way is waited for", "delivered", [[0, "created"], undefined], 0, look(3)],
    ["the wait ends when it ends", "delivered", [[0, "sending"], undefined], 58, look(60)],
    ["after the wait the next step is taken", "delivered", [[0, "sending"], undefined], 60, take(2)],
    ["a failed text is not waited for", "delivered", [[0, "permanent-failure"], undefined], 1, take(2)],
    ["nor one that was given up", "delivered", [[0, "temporary-failure"], undefined], 1, take(2)],
    ["nor one that is gone", "delivered", [[0, "gone"], undefined], 1, take(2)],
    ["nor one that somebody cancelled", "delivered", [[0, "cancelled"], undefined], 1, take(2)],
    ["nor a step that was refused", "delivered", [[0, "refused"], undefined], 1, take(2)],
    ["nor one that was too dear", "delivered", [[0, "cost"], undefined], 1, take(2)],
    [
      "a delivered text has reached",
      "delivered",
      [[0, "delivered"], undefined],
      5,
      { kind: "reached", step: 1, by: "delivered" },
    ],
    ["a sent one has not been delivered", "delivered", [[0, "sent"], undefined], 5, look(8)],
    [
      "a sent one is enough where that was asked for",
      "sent",
      [[0, "sending"], undefined],
      5,
      { kind: "reached", step: 1, by: "sent" },
    ],
    ["one that waits is not sent", "sent", [[0, "created"], undefined], 5, look(8)],
    ["a delivered one is not answered", "answered", [[0, "delivered"], undefined], 5, look(8)],
    ["an answered one is", "answered", [[0, "sent", true], undefined], 5, { kind: "reached", step: 1, by: "answered" }],
    ["a delivered one is not seen", "seen", [[0, "delivered"], undefined], 5, look(8)],
    ["no report confirms", "confirmed", [[0, "delivered", true], undefined], 5, look(8)],
    [
      "a text may arrive after the email went",
      "delivered",
      [
        [0, "delivered"],
        [60, "sending"],
      ],
      70,
      { kind: "reached", step: 1, by: "delivered" },
    ],
    [
      "the last step has until the deadline",
      "delivered",
      [
        [0, "permanent-failure"],
        [60, "sending"],
      ],
      70,
      look(73),
    ],
    [
      "looks become rarer",
      "delivered",
      [
        [0, "permanent-failure"],
        [60, "sending"],
      ],
      360,
      look(390),
    ],
    [
      "and come once a minute",
      "delivered",
      [
        [0, "permanent-failure"],
        [60, "sending"],
      ],
      1_860,
      look(1_920),
    ],
    [
      "the last look is at the deadline",
      "delivered",
      [
        [0, "permanent-failure"],
        [60, "sending"],
      ],
      3_590,
      look(DEADLINE),
    ],
    [
      "a text under way is hoped for when the email failed",
      "delivered",
      [
        [0, "sending"],
        [60, "permanent-failure"],
      ],
      70,
      look(73),
    ],
    [
      "nothing is hoped for when all has failed",
      "delivered",
      [
        [0, "failed"],
        [60, "permanent-failure"],
      ],
      70,
      ended("no-steps-left"),
    ],
    [
      "nor when nothing was sent",
      "delivered",
      [
        [0, "cost"],
        [0, "refused"],
      ],
      1,
      ended("no-steps-left"),
    ],
    [
      "the deadline ends it",
      "delivered",
      [
        [0, "sending"],
        [60, "sending"],
      ],
      DEADLINE,
      ended("deadline"),
    ],
    ["and takes no step any more", "delivered", [undefined, undefined], DEADLINE, ended("deadline")],
    [
      "what was reached by then counts",
      "delivered",
      [[0, "delivered"], undefined],
      DEADLINE + 9,
      { kind: "reached", step: 1, by: "delivered" },
    ],
  ])("%s", (_, until, became, seconds, expected) => {
    expect(moveOf(until, became, seconds)).toEqual(expected);
  });

  it("is to wait for a failure where a step has no wait", () => {
    const steps = (status: Status) => [
      step(1, "delivered", undefined, [0, status]),
      step(2, "delivered", undefined, undefined),
    ];
    const move = (status: Status) =>
      nextMove({ createdAt: at(0), deadline: at(DEADLINE), steps: steps(status) }, at(3_000));
    expect([move("sending"), move("permanent-failure")]).toEqual([look(3_060), take(2)]);
  });
});

describe("how a step stands", () => {
  it.each<[Became, Parameters<typeof stepState>[1], string]>([
    [undefined, { status: "working", reachedStep: undefined }, "waiting"],
    [undefined, { status: "reached", reachedStep: 2 }, "not-needed"],
    [[0, "sending"], { status: "working", reachedStep: undefined }, "under-way"],
    [[0, "permanent-failure"], { status: "working", reachedStep: undefined }, "failed"],
    [[0, "cost"], { status: "not-reached", reachedStep: undefined }, "passed-over"],
    [[0, "sending"], { status: "reached", reachedStep: 1 }, "reached"],
  ])("%j in one that is %j is %s", (became, reach, expected) => {
    expect(stepState(step(1, "delivered", 60, became), reach)).toBe(expected);
  });
});
