/** `/services/:sid/settings/letter-branding`: the logo at the top left of a service's letters. */
import { DEFAULT_POSTAGE } from "../../../core/letter/postage.ts";
import { letterLogoOf, removeLetterLogo, setLetterLogo } from "../../../flow/services/letter-logo.ts";
import { findLetterLogo } from "../../../records/letters/letter-logo-store.ts";
import { listLetterContacts } from "../../../records/senders/letter-contact-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { previewFrame } from "../letters/letter-frame.ts";

type Field = "logo" | "description";

const showBranding = page<{ serviceId: string; form: Form<Field>; hasLogo: boolean }>("settings/letter-branding.njk");

const BRANDING = "/services/:sid/settings/letter-branding";
const who = { permission: "manage_service" } as const;

export const letterBrandingRoutes: readonly Route[] = [
  route({ method: "GET", url: BRANDING, who, handler: ask }),
  route({ method: "POST", url: BRANDING, who, takesFile: true, handler: save }),
  route({ method: "GET", url: `${BRANDING}/preview`, who, handler: preview }),
  route({ method: "POST", url: `${BRANDING}/remove`, who, handler: remove }),
];

async function ask(visit: ServiceVisit): Promise<Answer> {
  const logo = await findLetterLogo(visit.app.db, visit.service.id);
  return show(visit, formOf({ logo: "", description: logo?.description ?? "" }));
}

async function show(visit: ServiceVisit, form: Form<Field>): Promise<Answer> {
  const { app, service } = visit;
  const hasLogo = (await findLetterLogo(app.db, service.id)) !== undefined;
  return showBranding(visit, { serviceId: service.id, form, hasLogo });
}

async function save(visit: ServiceVisit): Promise<Answer> {
  const { app, admin, service, text, files } = visit;
  const { description } = readFields(visit, ["description"]);
  return submit<Field>({
    values: { logo: "", description },
    refusedAt: "logo",
    act: async () => {
      const file = files.get("logo");
      if (!file) throw new InvalidFields({ logo: text("settings.letterBranding.choose") });
      if (file.isTooLarge) throw new InvalidFields({ logo: text("settings.letterBranding.tooLarge") });
      const wish = { serviceId: service.id, picture: file.bytes, description };
      await setLetterLogo({ ...app, letters: admin.letters }, actorOf(visit), wish);
      return redirect(brandingOf(visit), { flash: text("settings.saved") });
    },
    showAgain: (form) => show(visit, form),
  });
}

/** A letter with the logo and the address that new templates begin with. */
async function preview(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const contacts = await listLetterContacts(app.db, service.id);
  const words = {
    subject: text("settings.letterBranding.sampleHeading"),
    body: text("settings.letterBranding.sampleBody"),
    contactBlock: contacts.find(({ isDefault }) => isDefault)?.contactBlock,
    welshSubject: undefined,
    welshBody: undefined,
  };
  const logo = await letterLogoOf(app, service.id);
  return previewFrame(visit, { words, personalisation: {}, logo }, DEFAULT_POSTAGE);
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await removeLetterLogo(app, actorOf(visit), service.id);
  return redirect(brandingOf(visit), { flash: text("settings.letterBranding.removed") });
}

function brandingOf({ service }: ServiceVisit): string {
  return `/services/${service.id}/settings/letter-branding`;
}
