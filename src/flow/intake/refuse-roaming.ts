/** Who does not want texts to go to numbers that roam has them refused where networks have said so within the last day. Nobody is asked for it. */
import { Refusal } from "../../core/refusal.ts";
import type { SendPurpose } from "../../core/suppression/suppression-reason.ts";
import type { Whereabouts } from "../../records/number-lookups/network-lookup-store.ts";
import { keyKindOf, type SendRequest } from "./send-request.ts";
import { isSimulated } from "./simulated.ts";

const ROAMS = "This number is roaming, as its network has said, and your service sends no texts to such numbers";

/** The answer to a STOP or HELP goes wherever somebody is who has just written. */
export function refuseIfRoaming(request: SendRequest, where: Whereabouts | undefined, purpose: SendPurpose): void {
  if (!where?.isRoaming || !request.service.refusesRoaming) return;
  if (purpose === "confirmation" || keyKindOf(request) === "test" || isSimulated(request.recipient)) return;
  throw new Refusal("bad-request", ROAMS);
}
