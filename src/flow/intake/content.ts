/** Holds what a message says, as its recipient will read it, against the rules of its service and of the installation. */
import { brokenRule, type ContentRule } from "../../core/content-rules/content-rule.ts";
import { Refusal } from "../../core/refusal.ts";
import type { RenderedTemplate } from "../rendering.ts";
import type { SendRequest } from "./send-request.ts";

/** Links to files that go with an email are ours, and are not there yet. The refusal names the rule, and nothing of the message. */
export function refuseIfContentForbidden({ service, recipient }: SendRequest, { content }: RenderedTemplate): void {
  if (service.contentRules.length === 0) return;
  const { channel } = recipient;
  const countryPrefix = channel === "sms" ? recipient.number.countryPrefix : undefined;
  const broken = brokenRule(service.contentRules, { channel, countryPrefix, ...content });
  if (broken) throw forbidden(broken);
}

function forbidden({ name, isPlatform }: ContentRule): Refusal {
  const whose = isPlatform ? "this installation" : "your service";
  return new Refusal("bad-request", `The message is not allowed by a rule of ${whose}: ${name}`);
}
