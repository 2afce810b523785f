/** The fields for example values: one for each placeholder there is at the moment. */
import type { Example } from "../../templates/preview/examples.ts";

export function readExamples(): Example[] {
  return [...rows()].map((row) => ({ name: hidden(row)?.value ?? "", value: shown(row)?.value ?? "" }));
}

/** Leaves the fields alone while the names are the same, so that nobody loses their place. */
export function showExamples(examples: readonly Example[]): void {
  const current = readExamples();
  const isSame =
    current.length === examples.length && current.every(({ name }, index) => name === examples[index]?.name);
  if (isSame) return;
  document.querySelector("#example-fields")?.replaceChildren(...examples.map(makeRow));
  const fieldset = document.querySelector<HTMLElement>("#examples");
  if (fieldset) fieldset.hidden = examples.length === 0;
}

function makeRow({ name, value }: Example, index: number): Node {
  const template = document.querySelector<HTMLTemplateElement>("#example-field");
  const row = template?.content.firstElementChild?.cloneNode(true) as HTMLElement;
  const id = `example-${index + 1}`;
  const [label, nameField, valueField] = [row.querySelector("label"), hidden(row), shown(row)];
  if (label) {
    label.textContent = name;
    label.htmlFor = id;
  }
  if (nameField) nameField.value = name;
  if (valueField) {
    valueField.id = id;
    valueField.value = value;
  }
  return row;
}

function rows(): NodeListOf<HTMLElement> {
  return document.querySelectorAll("#example-fields .pp-example");
}

function hidden(row: HTMLElement): HTMLInputElement | null {
  return row.querySelector("input[name=exampleName]");
}

function shown(row: HTMLElement): HTMLInputElement | null {
  return row.querySelector("input[name=exampleValue]");
}
