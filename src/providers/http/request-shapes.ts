/** What descriptions of suppliers have in common, whatever they are asked for: how a request is made, and how a value is found in an answer. */
import { anything, by, having, object, pattern, recordOf, text } from "./shape.ts";

/** A value in an answer: by its path, or by what is written around it. */
export const PICK = having("pattern", object({ pattern }), object({ path: text }));

export const BODY = by("format", {
  json: object({ format: text, template: recordOf(anything) }),
  form: object({ format: text, fields: recordOf(text) }),
  none: object({ format: text }),
});

export const AUTH = by("kind", {
  basic: object({ kind: text, username: text, password: text }),
  bearer: object({ kind: text, token: text }),
});
