/** The thread that reads PDFs from outside. */
import { answerOrders } from "../threads/answer-orders.ts";
import { drawPicture, inspectFile } from "./inspect/inspect-file.ts";
import type { Inspection, InspectionRules, Mended, MendOrder, Picture, PictureOrder } from "./inspect/inspection.ts";
import { openMender } from "./inspect/mend-file.ts";
import { openFace } from "./letter-fonts.ts";

export type InspectSkills = {
  inspect: { order: { pdf: Uint8Array; rules: InspectionRules }; answer: Inspection };
  picture: { order: PictureOrder; answer: Picture };
  mend: { order: MendOrder; answer: Mended };
};

await answerOrders(() => {
  const font = openFace("regular");
  return {
    inspect: ({ pdf, rules }: InspectSkills["inspect"]["order"]) => inspectFile(pdf, rules, font),
    picture: drawPicture,
    mend: openMender(),
  };
});
