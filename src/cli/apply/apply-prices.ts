/** What texts are charged at. The list is the file's: with `--prune`, prices that it does not name are removed. */
import type { PriceRow } from "../../core/price/price-list.ts";
import { deletePrice, listPrices, putPrice } from "../../records/prices/price-list-store.ts";
import type { DeclaredPrice } from "./declaration.ts";
import { type Noun, reconcile } from "./reconcile.ts";
import type { Run } from "./run.ts";

export async function applyPrices(run: Run, wanted: readonly DeclaredPrice[] | undefined): Promise<void> {
  if (!wanted) return;
  const { tx } = run;
  const noun: Noun<DeclaredPrice, PriceRow> = {
    kind: "price",
    nameOf: (price) => nameOf("at" in price ? rowOf(price) : price),
    placeOf: ({ at }) => at,
    fieldsOf: ({ price, label }) => ({ price, label }),
    wishesOf: ({ price, network }) => ({ price, label: network }),
    insert: (declared) => putPrice(tx, rowOf(declared)),
    update: (current, declared) => putPrice(tx, { ...rowOf(declared), label: declared.network ?? current.label }),
    remove: async (current) => {
      await deletePrice(tx, current);
    },
  };
  await reconcile(run, noun, { wanted, current: await listPrices(tx) });
}

function rowOf({ prefix, network = "", network_code, from, fragments = 0, price }: DeclaredPrice): PriceRow {
  return { prefix, network: network_code, label: network, validFrom: from, fromFragments: fragments, price };
}

function nameOf({ prefix, network, validFrom, fromFragments }: PriceRow): string {
  return `${network === undefined ? prefix : `${prefix} on ${network}`} from ${validFrom}, ${fromFragments} fragments`;
}
