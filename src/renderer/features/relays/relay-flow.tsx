import { Button } from '@mantine/core';
import { useState } from 'react';
import { IconArrowRight, IconFilter, IconPencil, IconPlayerPause, IconPlayerPlay, IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { Relay } from '#shared/contract/relays.ts';
import type { RelayTarget } from '#shared/contract/relay-targets.ts';
import { matchTexts } from '#shared/match-text.ts';
import { relaySkipWords } from '#shared/relay-words.ts';
import { formatRoute } from '../../base/router.ts';
import { countText, numberText } from '../../base/size-format.ts';
import { MeaningBadge, StatusBadge } from '../../ui/status-badge.tsx';
import { UnsavedBadge } from '../../ui/unsaved-badge.tsx';
import { RelayDifferences } from './relay-differences.tsx';
import styles from './relays.module.css';

interface RelayFlowProps {
  readonly relay: Relay;
  readonly binName: string;
  readonly isSelected: boolean;
  readonly onOpen: () => void;
  readonly onToggle: () => Promise<void>;
}

/** A relay drawn: the bin, the rule, and its targets, each with how it goes. */
export function RelayFlow({ relay, binName, isSelected, onOpen, onToggle }: RelayFlowProps) {
  const { id, name, isActive, problem, shadow } = relay;
  const [isComparing, setComparing] = useState(false);
  return (
    <article className={styles['relay']} aria-label={name} data-relay={id} data-selected={isSelected || undefined}>
      <header className={styles['head']}>
        <h3 className="truncate" title={name}>
          {name}
        </h3>
        <UnsavedBadge draftKey={`relay:${id}`} />
        <StateBadge relay={relay} />
        <span className={styles['space']} />
        {shadow !== null && (
          <Button size="compact-xs" variant="default" onClick={() => setComparing(true)}>
            Differences
          </Button>
        )}
        <Button
          size="compact-xs"
          variant="default"
          leftSection={isActive ? <IconPlayerPause size={13} /> : <IconPlayerPlay size={13} />}
          onClick={() => void onToggle()}
        >
          {isActive ? 'Pause' : 'Resume'}
        </Button>
        <Button size="compact-xs" variant="default" leftSection={<IconPencil size={13} />} onClick={onOpen}>
          Change
        </Button>
      </header>
      {problem !== null && <p className={styles['problem']}>{problem}</p>}
      <div className={styles['flow']}>
        <div className={styles['node']}>
          <span className={styles['kind']}>Bin</span>
          <a className="truncate" href={formatRoute({ area: 'captures', id: relay.binId })} title={binName}>
            {binName}
          </a>
          {relay.queued > 0 && <small data-meaning="waiting">{countText(relay.queued, 'capture waits', 'captures wait')}</small>}
        </div>
        <IconArrowRight className={styles['arrow']} size={16} aria-label="forwards" />
        <div className={styles['node']}>
          <span className={styles['kind']}>Rule</span>
          <Conditions texts={matchTexts(relay.match)} all="everything" />
          <a href={formatRoute({ area: 'deliveries', query: { f: `relay:${id}` } })}>{numberText(relay.forwarded)} forwarded</a>
          {relay.skipped.map(({ reason, count }) => (
            <small key={reason} title={relaySkipWords[reason]} data-meaning={reason === 'unmatched' ? undefined : 'trouble'}>
              {numberText(count)} not: {relaySkipWords[reason]}
            </small>
          ))}
        </div>
        <IconArrowRight className={styles['arrow']} size={16} aria-label="to" />
        <ul className={styles['targets']}>
          {relay.targets.map((target, place) => (
            <Target key={target.id} target={target} part={partOf(relay, place)} />
          ))}
        </ul>
      </div>
      <RelayDifferences relay={relay} isOpen={isComparing} onClose={() => setComparing(false)} />
    </article>
  );
}

/** The part that a target has beside being forwarded to; null for none. */
function partOf({ answer, shadow }: Relay, place: number): string | null {
  if (answer?.target === place) return 'Its answer goes to the sender.';
  return shadow?.target === place ? 'Tried out as a shadow.' : null;
}

function StateBadge({ relay: { isActive, problem } }: { readonly relay: Relay }) {
  if (problem !== null) return <MeaningBadge meaning="trouble" icon={IconAlertTriangle} word="stuck" />;
  return isActive ? (
    <MeaningBadge meaning="good" icon={IconCheck} word="active" />
  ) : (
    <MeaningBadge meaning="waiting" icon={IconPlayerPause} word="paused" />
  );
}

function Conditions({ texts, all }: { readonly texts: readonly string[]; readonly all: string | null }) {
  if (texts.length === 0) return all === null ? null : <span>{all}</span>;
  return (
    <span className={styles['conditions']}>
      <IconFilter size={13} aria-label="if" />
      {texts.map((text) => (
        <code key={text} className="truncate" title={text}>
          {text}
        </code>
      ))}
    </span>
  );
}

function Target({ target, part }: { readonly target: RelayTarget; readonly part: string | null }) {
  const { endpointId, name, url, health, healthMessage, forwarded, pendingDeliveries, lastDelivery } = target;
  return (
    <li className={styles['node']}>
      <span className={styles['targetHead']}>
        {endpointId === null ? (
          <b className="truncate mono" title={url}>
            {name === '' ? url : name}
          </b>
        ) : (
          <a className="truncate" href={formatRoute({ area: 'endpoints', id: endpointId })} title={url}>
            {name}
          </a>
        )}
        <span title={healthMessage}>
          <StatusBadge state={health} />
        </span>
      </span>
      <Conditions texts={matchTexts(target.match)} all={null} />
      {part !== null && <small>{part}</small>}
      <small>
        {numberText(forwarded)} forwarded
        {pendingDeliveries > 0 && (
          <>
            {', '}
            <b data-meaning="trouble">{numberText(pendingDeliveries)} waiting for a retry or their turn</b>
          </>
        )}
        {lastDelivery !== null && (
          <>
            {', '}
            <a href={formatRoute({ area: 'deliveries', id: lastDelivery.id })}>
              last {lastDelivery.status === null ? lastDelivery.outcomeCode : lastDelivery.status}
            </a>
          </>
        )}
      </small>
    </li>
  );
}
