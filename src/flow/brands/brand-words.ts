/** What people, and the audit log, are told of a brand. */
import type { BrandFacts, BrandWords } from "../../records/brands/brand.ts";

/** What people know it by. */
export function titleOf({ name, alternativeText }: Pick<BrandFacts, "name" | "alternativeText">): string {
  return name ?? alternativeText;
}

export interface BrandChange {
  before: BrandWords | undefined;
  after: BrandWords;
  hasNewPicture: boolean;
}

/** For the audit log; pictures are not in it. */
export function brandChange({ before, after, hasNewPicture }: BrandChange) {
  return {
    ...(before ? { before: toldOf(before) } : {}),
    after: { ...toldOf(after), ...(hasNewPicture ? { picture: "new" } : {}) },
  };
}

function toldOf({ alternativeText, colour, style }: BrandWords): Record<string, unknown> {
  return { alternativeText, ...(colour ? { colour, style } : {}) };
}
