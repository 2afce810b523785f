/** A row of the settings: what something is now, and where it is changed. */

interface Line {
  text: string;
  /** What a request names it by. */
  id?: string;
  isDefault?: boolean;
}

export interface Row {
  name: string;
  lines: readonly Line[];
  /** Undefined: it is only shown. */
  url?: string | undefined;
  /** A list, with a page that looks after it. */
  isList?: boolean;
}
