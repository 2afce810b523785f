/**
 * `/orgs/:oid/email-branding` and `/letter-branding`: the shared logos that an organisation's services may choose from, and the one that new
 * services begin with; for platform administrators.
 */
import { addToPool, removeFromPool, setPoolDefault } from "../../../flow/brands/pools.ts";
import { BRANDED_CHANNELS, type BrandedChannel } from "../../../records/brands/brand.ts";
import { listSharedBrands } from "../../../records/brands/brand-store.ts";
import { listPool, type PooledBrand } from "../../../records/brands/organisation-brand-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import {
  type OrganisationPage,
  type OrganisationVisit,
  organisationPage,
  organisationUrl,
  visitOrganisation,
} from "../organisations/organisation-visit.ts";
import { sharedBrandsPath } from "./shared-brands.ts";

/** A list that somebody still finds one in. */
const SHARED_BRANDS_SHOWN_MAX = 500;
const FIELDS = ["brandId", "defaultId"] as const;
type Field = (typeof FIELDS)[number];

interface PoolVisit extends OrganisationVisit {
  channel: BrandedChannel;
  path: string;
}

interface PoolPage extends OrganisationPage {
  channel: BrandedChannel;
  path: string;
  sharedPath: string;
  form: Form<Field>;
  pool: readonly PooledBrand[];
  others: readonly { value: string; text: string }[];
}

const showPool = page<PoolPage>("branding/pool.njk");

const who = "platform-admin";

export const poolRoutes: readonly Route[] = BRANDED_CHANNELS.flatMap((channel) => {
  const url = `/orgs/:oid/${channel}-branding`;
  const of = (handler: (visit: PoolVisit) => Promise<Answer>) => async (userVisit: UserVisit) => {
    const visit = await visitOrganisation(userVisit);
    return handler({ ...visit, channel, path: `${organisationUrl(visit)}/${channel}-branding` });
  };
  return [
    route({ method: "GET", url, who, handler: of(openPool) }),
    route({ method: "POST", url, who, handler: of(add) }),
    route({ method: "POST", url: `${url}/default`, who, handler: of(setDefault) }),
    route({ method: "POST", url: `${url}/removals`, who, handler: of(remove) }),
  ];
});

async function openPool(visit: PoolVisit): Promise<Answer> {
  const pool = await poolOf(visit);
  return showWith(visit, formOf({ brandId: "", defaultId: pool.find(({ isDefault }) => isDefault)?.id ?? "" }));
}

function poolOf({ app, organisation, channel }: PoolVisit): Promise<PooledBrand[]> {
  return listPool(app.db, { organisationId: organisation.id, channel });
}

async function showWith(visit: PoolVisit, form: Form<Field>): Promise<Answer> {
  const { app, channel, path } = visit;
  const pool = await poolOf(visit);
  const shared = await listSharedBrands(app.db, { channel, limit: SHARED_BRANDS_SHOWN_MAX });
  const others = shared.filter((one) => pool.every(({ id }) => id !== one.id));
  return showPool(visit, {
    ...organisationPage(visit),
    ...{ channel, path, form, pool, sharedPath: sharedBrandsPath(channel) },
    others: others.map(({ id, name }) => ({ value: id, text: name })),
  });
}

function add(visit: PoolVisit): Promise<Answer> {
  return act(visit, "brandId", async (brandId) => {
    if (brandId === undefined) throw new InvalidFields({ brandId: visit.text("branding.choose") });
    await addToPool(visit.app, actorOf(visit), { ...placeOf(visit), brandId });
    return visit.text("branding.pooled");
  });
}

function setDefault(visit: PoolVisit): Promise<Answer> {
  return act(visit, "defaultId", async (brandId) => {
    await setPoolDefault(visit.app, actorOf(visit), { ...placeOf(visit), brandId });
    return visit.text("settings.saved");
  });
}

function remove(visit: PoolVisit): Promise<Answer> {
  return act(visit, "brandId", async (brandId) => {
    if (brandId !== undefined) await removeFromPool(visit.app, actorOf(visit), { ...placeOf(visit), brandId });
    return visit.text("branding.withdrawn");
  });
}

function act(visit: PoolVisit, field: Field, deed: (brandId: string | undefined) => Promise<string>): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit<Field>({
    values,
    refusedAt: field,
    act: async () => {
      const id = asId(values[field]);
      if (values[field] !== "" && id === undefined) throw new InvalidFields({ [field]: visit.text("branding.choose") });
      return redirect(visit.path, { flash: await deed(id) });
    },
    showAgain: (form) => showWith(visit, form),
  });
}

function placeOf({ organisation, channel }: PoolVisit) {
  return { organisationId: organisation.id, channel };
}
