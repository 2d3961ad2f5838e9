import { Button } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { SolverResult } from '#shared/contract/solving.ts';
import { customerText } from '#shared/customer-text.ts';
import { durationText } from '#shared/duration-text.ts';
import { familiesText, familyGroups } from '#shared/searched-families.ts';
import { countText, numberText } from '../../base/size-format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { customerFacts, fingerprintsOf } from './customer-facts.ts';
import { requestText, type SolverStore } from './solver-store.ts';
import type { VerifyState, VerifyStore } from './verify-state.ts';
import { FoundCause } from './found-cause.tsx';
import styles from './solver-panel.module.css';

/** The longest search there is. */
const longMs = 60_000;

function SearchLonger({ solver }: { readonly solver: SolverStore }) {
  return (
    <Button size="compact-xs" variant="default" leftSection={<IconSearch size={13} />} onClick={() => void solver.start(longMs)}>
      Search for up to a minute
    </Button>
  );
}

interface FoundProps {
  readonly result: SolverResult;
  readonly store: VerifyStore;
  readonly state: VerifyState;
  readonly solver: SolverStore;
}

/** What a search found, what to ask for where it found nothing, and how much was tried. */
export function SearchResult({ result, store, state, solver }: FoundProps) {
  const { matches, tried, untried, families, elapsedMs, advice } = result;
  return (
    <>
      {matches.length > 0 && (
        <ol className={styles['matches']} aria-label="Causes found">
          {matches.map((match, index) => (
            <FoundCause key={index} match={match} result={result} isFirst={index === 0} store={store} state={state} />
          ))}
        </ol>
      )}
      {advice.length > 0 && (
        <div className={styles['ask']}>
          <p>
            <strong>{matches.length === 0 ? 'No cause was found. What would help:' : 'What would prove it:'}</strong>
          </p>
          <ul>
            {advice.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          <div className={styles['actions']}>
            {matches.length === 0 && <CopyForCustomer state={state} />}
            <CopyButton withLabel label="Copy as text" text={() => requestText(result, state.verification)} />
          </div>
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
