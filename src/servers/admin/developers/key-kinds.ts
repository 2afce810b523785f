/** The kinds of keys, as the forms that make something to send with offer them. */
import type { KeyKind } from "../../../records/services/service.ts";
import type { ServiceVisit } from "../http/visit.ts";

export const KINDS: readonly KeyKind[] = ["test", "team", "live"];

/** As the macro for radios takes it. */
export interface KindChoice {
  value: KeyKind;
  text: string;
  hint: { text: string };
  disabled: boolean;
}

export function kindsFor({ service, text }: ServiceVisit): KindChoice[] {
  return KINDS.map((kind) => {
    const disabled = kind === "live" && service.isTrial;
    const hint = disabled ? text("developers.kind.live.trial") : text(`developers.kind.${kind}.hint`);
    return { value: kind, text: text(`developers.kind.${kind}`), hint: { text: hint }, disabled };
  });
}
