/** `/services/:sid/email-logo`: the picture above emails, for previews. Whoever sees templates sees what stands above them. */
import { findBrandInUse } from "../../../records/brands/service-brand-store.ts";
import { pictureAnswer } from "../branding/brand-frame.ts";
import type { Answer } from "../http/answer.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

export const emailLogoRoutes: readonly Route[] = [
  route({ method: "GET", url: "/services/:sid/email-logo", who: "reader", handler: showLogo }),
];

async function showLogo(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  return pictureAnswer(visit, await findBrandInUse(app.db, { serviceId: service.id, channel: "email" }));
}
