/** Numbers whose messages fail, as they do with Notify's test keys: the same for texts and for chats. */
const TEMPORARY_FAILURE_SUFFIX = "7700900003";
const PERMANENT_FAILURE_SUFFIX = "7700900002";

/** Undefined: it arrives. */
export function failureOf(recipient: string): "temporary" | "permanent" | undefined {
  if (recipient.endsWith(TEMPORARY_FAILURE_SUFFIX)) return "temporary";
  return recipient.endsWith(PERMANENT_FAILURE_SUFFIX) ? "permanent" : undefined;
}
