/** A text that a customer's system has submitted, accepted as any other is. What this resolves with is durable. */
import { asksForReceipts } from "../../core/delivery/smpp-states.ts";
import type { PhoneNumber } from "../../core/phone/parse-phone-number.ts";
import type { AwaitedSmppReceipt } from "../../records/smpp-accounts/awaited-smpp-receipt-store.ts";
import type { AcknowledgedPart } from "../../records/smpp-accounts/smpp-part-store.ts";
import { type Submitted, sealSubmitted } from "../../records/smpp-accounts/submitted.ts";
import { accept, type Intake } from "../intake/accept.ts";
import { freeText } from "../intake/free-text.ts";
import type { SendRequest } from "../intake/send-request.ts";
import { isSimulated } from "../intake/simulated.ts";
import type { Customer } from "./customer.ts";
import { planSimulatedReceipt } from "./plan-deliveries.ts";

/** Characters of a message that its receipt quotes (SMPP 3.4 Appendix B). */
const BEGINNING_CHARACTERS = 20;

export interface SubmittedText
  extends Pick<SendRequest, "senderId" | "priority" | "scheduledFor" | "validForSeconds" | "isFlash"> {
  number: PhoneNumber;
  words: string;
  /** Which receipts are wanted, as the submit says it (SMPP 3.4 §5.2.17). */
  registeredDelivery: number;
  /** As the submit had them. */
  addresses: Pick<Submitted, "source" | "destination">;
}

/** The message id to acknowledge it with. Throws a `Refusal` as the API would. `parts`: those it is made of beside the last. */
export async function takeText(
  intake: Intake,
  customer: Customer,
  { text, parts = [] }: { text: SubmittedText; parts?: readonly AcknowledgedPart[] },
): Promise<string> {
  const { service, account } = customer;
  await intake.rateLimit.take(service, account.kind);
  await intake.dailyLimits.refuseIfChannelReached(service, account.kind, "sms");
  const recipient = { channel: "sms", number: text.number } as const;
  const awaited = (notificationId: string) => awaitedReceipts(customer, { notificationId, text, parts });
  const request: SendRequest = {
    ...{ service, key: account, recipient, files: undefined, sanitiseContentFor: [], reference: undefined },
    ...(await freeText(intake, service.id, text.words)),
    ...{ senderId: text.senderId, priority: text.priority, scheduledFor: text.scheduledFor },
    ...{ validForSeconds: text.validForSeconds, isFlash: text.isFlash },
    ...{ oneClickUnsubscribeUrl: undefined, callbackUrl: undefined, idempotency: undefined },
  };
  const joinedPartIds = parts.map(({ messageId }) => messageId);
  const { id } = await accept(intake, request, (made) => ({ smpp: { awaited: awaited(made), joinedPartIds } }));
  if (isSimulated(recipient)) await planSimulatedReceipt(intake, awaited(id), parts);
  return id;
}

/** The submit as its receipt will need it. */
export function sealSubmit(
  { service }: Customer,
  messageId: string,
  text: SubmittedText & Pick<Submitted, "alphabet">,
): Buffer {
  const beginning = text.words.slice(0, BEGINNING_CHARACTERS);
  return sealSubmitted(service, messageId, { ...text.addresses, beginning, alphabet: text.alphabet });
}

interface Accepting {
  notificationId: string;
  text: SubmittedText;
  parts: readonly AcknowledgedPart[];
}

/** Of each part that asked for one; the last part has the notification's own id. */
function awaitedReceipts(customer: Customer, { notificationId, text, parts }: Accepting): AwaitedSmppReceipt[] {
  const { international, hasDeliveryReceipts } = text.number;
  const common = {
    notificationId,
    accountId: customer.account.id,
    endsWhenSent: international && !hasDeliveryReceipts,
  };
  const awaited = parts.map(({ messageId, registeredDelivery, sealedSubmit }) => {
    return { ...common, messageId, registeredDelivery, sealedSubmit };
  });
  const sealedSubmit = sealSubmit(customer, notificationId, text);
  const last = { ...common, messageId: notificationId, registeredDelivery: text.registeredDelivery, sealedSubmit };
  return [...awaited, last].filter(({ registeredDelivery }) => asksForReceipts(registeredDelivery));
}
