/** Maps keys to actions: `j`, `Enter`, `?`, `mod+k`, or two in a row such as `g d`. */
export type KeyMap = Readonly<Record<string, () => void>>;

/** The part of a keyboard event that decides. */
export interface KeyPress {
  readonly key: string;
  readonly isMod: boolean;
  readonly isAlt: boolean;
  /** Milliseconds on any steady clock. */
  readonly atMs: number;
}

/** How long the second key of a pair may take. */
const pairLimitMs = 1200;

/** Matches key presses against maps, later maps first; remembers the first key of a pair. */
export function createKeyMatcher(): (press: KeyPress, maps: readonly KeyMap[]) => (() => void) | null {
  let first: { readonly key: string; readonly atMs: number } | null = null;
  const find = (name: string, maps: readonly KeyMap[]) => maps.findLast((map) => Object.hasOwn(map, name))?.[name] ?? null;
  return (press, maps) => {
    if (press.isAlt) return null;
    const name = press.isMod ? `mod+${press.key.toLowerCase()}` : press.key;
    const pair = first !== null && press.atMs - first.atMs <= pairLimitMs ? find(`${first.key} ${name}`, maps) : null;
    first = null;
    if (pair !== null) return pair;
    const startsPair = maps.some((map) => Object.keys(map).some((key) => key.startsWith(`${name} `)));
    if (startsPair) {
      first = { key: name, atMs: press.atMs };
      return null;
    }
    return find(name, maps);
  };
}

/** Whether keys typed there are text, or belong to a dialog or menu, and must not act on the page. */
export function isTypingTarget(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest(
      'input:not([type="checkbox"]):not([type="radio"]), textarea, select, .monaco-editor, [role="dialog"], [role="menu"], [role="listbox"][data-composed]',
    ) !== null
  );
}

/**
 * Whether a dialog gets the keys: none acts on what it covers, and Escape closes only the dialog. This also holds before the focus is in
 * it.
 */
export function isBehindDialog(page: Document): boolean {
  return page.querySelector('[aria-modal="true"]') !== null;
}

/** Name of the platform's modifier key, for hints. */
export const modKeyLabel = /mac|iphone|ipad/i.test(globalThis.navigator?.userAgent ?? '') ? '\u2318' : 'Ctrl';
