/** `/services/:sid/email-logo.png`: the picture above emails, for previews. Whoever sees templates sees what stands above them. */
import { findEmailBrand } from "../../../records/email-brands/email-brand-store.ts";
import type { Answer } from "../http/answer.ts";
import { errorPage } from "../http/error-pages.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

export const emailLogoRoutes: readonly Route[] = [
  route({ method: "GET", url: "/services/:sid/email-logo.png", who: "reader", handler: showLogo }),
];

async function showLogo(visit: ServiceVisit): Promise<Answer> {
  const brand = await findEmailBrand(visit.app.db, visit.service.id);
  if (!brand) return errorPage(visit, "notFound");
  return { status: 200, headers: { "content-type": "image/png" }, body: brand.picture };
}
