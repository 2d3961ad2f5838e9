import { useMemo } from 'react';
import { bytesText, countText } from '../base/size-format.ts';
import { bytesOfBase64 } from './body-format.ts';
import { CopyButton } from './copy-button.tsx';
import { shownCount, shownParts, type PartPlace } from './signed-parts.ts';
import styles from './signed-string.module.css';

interface SignedStringProps {
  readonly signedBase64: string;
  readonly parts: readonly PartPlace[];
}

/** The exact bytes that were signed, each part in its colour and named in a legend with its place. */
export function SignedString({ signedBase64, parts }: SignedStringProps) {
  const bytes = useMemo(() => bytesOfBase64(signedBase64), [signedBase64]);
  const shown = useMemo(() => shownParts(bytes, parts), [bytes, parts]);
  const left = parts.length - shownCount;
  return (
    <figure className={styles['signed']} aria-label="Signed string">
      <figcaption className={styles['legend']}>
        <ul>
          {shown.map((part) => (
            <li key={part.start}>
              <span className={styles['swatch']} data-colour={part.colour}>
                {part.name}
              </span>
              <span className={styles['size']}>{bytesText(part.end - part.start)}</span>
            </li>
          ))}
        </ul>
        <CopyButton label="Copy signed string" text={() => new TextDecoder().decode(bytes)} />
      </figcaption>
      <pre className={styles['text']} tabIndex={0}>
        {shown.map((part) => (
          <span
            key={part.start}
            data-colour={part.colour}
            title={`${part.name}: bytes ${part.start} to ${part.end - 1}${part.isHex ? ', in hex because it is not UTF-8' : ''}`}
          >
            {part.text}
            {part.hiddenBytes > 0 && <em>{` … ${bytesText(part.hiddenBytes)} more`}</em>}
          </span>
        ))}
        {left > 0 && <em>{` … and ${countText(left, 'more part', 'more parts')}`}</em>}
      </pre>
    </figure>
  );
}
