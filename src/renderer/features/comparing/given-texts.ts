import { createStore, type StoreApi } from 'zustand/vanilla';
import { askedChoice } from '#shared/compared-choice.ts';
import type { ComparedChoice } from '#shared/contract/comparisons.ts';
import { pasteLimitBytes } from '#shared/import/limits.ts';
import { bytesText } from '../../base/size-format.ts';
import type { Session } from '../../stores/session.tsx';

/** A text as it was given: pasted, or a file. */
export interface GivenText {
  /** The name of the file; null for a paste. */
  readonly name: string | null;
  readonly base64: string;
  readonly bytes: number;
}

/** A text of which a request was chosen. */
export interface ChosenText extends GivenText {
  readonly choice: ComparedChoice;
  /** How many requests it holds. */
  readonly count: number;
}

/** One side of a comparison as the address names it, and as calls do. */
export interface SideRef {
  readonly key: string;
  readonly choice: ComparedChoice;
}

/** Texts that are compared, by the key that stands in the address. They are in memory only, since they may be a customer's. */
export interface GivenTexts {
  readonly store: StoreApi<ReadonlyMap<string, ChosenText>>;
  /** Keeps a text with the chosen one of its requests, and returns its key. The oldest texts are given up beyond some number. */
  readonly keep: (text: GivenText, entry: number, count: number) => string;
}

/** How many texts are kept, so that Back leads to them. */
const kept = 6;

const keyPattern = /^pasted-[0-9a-f]{8}$/;

/** Whether an address names a text. */
export function isTextKey(id: string): boolean {
  return keyPattern.test(id);
}

/** Makes the keys out of `unique`, so that an address of before a reload never names another text. */
export function createGivenTexts(unique: () => string): GivenTexts {
  const store = createStore<ReadonlyMap<string, ChosenText>>(() => new Map());
  return {
    store,
    keep: (text, entry, count) => {
      const key = `pasted-${unique().slice(0, 8)}`;
      const choice = { textBase64: text.base64, entry, ...(text.name === null ? {} : { name: text.name.slice(-200) }) };
      const chosen: ChosenText = { ...text, choice, count };
      store.setState(new Map([...store.getState(), [key, chosen] as const].slice(-kept)), true);
      return key;
    },
  };
}

const bySession = new WeakMap<Session, GivenTexts>();

/** The texts of a session. */
export function givenTextsOf(session: Session): GivenTexts {
  const known = bySession.get(session);
  if (known !== undefined) return known;
  const texts = createGivenTexts(() => crypto.randomUUID());
  bySession.set(session, texts);
  return texts;
}

/** What an address names; null for nothing, and for a text that is not here any more. */
export function sideRef(texts: ReadonlyMap<string, ChosenText>, id: string | null): SideRef | null {
  if (id === null) return null;
  if (!isTextKey(id)) return { key: id, choice: askedChoice(id) };
  const text = texts.get(id);
  return text === undefined ? null : { key: id, choice: text.choice };
}

/** A file or pasted text as it is given to the engine, which reads it. Rejects with an Error for one that is too large or cannot be read. */
export async function readGiven(source: Blob, name: string | null): Promise<GivenText> {
  if (source.size > pasteLimitBytes)
    throw new Error(
      `${name ?? 'What was pasted'} has ${bytesText(source.size)}, and ${bytesText(pasteLimitBytes)} are read at most: give only the request that is meant.`,
    );
  return { name, base64: await base64Of(source, name), bytes: source.size };
}

/** The browser encodes a file beside the page, which goes on meanwhile. */
function base64Of(source: Blob, name: string | null): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      const url = String(reader.result);
      resolve(url.slice(url.indexOf(',') + 1));
    });
    reader.addEventListener('error', () => reject(new Error(`${name ?? 'What was pasted'} could not be read: choose it again.`)));
    reader.readAsDataURL(source);
  });
}
