/**
 * What a message says, once its markdown is read. Renderers (HTML, plain text, letters) walk this and never look at markdown.
 *
 * `C` is what lines of prose are: the block parser leaves them as source text, `parse-markdown.ts` turns them into `Inline`s.
 */
export type Block<C = readonly Inline[]> =
  | { readonly kind: "heading"; readonly level: HeadingLevel; readonly content: C }
  | { readonly kind: "paragraph"; readonly content: C }
  /** The prose of a list item that is not a paragraph of its own. */
  | { readonly kind: "lines"; readonly content: C }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: ReadonlyArray<ReadonlyArray<Block<C>>> }
  | { readonly kind: "inset"; readonly blocks: ReadonlyArray<Block<C>> }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "rule" }
  /** Empty lines that no block took up, such as those a message begins with. */
  | { readonly kind: "gap" };

/** Levels 3 to 6 are read, and drawn as paragraphs. */
export type HeadingLevel = 1 | 2 | 3 | 4 | 5 | 6;

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "break" }
  /** An address that stands in the text by itself. */
  | { readonly kind: "address"; readonly url: string }
  | Link;

export interface Link {
  readonly kind: "link";
  readonly url: string;
  readonly title: string | undefined;
  readonly content: readonly Inline[];
  /** The markdown of the link: letters print it as typed. */
  readonly source: string;
}

/** The same blocks with their prose changed. */
export function mapContent<C, D>(blocks: ReadonlyArray<Block<C>>, change: (content: C) => D): Array<Block<D>> {
  return blocks.map((block): Block<D> => {
    switch (block.kind) {
      case "heading":
      case "paragraph":
      case "lines":
        return { ...block, content: change(block.content) };
      case "list":
        return { ...block, items: block.items.map((item) => mapContent(item, change)) };
      case "inset":
        return { ...block, blocks: mapContent(block.blocks, change) };
      default:
        return block;
    }
  });
}
