import { Button } from '@mantine/core';
import { IconAlertTriangle, IconBulb } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { SolverMatch, SolverResult } from '#shared/contract/solving.ts';
import { useSession } from '../../stores/session.tsx';
import { countText, numberText } from '../../base/size-format.ts';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { appliedChange, type AppliedChange } from './apply-change.ts';
import { diffBytes, type ByteDiff } from './byte-diff.ts';
import { markDifference, type MarkedText } from './first-difference.ts';
import { matchText } from './solver-store.ts';
import { readInput } from './verify-input.ts';
import type { VerifyState, VerifyStore } from './verify-state.ts';
import { BodyDiff } from './body-diff.tsx';
import styles from './solver-panel.module.css';

interface MatchProps {
  readonly match: SolverMatch;
  readonly result: SolverResult;
  readonly isFirst: boolean;
  readonly store: VerifyStore;
  readonly state: VerifyState;
}

/** One cause: what makes the signature valid, how strong the evidence is, and the proof. */
export function FoundCause({ match, result, isFirst, store, state }: MatchProps) {
  const diff = useMemo(() => diffOf(match, state), [match, state]);
  return (
    <li className={styles['match']} data-first={isFirst || undefined}>
      <p className={styles['sentence']}>
        <IconBulb size={16} aria-hidden />
        <span>{match.sentence}</span>
      </p>
      {match.weak && (
        <p className={styles['weak']}>
          <IconAlertTriangle size={14} aria-hidden />{' '}
          {match.comparedBytes === null
            ? 'Weak evidence: too little of a signature could be compared.'
            : `Weak evidence: only ${countText(match.comparedBytes, 'byte', 'bytes')} of a signature could be compared.`}
        </p>
      )}
      <div className={styles['actions']}>
        <CopyButton withLabel label="Copy for the customer" text={() => matchText(match)} />
        <Apply match={match} result={result} store={store} state={state} />
      </div>
      <Proof match={match} />
      {diff !== null && <BodyDiff diff={diff} />}
    </li>
  );
}

/** Applies the change to the form, or says why it cannot be applied. */
function Apply({ match, result, store, state }: Omit<MatchProps, 'isFirst'>) {
  const { announce } = useSession();
  const applied = useMemo(() => appliedMatch(match, state), [match, state]);
  if (applied.kind === 'none') return <p className={styles['why']}>{applied.why}</p>;
  const apply = () => {
    store.apply(applied.fields, match.sentence, result);
    announce('The change was applied to the form');
  };
  return (
    <Button size="xs" variant="default" onClick={apply}>
      Apply this change
    </Button>
  );
}

function appliedMatch({ fix }: SolverMatch, { input, schemes }: VerifyState): AppliedChange {
  return 'why' in fix ? { kind: 'none', why: fix.why } : appliedChange(fix.change, input, readInput(input, schemes));
}

/** The body that was signed; null if it is not in the result, or is not signed as it is. */
function signedBody({ signed }: SolverMatch): Uint8Array | null {
  if (signed === null) return null;
  const [part, ...others] = signed.parts.filter(({ name }) => name === 'body');
  return part === undefined || others.length > 0 ? null : bytesOfBase64(signed.base64).subarray(part.start, part.end);
}

/** Both bodies, if both are known; the received one is in the form. */
function diffOf(match: SolverMatch, { input, schemes }: VerifyState): ByteDiff | null {
  if (match.bodyDiff === null) return null;
  const signed = signedBody(match);
  const { body } = readInput(input, schemes);
  return signed === null || !body.ok ? null : diffBytes(body.bytes, signed);
}

function Proof({ match }: { readonly match: SolverMatch }) {
  const { received, expected, unchanged, secretLabel, secretFingerprint, bodyDiff } = match;
  const before = unchanged === null ? null : markDifference(received, unchanged);
  const after = markDifference(received, expected);
  return (
    <dl className={styles['proof']}>
      <dt>Received</dt>
      <dd>
        <code>{received}</code>
      </dd>
      {before !== null && (
        <>
          <dt>Without the change</dt>
          <dd>
            <Marked text={before.received} />
          </dd>
        </>
      )}
      <dt>With the change</dt>
      <dd>
        <Marked text={after.received} />
      </dd>
      <dt>Secret</dt>
      <dd>
        {secretLabel}, fingerprint <code>{secretFingerprint}</code>
      </dd>
      {bodyDiff !== null && match.signed === null && (
        <>
          <dt>Bodies</dt>
          <dd>
            differ from byte {numberText(bodyDiff.offset)} on: <code>{bodyDiff.beforeHex || 'end'}</code> received,{' '}
            <code>{bodyDiff.afterHex || 'end'}</code> signed
          </dd>
        </>
      )}
    </dl>
  );
}

function Marked({ text }: { readonly text: MarkedText }) {
  return (
    <code>
      {text.same}
      {text.different !== '' && <mark>{text.different}</mark>}
    </code>
  );
}
