import { Button, Switch } from '@mantine/core';
import { IconAlertTriangle, IconBulb, IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { durationText } from '#shared/duration-text.ts';
import type { SolverMatch, SolverResult } from '#shared/contract/solving.ts';
import { customerText } from '#shared/customer-text.ts';
import { familiesText, familyGroups } from '#shared/searched-families.ts';
import { whyNoSearch } from '#shared/worth-a-search.ts';
import { useSession } from '../../stores/session.tsx';
import { countText, numberText } from '../../base/size-format.ts';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Delayed } from '../../ui/delayed.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { appliedChange, type AppliedChange } from './apply-change.ts';
import { customerFacts, fingerprintsOf } from './customer-facts.ts';
import { diffBytes, type ByteDiff, type DiffSide } from './byte-diff.ts';
import { markDifference, type MarkedText } from './first-difference.ts';
import { matchText, requestText, searchSentence, type SolverStore } from './solver-store.ts';
import { readInput } from './verify-input.ts';
import type { VerifyState, VerifyStore } from './verify-store.ts';
import styles from './solver-panel.module.css';

interface SolverPanelProps {
  readonly store: VerifyStore;
  readonly state: VerifyState;
  readonly solver: SolverStore;
}

/** Why the signature does not match: the search under way, the causes found with their proof, or what to ask for. */
export function SolverPanel({ store, state, solver }: SolverPanelProps) {
  const { search, isAllSecrets } = useStore(solver);
  const { announce } = useSession();
  const sentence = searchSentence(search);
  useEffect(() => {
    if (sentence !== null) announce(sentence);
  }, [announce, sentence]);
  const { verification } = state;
  if (verification === null || whyNoSearch(verification) !== null) return null;
  return (
    <section className={styles['panel']} aria-label="Cause">
      <div className={styles['bar']}>
        <h2>Why it does not match</h2>
        {state.owners.length > 0 && (
          <Switch
            size="xs"
            label="All secrets of this workspace"
            checked={isAllSecrets}
            onChange={(event) => solver.setAllSecrets(event.currentTarget.checked)}
          />
        )}
      </div>
      {search.kind === 'none' && <NotSearched state={state} isAllSecrets={isAllSecrets} />}
      {search.kind === 'running' && (
        <Delayed delayMs={100}>
          <div className={styles['running']}>
            <div className={styles['track']} role="progressbar" aria-label="Searching for the cause" />
            <span>
              Searching{search.progress === null ? '' : `, ${search.progress.phase}: ${numberText(search.progress.tried)} signatures tried`}
            </span>
            <Button size="compact-xs" variant="default" onClick={solver.cancel}>
              Cancel
            </Button>
          </div>
        </Delayed>
      )}
      {search.kind === 'cancelled' && (
        <p className={styles['muted']}>
          Cancelled after {countText(search.tried, 'signature', 'signatures')}. <SearchAgain solver={solver} />
        </p>
      )}
      {search.kind === 'failed' && <ErrorNotice problem={search.problem} onRetry={() => void solver.start()} />}
      {search.kind === 'done' && <Found result={search.result} store={store} state={state} solver={solver} />}
    </section>
  );
}

function SearchAgain({ solver }: { readonly solver: SolverStore }) {
  return (
    <Button size="compact-xs" variant="default" leftSection={<IconSearch size={13} />} onClick={() => void solver.start()}>
      Search again
    </Button>
  );
}

/** The longest search there is. */
const longMs = 60_000;

function SearchLonger({ solver }: { readonly solver: SolverStore }) {
  return (
    <Button size="compact-xs" variant="default" leftSection={<IconSearch size={13} />} onClick={() => void solver.start(longMs)}>
      Search for up to a minute
    </Button>
  );
}

function NotSearched({ state, isAllSecrets }: { readonly state: VerifyState; readonly isAllSecrets: boolean }) {
  const hasSecret = isAllSecrets || state.input.secretsOf !== null || state.input.secrets.some((secret) => secret !== '');
  if (hasSecret || state.isStale) return null;
  return (
    <p className={styles['muted']}>
      {state.owners.length > 0
        ? 'Enter the secret, or try all secrets of this workspace, to search for the cause.'
        : 'Enter the secret to search for the cause.'}
    </p>
  );
}

interface FoundProps extends SolverPanelProps {
  readonly result: SolverResult;
}

function Found({ result, store, state, solver }: FoundProps) {
  const { matches, tried, untried, families, elapsedMs, advice } = result;
  return (
    <>
      {matches.length > 0 && (
        <ol className={styles['matches']} aria-label="Causes found">
          {matches.map((match, index) => (
            <Match key={index} match={match} result={result} isFirst={index === 0} store={store} state={state} />
          ))}
        </ol>
      )}
      {advice.length > 0 && (
        <div className={styles['ask']}>
          <p className={styles['askTitle']}>
            <strong>{matches.length === 0 ? 'No cause was found. What to ask the customer for:' : 'What would prove it:'}</strong>
            <CopyButton withLabel label="Copy as text" text={() => requestText(result)} />
            {matches.length === 0 && <CopyForCustomer state={state} />}
          </p>
          <ul>
            {advice.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      <p className={styles['muted']}>
        {tried.total > 0 &&
          `${countText(tried.total, 'signature', 'signatures')} tried in ${durationText(elapsedMs)}: ${triedText(tried.byKind)}.`}
        {matches.length > 0 ? '' : untried.map(({ sentence }) => ` ${sentence}`).join('')}{' '}
        {matches.length === 0 && untried.some(({ why }) => why === 'time') && <SearchLonger solver={solver} />}
      </p>
      {matches.length === 0 && tried.total > 0 && families.length > 0 && <Families families={families} untried={untried} />}
    </>
  );
}

/** Which kinds of changes were searched and which were not, to show how much the result is worth. */
function Families({ families, untried }: Pick<SolverResult, 'families' | 'untried'>) {
  return (
    <details className={styles['families']}>
      <summary>{familiesText(families, untried)}</summary>
      <dl>
        {familyGroups(families).map(({ title, state, families: members }) => (
          <div key={title} data-state={state}>
            <dt>
              {title} ({numberText(members.length)})
            </dt>
            {members.map(({ family, title: name, tried }) => (
              <dd key={family}>
                {name}
                {tried > 0 && <span>{numberText(tried)}</span>}
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Copies a text that asks the sender of the request for what is missing. */
function CopyForCustomer({ state }: { readonly state: VerifyState }) {
  const [fingerprints, setFingerprints] = useState<readonly string[]>([]);
  const { secrets } = state.input;
  useEffect(() => {
    let isCurrent = true;
    void fingerprintsOf(secrets).then((made) => isCurrent && setFingerprints(made));
    return () => void (isCurrent = false);
  }, [secrets]);
  return <CopyButton withLabel label="Copy for the customer" text={() => customerText(customerFacts(state, fingerprints))} />;
}

const kindWords: Readonly<Record<string, string>> = {
  none: 'as received',
  secret: 'secret',
  body: 'body',
  string: 'signed string',
  encoding: 'encoding',
  algorithm: 'algorithm',
  scheme: 'scheme',
};

function triedText(byKind: Readonly<Record<string, number>>): string {
  return Object.entries(byKind)
    .map(([kind, count]) => `${kindWords[kind] ?? kind} ${numberText(count)}`)
    .join(', ');
}

interface MatchProps {
  readonly match: SolverMatch;
  readonly result: SolverResult;
  readonly isFirst: boolean;
  readonly store: VerifyStore;
  readonly state: VerifyState;
}

/** One cause: what makes the signature valid, how strong the evidence is, and the proof. */
function Match({ match, result, isFirst, store, state }: MatchProps) {
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
      <dt>Without the change</dt>
      <dd>{before === null ? <span className={styles['muted']}>gives no signature</span> : <Marked text={before.received} />}</dd>
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

/** Two bodies, one above the other, from the first byte that differs. */
function BodyDiff({ diff }: { readonly diff: ByteDiff }) {
  return (
    <figure className={styles['diff']} aria-label="Where the bodies differ">
      <figcaption>
        The bodies differ from byte {numberText(diff.offset)} on (line {numberText(diff.line)}, column {numberText(diff.column)}).
      </figcaption>
      <DiffRow label="Received" side={diff.received} />
      <DiffRow label="Signed" side={diff.signed} />
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
