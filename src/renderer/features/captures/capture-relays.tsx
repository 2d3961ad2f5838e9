import { Anchor } from '@mantine/core';
import { IconClock, IconFilter } from '@tabler/icons-react';
import type { RelayVerdict, RelayVerdicts, UnmetCondition } from '#shared/contract/relay-verdicts.ts';
import { formatRoute } from '../../base/router.ts';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import styles from './capture-relays.module.css';

/** Why relays did not forward a capture, or not to every target; nothing where all of them did. */
export function CaptureRelays({ verdicts: { message, relays } }: { readonly verdicts: RelayVerdicts }) {
  if (relays.length === 0)
    return (
      <p className={styles['none']}>
        {message}{' '}
        <Anchor fz={13} underline="always" href={formatRoute({ area: 'captures', query: { show: 'relays', relay: 'new' } })}>
          Make a relay
        </Anchor>
      </p>
    );
  const told = relays.filter(({ state, unmet }) => state !== 'forwarded' || unmet.length > 0);
  if (told.length === 0) return null;
  return (
    <ul className={styles['relays']} aria-label="Relays that did not forward it">
      {told.map((verdict) => (
        <li key={verdict.relayId}>
          <Told verdict={verdict} />
        </li>
      ))}
    </ul>
  );
}

function Told({ verdict: { relayId, name, state, message, unmet } }: { readonly verdict: RelayVerdict }) {
  return (
    <>
      <div className={styles['head']}>
        {state === 'waiting' ? (
          <MeaningBadge meaning="waiting" icon={IconClock} word="waits" />
        ) : (
          <MeaningBadge meaning="waiting" icon={IconFilter} word={state === 'left' ? 'not forwarded' : 'forwarded in part'} />
        )}
        <span>
          <Anchor fz={13} underline="always" href={formatRoute({ area: 'captures', query: { show: 'relays', relay: relayId } })}>
            {name}
          </Anchor>
          : {message}
        </span>
      </div>
      {unmet.length > 0 && (
        <ul className={styles['unmet']}>
          {unmet.map((each, index) => (
            <Unmet key={index} unmet={each} />
          ))}
        </ul>
      )}
    </>
  );
}

function Unmet({ unmet: { target, condition, found } }: { readonly unmet: UnmetCondition }) {
  return (
    <li>
      {target !== null && <>{target} asks for </>}
      <code>{condition}</code> <span>{found}</span>
    </li>
  );
}
