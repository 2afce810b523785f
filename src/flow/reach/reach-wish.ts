/** What a reach was asked for: whom it is for is kept sealed, and only as long as there may be a step to take. */
import { open, seal } from "../../platform/sealing.ts";
import type { Reach, ReachWish } from "../../records/reaches/reach.ts";
import type { Service } from "../../records/services/service.ts";

type Owner = Pick<Service, "dataKey">;

const belongsTo = {
  wish: (id: string) => `reaches.wish:${id}`,
  callbackUrl: (id: string) => `reaches.callback_url:${id}`,
};

export function sealWish({ dataKey }: Owner, id: string, wish: ReachWish): Buffer {
  return seal({ key: dataKey, belongsTo: belongsTo.wish(id) }, JSON.stringify(wish));
}

/** Undefined once it has ended. */
export function openWish(
  { dataKey }: Owner,
  { id, sealedWish }: Pick<Reach, "id" | "sealedWish">,
): ReachWish | undefined {
  if (!sealedWish) return undefined;
  return JSON.parse(open({ key: dataKey, belongsTo: belongsTo.wish(id) }, sealedWish).toString()) as ReachWish;
}

export function sealCallbackUrl({ dataKey }: Owner, id: string, url: string): Buffer {
  return seal({ key: dataKey, belongsTo: belongsTo.callbackUrl(id) }, url);
}

export function openCallbackUrl(
  { dataKey }: Owner,
  { id, sealedCallbackUrl }: Pick<Reach, "id" | "sealedCallbackUrl">,
): string | undefined {
  if (!sealedCallbackUrl) return undefined;
  return open({ key: dataKey, belongsTo: belongsTo.callbackUrl(id) }, sealedCallbackUrl).toString();
}
