/** PDFs behind one another, each page as it was. */
import { PDFDocument, PDFName } from "@cantoo/pdf-lib";

export interface CountedPdf {
  readonly pdf: Uint8Array;
  readonly pages: number;
}

/** The first file's own bytes where nothing is to be appended. Throws when one of them cannot be read. */
export async function appendPages(first: CountedPdf, others: readonly Uint8Array[]): Promise<CountedPdf> {
  if (others.length === 0) return first;
  const whole = await PDFDocument.load(first.pdf, { updateMetadata: false });
  for (const other of others) {
    const source = await PDFDocument.load(other, { updateMetadata: false });
    for (const page of await whole.copyPages(source, source.getPageIndices())) whole.addPage(page);
  }
  promiseNoStandard(whole);
  return { pdf: await whole.save(), pages: whole.getPageCount() };
}

/** Pages of others' making need not keep the standards that the first file's description declares. */
function promiseNoStandard({ catalog }: PDFDocument): void {
  catalog.delete(PDFName.of("Metadata"));
}
