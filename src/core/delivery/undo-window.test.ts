import { expect, it } from "vitest";
import { type UndoWish, undoSeconds } from "./undo-window.ts";

const OFF = { seconds: 0, lanes: [] } as const;
const PEOPLE = { seconds: 30, lanes: [] } as const;
const LOW = { seconds: 30, lanes: ["low"] } as const;

it.each<[UndoWish["service"], Partial<UndoWish>, number]>([
  [OFF, { isOfPerson: true }, 0],
  [PEOPLE, { isOfPerson: true }, 30],
  [PEOPLE, {}, 0],
  [LOW, { priority: "low" }, 30],
  [LOW, { priority: "normal" }, 0],
  [LOW, { priority: "normal", isOfPerson: true }, 30],
  [{ seconds: 30, lanes: ["normal", "low"] }, { priority: "high" }, 0],
  [PEOPLE, { priority: "high", isOfPerson: true }, 0],
  [OFF, { askedSeconds: 60 }, 60],
  [LOW, { askedSeconds: 0, priority: "low" }, 0],
  [OFF, { askedSeconds: 60, priority: "high" }, 0],
])("a service with %j makes a message with %j wait for %i seconds", (service, wish, seconds) => {
  const usual = { askedSeconds: undefined, isOfPerson: false, priority: "normal" } as const;
  expect(undoSeconds({ ...usual, ...wish, service })).toBe(seconds);
});
