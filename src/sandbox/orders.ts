/** What the sandbox can be told to do while it runs. Orders come as JSON over a channel of the database. */
import type { CarrierFaults } from "./carrier/faults.ts";
import type { MailboxFaults } from "./mailbox/mailbox.ts";

export const SANDBOX_CHANNEL = "pennypost_sandbox";

export type SandboxOrder =
  /** Someone with a phone writes to a number of ours. */
  | { kind: "reply"; from: string; to: string; text: string }
  | { kind: "carrier-faults"; faults: Partial<CarrierFaults> }
  | { kind: "mailbox-faults"; faults: MailboxFaults };
