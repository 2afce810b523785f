/** The channels that messages can be sent by, by name. */
import type { ChannelName, ChannelRules } from "./channel.ts";
import { email } from "./email.ts";
import { letter } from "./letter.ts";
import { sms } from "./sms.ts";

export const channels = { sms, email, letter } as const satisfies Record<ChannelName, ChannelRules>;

/** Those whose messages go to a provider one by one, as they come. Letters wait for a print run. */
export type DispatchedChannel = Exclude<ChannelName, "letter">;
