import { describe, expect, it } from "vitest";
import type { ChatApp } from "../chat/chat-app.ts";
import { defaultUntil, type ReachChannel, type Until, untilProblem } from "./reach-course.ts";

describe("what a step may wait for", () => {
  it.each<[Until, ReachChannel, ChatApp | undefined, string | undefined]>([
    ["answered", "sms", undefined, undefined],
    ["seen", "sms", undefined, "until seen cannot be told of a text"],
    ["answered", "email", undefined, "until answered cannot be told of an email"],
    ["answered", "letter", undefined, "until answered cannot be told of a letter"],
    ["seen", "chat", "whatsapp", undefined],
    ["seen", "chat", "viber-business", undefined],
    ["answered", "chat", "telegram", undefined],
    ["sent", "chat", "telegram", undefined],
    ["delivered", "chat", "telegram", "until delivered cannot be told of a message by Telegram"],
    ["answered", "chat", "web-push", "until answered cannot be told of a message by Web push"],
  ])("%s of %s by %s", (until, channel, app, problem) => {
    expect(untilProblem(until, channel, app)).toBe(problem);
  });

  it.each<[ChatApp | undefined, Until]>([
    [undefined, "delivered"],
    ["whatsapp", "delivered"],
    ["telegram", "sent"],
    ["web-push", "sent"],
  ])("by %s is %s when nothing is said", (app, until) => {
    expect(defaultUntil(app)).toBe(until);
  });
});
