/** English, of the parts that each area keeps. A new area adds its file and one line here; keys begin with the area's name. */
import { developers } from "./en/developers.ts";
import { errors } from "./en/errors.ts";
import { layout } from "./en/layout.ts";
import { services } from "./en/services.ts";
import { signIn } from "./en/sign-in.ts";
import { statements } from "./en/statements.ts";
import { team } from "./en/team.ts";

export const en = {
  ...developers,
  ...errors,
  ...layout,
  ...services,
  ...signIn,
  ...statements,
  ...team,
} as const;
