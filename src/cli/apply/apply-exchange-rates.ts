/** What other currencies are at home. The list is the file's: with `--prune`, rates that it does not name are removed. */
import type { ExchangeRate } from "../../core/price/exchange-rates.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import { deleteExchangeRate, listExchangeRates, putExchangeRate } from "../../records/prices/exchange-rate-store.ts";
import type { DeclaredExchangeRate } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { type Noun, reconcile } from "./reconcile.ts";
import type { Run } from "./run.ts";

export async function applyExchangeRates(run: Run, wanted: readonly DeclaredExchangeRate[] | undefined): Promise<void> {
  if (!wanted) return;
  const { tx } = run;
  const home = await getHomeMoney(tx);
  const ofHome = wanted.find(({ currency }) => currency === home.currency);
  if (ofHome) refuseAt(ofHome.at, `is of ${home.currency}, in which this installation charges`);
  const noun: Noun<DeclaredExchangeRate, ExchangeRate> = {
    kind: "exchange rate",
    nameOf: (rate) => nameOf("at" in rate ? rowOf(rate) : rate),
    placeOf: ({ at }) => at,
    fieldsOf: ({ rate }) => ({ rate }),
    wishesOf: ({ rate }) => ({ rate }),
    insert: (declared) => putExchangeRate(tx, rowOf(declared)),
    update: (_, declared) => putExchangeRate(tx, rowOf(declared)),
    remove: async (current) => {
      await deleteExchangeRate(tx, current);
    },
  };
  await reconcile(run, noun, { wanted, current: await listExchangeRates(tx) });
}

function rowOf({ currency, from, rate }: DeclaredExchangeRate): ExchangeRate {
  return { currency, validFrom: from, rate };
}

function nameOf({ currency, validFrom }: ExchangeRate): string {
  return `${currency} from ${validFrom}`;
}
