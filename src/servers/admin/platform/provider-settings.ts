/** `/platform/providers/:id/settings`: when a provider counts as being in trouble, its canaries, and what it charges. */

import { USUAL_HEALTH_RULES } from "../../../core/routing/health-rules.ts";
import {
  CANARY_FIELDS,
  HEALTH_FIELDS,
  PROVIDER_SETTING_FIELDS,
  readProviderSettings,
  saveProviderSettings,
} from "../../../flow/platform/change-provider-settings.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";

const LIST_URL = "/platform/providers";
const SETTINGS_URL = `${LIST_URL}/:id/settings`;
type Field = (typeof PROVIDER_SETTING_FIELDS)[number];

interface ShownField {
  field: Field;
  label: string;
  hint: string;
}

interface SettingsPage {
  name: string;
  carriesTexts: boolean;
  form: Form<Field>;
  health: readonly ShownField[];
  canary: readonly ShownField[];
}

const showSettings = page<SettingsPage>("platform/provider-settings.njk");

export const providerSettingsRoutes: readonly Route[] = [
  route({ method: "GET", url: SETTINGS_URL, who: "platform-admin", handler: open }),
  route({ method: "POST", url: SETTINGS_URL, who: "platform-admin", handler: save }),
];

async function open(visit: UserVisit): Promise<Answer> {
  const { form } = await readProviderSettings(visit.app, idIn(visit, "id"));
  return show(visit, formOf(form));
}

async function show(visit: UserVisit, form: Form<Field>): Promise<Answer> {
  const { text } = visit;
  const { name, channel } = await readProviderSettings(visit.app, idIn(visit, "id"));
  const health = HEALTH_FIELDS.map((field) => {
    const isShare = field.endsWith("Share");
    const usual = text("platformProviders.usual", { value: USUAL_HEALTH_RULES[field] * (isShare ? 100 : 1) });
    return { field, label: text(`platformProviders.health.${field}`), hint: usual };
  });
  const canary = CANARY_FIELDS.map((field) => {
    const label = text(`platformProviders.canary.${field}`);
    return { field, label, hint: text(`platformProviders.canary.${field}.hint`) };
  });
  return showSettings(visit, { name, carriesTexts: channel === "sms", form, health, canary });
}

function save(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, PROVIDER_SETTING_FIELDS);
  return submit({
    values,
    refusedAt: "errorShare",
    act: async () => {
      await saveProviderSettings(visit.app, actorOf(visit), { providerId: idIn(visit, "id"), form: values });
      return redirect(LIST_URL, { flash: visit.text("platformProviders.set") });
    },
    showAgain: (form) => show(visit, form),
  });
}
