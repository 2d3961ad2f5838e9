import type { PasteFormat } from '../format.ts';
import { derivedSource, firstVisible } from '../paste-source.ts';

const [start, end] = ['<script type="application/json" id="case">', '</script>'];

/** A case file as a page, which holds its data as JSON. */
export const casePageFormat: PasteFormat = {
  recognises: (source) => /^<!doctype html>/i.test(source.binary.slice(firstVisible(source), firstVisible(source) + 20)),
  read: (source, inner) => {
    const at = source.binary.indexOf(start);
    const to = at === -1 ? -1 : source.binary.indexOf(end, at);
    if (to === -1) return null;
    return inner(derivedSource(source, source.binary.slice(at + start.length, to), ['Read from the data of the case file.']));
  },
};
