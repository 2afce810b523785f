/** Which messages go to whom. Routes to the sandbox's own providers are never removed by a file. */
import { senselessIn } from "../../core/routing/route-rule.ts";
import { newId } from "../../platform/ids.ts";
import { listProviderSummaries, type ProviderSummary } from "../../records/providers/provider-health-store.ts";
import {
  deleteRoute,
  insertRoute,
  listRoutes,
  NEW_ROUTE,
  type RouteRecord,
  updateRoute,
} from "../../records/routes/route-store.ts";
import { listServices } from "../../records/services/service-settings-store.ts";
import type { DeclaredRoute } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { type Noun, reconcile, said } from "./reconcile.ts";
import type { Run } from "./run.ts";

/** A file's words for what a rule may ask. */
const WORDS: Readonly<Record<string, string>> = {
  countryPrefixes: "countries",
  networks: "networks",
  senderTypes: "senders",
  serviceIds: "services",
  priorities: "priorities",
  isCheapestFirst: "cheapest",
};

export async function applyRoutes(run: Run, wanted: readonly DeclaredRoute[] | undefined): Promise<void> {
  if (!wanted) return;
  const [providers, services] = [await listProviderSummaries(run.tx), await listServices(run.tx)];
  const known: Known = { providers, services };
  for (const route of wanted) refuseSenseless(route, known);
  const current = await listRoutes(run.tx);
  const isManaged = ({ name, isSandbox }: RouteRecord) => !isSandbox || wanted.some((other) => nameOf(other) === name);
  await reconcile(run, routeNoun(run, known), { wanted, current: current.filter(isManaged) });
}

interface Known {
  providers: readonly ProviderSummary[];
  services: readonly { id: string; name: string }[];
}

function nameOf({ name, provider }: DeclaredRoute): string {
  return name ?? provider;
}

function routeNoun({ tx }: Run, known: Known): Noun<DeclaredRoute, RouteRecord> {
  return {
    kind: "route",
    nameOf: (route) => ("at" in route ? nameOf(route) : route.name),
    placeOf: ({ at }) => at,
    fieldsOf: (route) => ({ ...route, keyKinds: route.keyKinds.toSorted() }),
    wishesOf: (declared) => ({ provider: declared.provider, ...columnsOf(declared, known) }),
    insert: (declared) => {
      const route = { ...NEW_ROUTE, id: newId(), name: nameOf(declared), keyKinds: declared.key_kinds };
      return insertRoute(tx, { ...route, ...providerOf(declared, known), ...columnsOf(declared, known) });
    },
    update: (current, declared) =>
      updateRoute(tx, { ...current, ...providerOf(declared, known), ...columnsOf(declared, known) }),
    remove: ({ id }) => deleteRoute(tx, id),
  };
}

function columnsOf(declared: DeclaredRoute, known: Known) {
  return said({
    keyKinds: declared.key_kinds.toSorted(),
    carriesInternational: declared.international,
    countryPrefixes: declared.countries,
    networks: declared.networks,
    serviceIds: declared.services?.map((_, index) => serviceIdOf(declared, index, known)),
    senderTypes: declared.senders,
    priorities: declared.priorities,
    times: declared.times,
    position: declared.position,
    weight: declared.weight,
    isCheapestFirst: declared.cheapest,
  });
}

function providerOf(declared: DeclaredRoute, { providers }: Known) {
  const provider = providers.find(({ name }) => name === declared.provider);
  if (!provider) return refuseAt(below(declared, "provider"), "is not the name of a provider in the file or here");
  return { providerId: provider.id, channel: provider.channel };
}

/** By id, or by a name that only one has. */
function serviceIdOf(declared: DeclaredRoute, index: number, { services }: Known): string {
  const wanted = declared.services?.[index];
  const found = services.filter(({ id, name }) => id === wanted?.toLowerCase() || name === wanted);
  if (found.length === 1 && found[0]) return found[0].id;
  const place = below(declared, "services", index);
  return refuseAt(
    place,
    found.length === 0 ? "is not the id or name of a service" : "could be several services: give an id",
  );
}

function refuseSenseless(declared: DeclaredRoute, known: Known): void {
  const { channel } = providerOf(declared, known);
  const [field] = senselessIn(channel, columnsOf(declared, known));
  if (field !== undefined)
    refuseAt(below(declared, WORDS[field] ?? field), `cannot be asked of a route for channel ${channel}`);
}

function below({ at }: DeclaredRoute, ...path: (string | number)[]) {
  return { source: at.source, path: [...at.path, ...path] };
}
