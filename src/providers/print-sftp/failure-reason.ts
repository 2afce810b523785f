/** What went wrong with an SFTP server, in words for operators: never its own, which may quote what they were given. */

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "the SFTP server's name cannot be resolved",
  EAI_AGAIN: "the SFTP server's name cannot be resolved",
  ECONNREFUSED: "the SFTP server refuses connections",
  ECONNRESET: "the SFTP server closed the connection",
  EHOSTUNREACH: "the SFTP server cannot be reached",
  ENETUNREACH: "the SFTP server cannot be reached",
  ETIMEDOUT: "the SFTP server did not answer in time",
  ERR_NOT_CONNECTED: "the SFTP server closed the connection",
};

/** The library gives these no code of their own. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/host (denied|key)|verification failed/i, "the SFTP server shows another key than settings.hostKey"],
  [/authentication methods failed/i, "the SFTP server does not accept our user, password or key"],
  [/privateKey|passphrase/i, "the private key cannot be read"],
  [/timed out|timeout/i, "the SFTP server did not answer in time"],
  [/no such file|not exist|not a directory/i, "the SFTP server does not have the folder"],
  [/permission denied/i, "the SFTP server does not let us write there"],
];

export function failureReason(error: unknown): string {
  const { code, message = "" } = error as { code?: unknown; message?: string };
  const known = typeof code === "string" ? REASONS[code] : undefined;
  const phrase = PHRASES.find(([pattern]) => pattern.test(message));
  return known ?? phrase?.[1] ?? "the SFTP server failed";
}
