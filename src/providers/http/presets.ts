/** Four suppliers as data. To add one, copy a neighbour in `presets/` and read `supplier.ts`. */
import { firetext } from "./presets/firetext.ts";
import { messente } from "./presets/messente.ts";
import { mmg } from "./presets/mmg.ts";
import { twilio } from "./presets/twilio.ts";
import type { HttpSupplier } from "./supplier.ts";

export const HTTP_PRESETS = { mmg, firetext, messente, twilio } as const satisfies Record<string, HttpSupplier>;
