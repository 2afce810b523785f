/** The channels that messages can be sent by, by name. */
import type { ChannelName, ChannelRules } from "./channel.ts";
import { email } from "./email.ts";
import { sms } from "./sms.ts";

export const channels = { sms, email } as const satisfies Partial<Record<ChannelName, ChannelRules>>;
export type SendableChannel = keyof typeof channels;
