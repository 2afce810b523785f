/** The logo above an email whose words are part of a page of ours. */
import { drawnHeight } from "../../../core/email/draw-brand.ts";
import { findBrandInUse } from "../../../records/brands/service-brand-store.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { sizeOf } from "./brand-frame.ts";

/** So long after it was chosen, an email may still have left without it. */
const NEWS_TRAVELS_MS = 2_000;

export interface EmailBanner {
  src: string;
  alternativeText: string;
  /** In pixels; it is as wide as there is room. */
  height: number;
}

/**
 * Of emails that are yet to be sent, or of one that was accepted then: only where it surely had the logo that the service has now. What
 * stood above older ones is not kept.
 */
export async function emailBannerOf(
  { app, service }: ServiceVisit,
  { acceptedAt }: { acceptedAt?: Date } = {},
): Promise<EmailBanner | undefined> {
  const brand = await findBrandInUse(app.db, { serviceId: service.id, channel: "email" });
  if (!brand || (acceptedAt && acceptedAt.getTime() < brand.since.getTime() + NEWS_TRAVELS_MS)) return undefined;
  const src = `/services/${service.id}/email-logo?as=banner`;
  return { src, alternativeText: brand.alternativeText, height: drawnHeight(sizeOf(brand)) };
}
