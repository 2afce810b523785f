/** `/services/:sid/settings/email-branding`: the logo above a service's emails, and how they then look. */
import { removeEmailBrand, setEmailBrand } from "../../../flow/services/email-brand.ts";
import { findEmailBrandFacts } from "../../../records/email-brands/email-brand-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { type ViewChoice, viewChoices, viewIn } from "../templates/email-frame.ts";
import { emailFrame } from "../templates/shown.ts";

type Field = "logo" | "alternativeText" | "bannerColour";

interface BrandingPage {
  serviceId: string;
  form: Form<Field>;
  hasLogo: boolean;
  email: { src: string; views: readonly ViewChoice[] };
}

const showBranding = page<BrandingPage>("settings/email-branding.njk");

const BRANDING = "/services/:sid/settings/email-branding";
const who = { permission: "manage_service" } as const;

export const emailBrandingRoutes: readonly Route[] = [
  route({ method: "GET", url: BRANDING, who, handler: ask }),
  route({ method: "POST", url: BRANDING, who, takesFile: true, handler: save }),
  route({ method: "GET", url: `${BRANDING}/preview`, who, handler: preview }),
  route({ method: "POST", url: `${BRANDING}/remove`, who, handler: remove }),
];

async function ask(visit: ServiceVisit): Promise<Answer> {
  const { alternativeText = "", bannerColour = "" } = (await findEmailBrandFacts(visit.app.db, visit.service.id)) ?? {};
  return show(visit, formOf({ logo: "", alternativeText, bannerColour }));
}

async function show(visit: ServiceVisit, form: Form<Field>): Promise<Answer> {
  const { app, service, query } = visit;
  const path = brandingOf(visit);
  return showBranding(visit, {
    serviceId: service.id,
    form,
    hasLogo: (await findEmailBrandFacts(app.db, service.id)) !== undefined,
    email: { src: `${path}/preview?as=${viewIn(query.get("as"))}`, views: viewChoices(visit, path) },
  });
}

async function save(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text, files } = visit;
  const { alternativeText, bannerColour } = readFields(visit, ["alternativeText", "bannerColour"]);
  return submit<Field>({
    values: { logo: "", alternativeText, bannerColour },
    refusedAt: "logo",
    act: async () => {
      const file = files.get("logo");
      if (!file) throw new InvalidFields({ logo: text("settings.emailBranding.choose") });
      if (file.isTooLarge) throw new InvalidFields({ logo: text("settings.emailBranding.tooLarge") });
      const wish = { serviceId: service.id, picture: file.bytes, alternativeText, bannerColour };
      await setEmailBrand(app, actorOf(visit), wish);
      return redirect(brandingOf(visit), { flash: text("settings.saved") });
    },
    showAgain: (form) => show(visit, form),
  });
}

/** An email of a few words, in the way that is asked for. */
async function preview(visit: ServiceVisit): Promise<Answer> {
  const { text, query } = visit;
  const subject = text("settings.emailBranding.sampleSubject");
  const words = { subject, body: text("settings.emailBranding.sampleBody"), hasUnsubscribeLink: false };
  return emailFrame(visit, words, { as: query.get("as") ?? "", examples: [] });
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await removeEmailBrand(app, actorOf(visit), service.id);
  return redirect(brandingOf(visit), { flash: text("settings.emailBranding.removed") });
}

function brandingOf({ service }: ServiceVisit): string {
  return `/services/${service.id}/settings/email-branding`;
}
