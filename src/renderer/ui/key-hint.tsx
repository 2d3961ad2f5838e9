import { modKeyLabel } from '../base/keys.ts';
import styles from './key-hint.module.css';

/** A key as it looks on a keyboard; `mod+k` becomes the platform's own. Two keys in a row are written with a space. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <span className={styles['keys']}>
      {keys.split(' ').map((key, index) => (
        <kbd key={index} className={styles['key']}>
          {labelOf(key)}
        </kbd>
      ))}
    </span>
  );
}

function labelOf(key: string): string {
  const names: Readonly<Record<string, string>> = {
    mod: modKeyLabel,
    Enter: '\u21b5',
    Escape: 'Esc',
    ArrowDown: '\u2193',
    ArrowUp: '\u2191',
    ArrowLeft: '\u2190',
    ArrowRight: '\u2192',
  };
  return key
    .split('+')
    .map((part) => names[part] ?? (part.length === 1 && key.includes('+') ? part.toUpperCase() : part))
    .join(modKeyLabel === 'Ctrl' ? ' ' : '');
}
