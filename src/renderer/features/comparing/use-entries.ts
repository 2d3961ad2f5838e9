import { useEffect, useRef, useState } from 'react';
import type { ComparedChoice, TextEntry } from '#shared/contract/comparisons.ts';
import { isAbort, toProblem, type Problem } from '../../base/problem.ts';
import { useClient } from '../../stores/session.tsx';
import { readGiven, type GivenText } from './given-texts.ts';

/** A text whose requests are read. */
export interface EntriesReading {
  /** What is being read, or what was; null before. */
  readonly name: string | null;
  readonly isReading: boolean;
  readonly problem: Problem | null;
  readonly found: { readonly text: GivenText; readonly items: readonly TextEntry[]; readonly readAs: string } | null;
}

const nothing: EntriesReading = { name: null, isReading: false, problem: null, found: null };

/** Reads a text and lists its requests; `other` is what one of them is to be compared with. What is given next gives the one before up. */
export function useEntries(other: ComparedChoice | null, onSingle: (text: GivenText) => void) {
  const client = useClient();
  const [state, setState] = useState(nothing);
  const reading = useRef(new AbortController());
  useEffect(() => () => reading.current.abort(), []);
  const take = async (given: Blob | GivenText, name: string | null) => {
    reading.current.abort();
    const { signal } = (reading.current = new AbortController());
    setState({ ...nothing, name: name ?? 'what was pasted', isReading: true });
    try {
      const text = given instanceof Blob ? await readGiven(given, name) : given;
      const asked = {
        textBase64: text.base64,
        ...(text.name === null ? {} : { name: text.name.slice(-200) }),
        ...(other === null ? {} : { other }),
      };
      const { items, readAs } = await client.comparing.entries(asked, { signal });
      if (signal.aborted) return;
      if (items.length === 1) return onSingle(text);
      setState({ name, isReading: false, problem: null, found: { text, items, readAs } });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) setState({ ...nothing, name, problem: toProblem(error) });
    }
  };
  const cancel = () => {
    reading.current.abort();
    setState(nothing);
  };
  return { state, take, cancel };
}
