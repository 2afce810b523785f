/** What a file may say of a service's connections with other products. Their secrets are made here and are never in a file. */
import { parsePath } from "../../core/connections/body-path.ts";
import { parseCondition } from "../../core/connections/condition.ts";
import { CONNECTION_KINDS } from "../../core/connections/connection-kind.ts";
import { CONNECTION_LIMITS } from "../../records/connections/connection.ts";
import { flag, id, integer, listOf, object, oneOf, optional, parsed, recordOf, text } from "./read.ts";

const path = parsed(
  (value) => (parsePath(value) ? value : undefined),
  "must be where something stands, such as data.phones[0].value",
);

export const CONNECTION = object({
  id: optional(id),
  name: text,
  kind: oneOf(CONNECTION_KINDS),
  /** By name or id. */
  template: text,
  recipient: path,
  fields: optional(recordOf(path)),
  conditions: optional(
    listOf(
      parsed(
        (value) => (parseCondition(value) ? value : undefined),
        "must be a condition, such as: status is one of processing, completed",
      ),
    ),
  ),
  event: optional(path),
  repeat_days: optional(integer(1, CONNECTION_LIMITS.repeatDays)),
  organization_id: optional(text),
  on: optional(flag),
});
