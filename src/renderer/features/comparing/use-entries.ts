import type { ComparedChoice, TextEntry } from '#shared/contract/comparisons.ts';
import { readGiven, type GivenText } from './given-texts.ts';
import { useLatest } from './use-latest.ts';

/** The requests of a text. */
export interface Entries {
  readonly text: GivenText;
  readonly items: readonly TextEntry[];
  readonly readAs: string;
}

/** Reads a text and lists its requests; `other` is what one of them is to be compared with. What is given next gives the one before up. */
export function useEntries(other: ComparedChoice | null, onSingle: (text: GivenText) => void) {
  const { state, start, stop } = useLatest<Entries | null>();
  const take = (given: Blob | GivenText, name: string | null) => {
    // Another text may have the same name.
    stop();
    start(name ?? 'what was pasted', async (client, signal) => {
      const text = given instanceof Blob ? await readGiven(given, name) : given;
      const asked = {
        textBase64: text.base64,
        ...(text.name === null ? {} : { name: text.name.slice(-200) }),
        ...(other === null ? {} : { other }),
      };
      const { items, readAs } = await client.comparing.entries(asked, { signal });
      if (items.length > 1) return { text, items, readAs };
      if (!signal.aborted) onSingle(text);
      return null;
    });
  };
  return { name: state.key, found: state.value, problem: state.problem, isReading: state.isReading, take, cancel: stop };
}
