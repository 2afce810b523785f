/** Who is on a service's suppression list is sent nothing, whichever door the request comes through. */
import { Refusal } from "../../core/refusal.ts";
import { holdsFor, type SendPurpose, suppressedMessage } from "../../core/suppression/suppression-reason.ts";
import type { App } from "../app.ts";
import { indexOf } from "../suppressions/suppress.ts";
import type { SuppressedLookup } from "../suppressions/suppressed-lookup.ts";
import { keyKindOf, type SendRequest } from "./send-request.ts";
import { isSimulated } from "./simulated.ts";

/** Costs nothing where nobody is suppressed. Test keys send to nobody, so nobody is kept from them. */
export async function refuseIfSuppressed(
  app: Pick<App, "keys"> & { suppressed: SuppressedLookup },
  request: Pick<SendRequest, "service" | "key" | "recipient">,
  purpose: SendPurpose = "message",
): Promise<void> {
  const { service, recipient } = request;
  if (!service.hasSuppressions || keyKindOf(request) === "test" || isSimulated(recipient)) return;
  const { channel } = recipient;
  const reason = await app.suppressed.find({
    ...{ serviceId: service.id, channel },
    recipientIndex: indexOf(app, recipient),
  });
  if (reason === undefined || !holdsFor(reason, purpose)) return;
  throw new Refusal("suppressed", suppressedMessage(reason, channel), { details: { reason } });
}
