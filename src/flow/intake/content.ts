/** Holds what a message says, as its recipient will read it, against the rules of its service and of the installation. */
import { brokenRule, type ContentRule, type JudgedMessage } from "../../core/content-rules/content-rule.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Service } from "../../records/services/service.ts";
import type { HoldReason } from "./release.ts";
import type { SendRequest } from "./send-request.ts";

/**
 * What holds the message for two people to release; throws where it is refused. What is urgent cannot wait for anybody, and is refused for
 * either. Links to files that go with an email are ours, and are not there yet. The refusal names the rule, and nothing of the message.
 */
export function judgeContent(request: SendRequest, content: Words): HoldReason | undefined {
  const { service, recipient, priority } = request;
  const countryPrefix = recipient.channel === "sms" ? recipient.number.countryPrefix : undefined;
  return judge(service, { channel: recipient.channel, countryPrefix, ...content }, priority === "high");
}

/** The same of a letter, which is never urgent. */
export function judgeLetter(service: Service, content: Words): HoldReason | undefined {
  return judge(service, { channel: "letter", countryPrefix: undefined, ...content }, false);
}

type Words = Pick<JudgedMessage, "subject" | "body">;

function judge({ contentRules }: Service, message: JudgedMessage, isUrgent: boolean): HoldReason | undefined {
  if (contentRules.length === 0) return undefined;
  const broken = brokenRule(contentRules, message);
  if (broken && (broken.action === "refuse" || isUrgent)) throw forbidden(broken);
  return broken && { heldFor: "content-rule", ruleName: broken.name };
}

function forbidden({ name, isPlatform }: ContentRule): Refusal {
  const whose = isPlatform ? "this installation" : "your service";
  return new Refusal("bad-request", `The message is not allowed by a rule of ${whose}: ${name}`);
}
