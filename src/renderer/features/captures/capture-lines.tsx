import { Anchor } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconRepeat, IconX } from '@tabler/icons-react';
import type { Capture } from '#shared/contract/captures.ts';
import type { Bin } from '#shared/contract/bins.ts';
import { formatRoute } from '../../base/router.ts';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import styles from './capture-detail.module.css';

/** It came by a source, and what the channel did to its body. */
export function BroughtBy({ source: { kind, body, message } }: { readonly source: NonNullable<Capture['source']> }) {
  return (
    <p className={styles['sentence']}>
      {body === 'rewritten' ? (
        <MeaningBadge meaning="trouble" icon={IconAlertTriangle} word="body re-written" />
      ) : (
        <MeaningBadge meaning="good" icon={IconCheck} word={body === 'exact' ? 'exact bytes' : 'same length'} />
      )}{' '}
      It came by {kind === 'smee' ? 'a smee channel' : 'the stream of another Hookyard'}. {message}
      {kind === 'smee' && ' Its method, path and the case of its header names are not those of the sender.'}
    </p>
  );
}

interface AnsweredLineProps {
  readonly capture: Capture;
  readonly answeredBy: NonNullable<Capture['answeredBy']>;
  readonly bin: Bin;
}

/** What answered the request, and why. */
export function AnsweredLine({ capture, answeredBy: { kind, label, ruleId, why }, bin }: AnsweredLineProps) {
  if (kind === 'unanswered') return <p className={styles['sentence']}>Not answered: {why}</p>;
  const isToldByWhy = kind === 'own' || kind === 'fallback' || kind === 'target';
  const isThere = ruleId !== null && bin.answers.rules.some(({ id }) => id === ruleId);
  return (
    <p className={styles['sentence']}>
      {kind === 'problem' && (
        <>
          <MeaningBadge meaning="bad" icon={IconX} word="template failed" />{' '}
        </>
      )}
      Answered {capture.response.status}
      {/* Why such an answer came names who gave it. */}
      {!isToldByWhy && ' by '}
      {isThere ? (
        <Anchor fz={13} underline="always" href={formatRoute({ area: 'captures', query: { bin: bin.id, edit: 'yes' } })}>
          {label}
        </Anchor>
      ) : (
        !isToldByWhy && <b>{label}</b>
      )}
      : {why}
    </p>
  );
}

/** The same signature came before: what a receiver that checks for replays goes by. */
export function SeenBefore({ capture, id }: { readonly capture: Capture; readonly id: string }) {
  const hasTime = capture.verification?.timestampAgeSeconds != null;
  return (
    <p className={styles['sentence']}>
      <MeaningBadge meaning="trouble" icon={IconRepeat} word="seen before" />{' '}
      <Anchor fz={13} underline="always" href={formatRoute({ area: 'captures', id, query: { bin: capture.binId } })}>
        An earlier capture
      </Anchor>{' '}
      has the same signature, so a receiver that checks for replays refuses this one.
      {!hasTime && ' The signature covers no time: a new event with the same bytes looks the same.'}
    </p>
  );
}

interface ProofLineProps {
  readonly icon: React.ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;
  readonly meaning: string;
  readonly title: string;
  readonly children: React.ReactNode;
}

/** What was proved of a capture. */
export function ProofLine({ icon: IconShape, meaning, title, children }: ProofLineProps) {
  return (
    <li data-meaning={meaning}>
      <IconShape size={15} stroke={2.2} aria-hidden />
      <b>{title}</b> <span>{children}</span>
    </li>
  );
}
