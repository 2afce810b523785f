/** Rules for what messages may say. */
import { Refusal } from "../../core/refusal.ts";
import { readContentRule } from "../../flow/content-rules/change-content-rules.ts";
import { newId } from "../../platform/ids.ts";
import {
  deleteContentRule,
  listContentRules,
  putContentRule,
  type StoredContentRule,
} from "../../records/content-rules/content-rule-store.ts";
import type { DeclaredContentRule } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { type Noun, reconcile } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

/** Where a file does not say. */
const USUAL_CHANNELS = ["sms", "email"] as const;

/** Of one service, or without an owner of the installation. */
export async function applyContentRules(
  run: Run,
  owner: Owner | undefined,
  wanted: readonly DeclaredContentRule[] | undefined,
): Promise<void> {
  if (!wanted) return;
  const { tx } = run;
  const serviceId = owner?.serviceId;
  const noun: Noun<DeclaredContentRule, StoredContentRule> = {
    kind: "content rule",
    ...(owner ? { serviceId, owner: ` of ${owner.name}` } : {}),
    nameOf: ({ name }) => name,
    placeOf: ({ at }) => at,
    fieldsOf: ({ id: _, serviceId: __, name: ___, ...fields }) => fields,
    wishesOf: (declared) => {
      const { name: _, ...fields } = ruleOf(declared);
      return fields;
    },
    insert: (declared) => putContentRule(tx, { ...ruleOf(declared), id: newId(), serviceId }),
    update: ({ id }, declared) => putContentRule(tx, { ...ruleOf(declared), id, serviceId }),
    remove: ({ id }) => deleteContentRule(tx, id),
  };
  await reconcile(run, noun, { wanted, current: await listContentRules(tx, serviceId) });
}

/** By the same rules as on the page. */
function ruleOf(declared: DeclaredContentRule): Omit<StoredContentRule, "id" | "serviceId"> {
  const { name, forbids: looksFor, list = [], channels = USUAL_CHANNELS, countries = [] } = declared;
  const { action = "refuse" } = declared;
  try {
    return readContentRule({ name, looksFor, action, entries: list.join("\n"), channels, countries });
  } catch (error) {
    if (error instanceof Refusal) return refuseAt(declared.at, `cannot be: ${error.message}`);
    throw error;
  }
}
