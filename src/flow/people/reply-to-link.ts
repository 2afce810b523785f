/** The email that proves a reply-to address: whoever reads it agrees that replies come there. */
import { REPLY_TO_LINK_VALID_MS, type SendVerification } from "../services/reply-tos.ts";
import { adminUrl, type People, type Where } from "./people.ts";
import { refuseIfThrottled } from "./throttle.ts";

/** Sends links to `/reply-to/<verification>/<token>`. A service that asks for many in a short time has to wait. */
export function replyToLinks(people: People, where: Pick<Where, "origin">): SendVerification {
  return async ({ address, serviceId, verificationId, token }) => {
    await refuseIfThrottled(people, "reply-to", serviceId);
    const service = await people.services.find(serviceId);
    const link = adminUrl(people, where, `/reply-to/${verificationId}/${token}`);
    await people.post.send({
      kind: "reply-to-link",
      to: address,
      values: { service: service?.name ?? "", link },
      validForMs: REPLY_TO_LINK_VALID_MS,
    });
  };
}
