import { numberText } from '../../base/size-format.ts';
import { type ByteDiff, type DiffSide } from './byte-diff.ts';
import styles from './solver-panel.module.css';

interface BodyDiffProps {
  readonly diff: ByteDiff;
  /** What the two are called. */
  readonly labels?: { readonly received: string; readonly signed: string };
}

/** Two bodies, one above the other, from the first byte that differs. */
export function BodyDiff({ diff, labels = { received: 'Received', signed: 'Signed' } }: BodyDiffProps) {
  return (
    <figure className={styles['diff']} aria-label="Where the bodies differ">
      <figcaption>
        The bodies differ from byte {numberText(diff.offset)} on (line {numberText(diff.line)}, column {numberText(diff.column)}).
      </figcaption>
      <DiffRow label={labels.received} side={diff.received} />
      <DiffRow label={labels.signed} side={diff.signed} />
    </figure>
  );
}

function DiffRow({ label, side }: { readonly label: string; readonly side: DiffSide }) {
  return (
    <p>
      <span>{label}</span>
      <code>
        {side.before}
        <mark>{side.after === '' ? 'end of the body' : side.after}</mark>
        {side.hasMore && '…'}
      </code>
      <code className={styles['hex']}>{side.hex}</code>
    </p>
  );
}
