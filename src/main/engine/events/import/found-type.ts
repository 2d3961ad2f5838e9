import { eventNameForm } from '#shared/names/event-name-form.ts';

/** An event type that was found in a document. */
export interface FoundType {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly group: string;
  readonly schemaJson: string | null;
  readonly samples: readonly FoundSample[];
  /** What was changed or left out in reading it, in sentences. */
  readonly notes: readonly string[];
  /** Which of the documents it is from; null for one that no later import could be told to be of. */
  readonly source: string | null;
}

/** A named sample as JSON text. */
export interface FoundSample {
  readonly name: string;
  readonly json: string;
}

/** Something that was left out, and why. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** Names of the catalogue have at most so many characters. */
const longestName = 200;

/** The name for the catalogue of what a document calls an event; null where nothing of it could stay. */
export function eventNameOf(wanted: string): string | null {
  const trimmed = wanted.trim();
  if (trimmed.length <= longestName && eventNameForm.test(trimmed)) return trimmed;
  const name = trimmed
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9_\-/:.]+/g, '_')
    .replaceAll(/_*\._*/g, '.')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^[._]+|[._]+$/g, '')
    .slice(0, longestName)
    .replaceAll(/\.+$/g, '');
  return eventNameForm.test(name) ? name : null;
}

/** Title and description within their lengths. A long summary is a description. */
export function wordsOf(title: string, description: string): { readonly title: string; readonly description: string } {
  const isTitle = title.length <= longestTitle && !title.includes('\n');
  const text = isTitle ? description : [title, description].filter((part) => part !== '').join('\n\n');
  return { title: isTitle ? title : '', description: cut(text, longestDescription) };
}

/** A group's name within its length. */
export function groupOf(name: string): string {
  return cut(name, longestTitle);
}

const longestTitle = 200;
const longestDescription = 10_000;

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
