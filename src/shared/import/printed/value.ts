/**
 * A value as a language prints it. Texts have one character for each byte, as the paste does; numbers stay as they are
 * written, and objects keep the order of their keys.
 */
export type PrintedValue =
  /** With `isHeaders`, what `new Headers` of JavaScript was given: JSON.stringify and `+` see nothing of it. */
  | { readonly kind: 'object'; readonly entries: readonly PrintedEntry[]; readonly isHeaders?: boolean }
  | { readonly kind: 'list'; readonly items: readonly PrintedValue[]; readonly isHeaders?: boolean }
  /**
   * With `hasCode`, a template of JavaScript as it is written: what stands for its `${…}` is not known. With `isJson`, what
   * JSON.stringify makes of a value in the paste.
   */
  | { readonly kind: 'string'; readonly binary: string; readonly hasCode?: boolean; readonly isJson?: boolean }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'literal'; readonly text: 'true' | 'false' | 'null' | 'undefined' }
  /** What the printer left out, such as `[Object]`, or wrote in a form without the value. */
  | { readonly kind: 'cut'; readonly text: string };

export type PrintedEntry = readonly [name: string, value: PrintedValue];

/** A value with the offset behind it. */
export interface ReadValue {
  readonly value: PrintedValue;
  readonly end: number;
}

/** A value that was cut away, and where it stood. */
export interface Cut {
  /** Such as `data.object`; empty for the whole value. */
  readonly path: string;
  readonly text: string;
}

/** Most cuts that are looked for. */
const cutLimit = 5;

/** What the printer left out of a value, the first few. */
export function cutsIn(value: PrintedValue, path = ''): readonly Cut[] {
  const found: Cut[] = [];
  const visit = (one: PrintedValue, at: string): void => {
    if (found.length >= cutLimit) return;
    if (one.kind === 'cut') found.push({ path: at, text: one.text });
    else if (one.kind === 'string' && one.hasCode === true) found.push({ path: at, text: '${…}' });
    else if (one.kind === 'object') for (const [name, inner] of one.entries) visit(inner, at === '' ? name : `${at}.${name}`);
    else if (one.kind === 'list') one.items.forEach((inner, index) => visit(inner, `${at}[${index}]`));
  };
  visit(value, path);
  return found;
}

/** Whether something was left out of a value. */
export function hasCuts(value: PrintedValue): boolean {
  switch (value.kind) {
    case 'cut':
      return true;
    case 'string':
      return value.hasCode === true;
    case 'object':
      return value.entries.some(([, inner]) => hasCuts(inner));
    case 'list':
      return value.items.some(hasCuts);
    default:
      return false;
  }
}

/** A string, number or truth value as the text that a header would hold; null for anything else. */
export function scalarText(value: PrintedValue): string | null {
  switch (value.kind) {
    case 'string':
      return value.binary;
    case 'number':
      return value.text;
    case 'literal':
      return value.text === 'true' || value.text === 'false' ? value.text : null;
    default:
      return null;
  }
}
