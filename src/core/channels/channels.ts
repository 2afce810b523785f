/** The channels that messages can be sent by, by name. */
import type { ChannelName, ChannelRules } from "./channel.ts";
import { chat } from "./chat.ts";
import { email } from "./email.ts";
import { letter } from "./letter.ts";
import { sms } from "./sms.ts";

export const channels = { sms, email, letter, chat } as const satisfies Record<ChannelName, ChannelRules>;

/** Those whose messages go to a provider one by one, as they come. Letters wait for a print run. */
export type DispatchedChannel = Exclude<ChannelName, "letter">;

/** Of a notification that is no letter; a job whose notification is gone counts as a text. */
export function dispatchedChannelOf({ channel }: { channel: ChannelName }): DispatchedChannel {
  return channel === "letter" ? "sms" : channel;
}

/** Those whose recipient anybody can type: a number, or an address. */
export type TypedChannel = Exclude<DispatchedChannel, "chat">;
