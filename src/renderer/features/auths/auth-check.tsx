import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconStethoscope, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Auth, AuthCheckResult } from '#shared/contract/auths.ts';
import { useClient } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import type { Badge } from '../../ui/meaning.ts';
import { DetailSection } from '../../ui/detail-form.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import { partsText } from './auth-draft.ts';
import styles from './auths.module.css';

type Result = Awaited<ReturnType<ReturnType<typeof useClient>['auths']['check']>>;

const badges = {
  ok: { word: 'ready', meaning: 'good', icon: IconCheck },
  warning: { word: 'weak', meaning: 'trouble', icon: IconAlertTriangle },
  failed: { word: 'not ready', meaning: 'bad', icon: IconX },
} as const satisfies Readonly<Record<AuthCheckResult['status'], Badge>>;

/** Tries each part of the authentication as it is saved. */
export function AuthCheck({ auth }: { readonly auth: Auth }) {
  const client = useClient();
  const act = useAct();
  const [result, setResult] = useState<Result | null>(null);
  const check = () =>
    act.run(
      async () => {
        const checked = await client.auths.check({ id: auth.id });
        setResult(checked);
        return checked;
      },
      ({ isUsable }) => (isUsable ? 'Every part is ready' : 'Not every part is ready'),
    );
  return (
    <DetailSection title="Check">
      <p className={styles['note']}>Tries each part as it is saved, without sending a webhook. OAuth 2 fetches a new access token.</p>
      <Button
        mt={8}
        size="xs"
        variant="default"
        loading={act.isBusy}
        leftSection={<IconStethoscope size={14} />}
        onClick={() => void check()}
      >
        Check now
      </Button>
      <ErrorNotice problem={act.problem} />
      {result !== null && (
        <ul className={styles['results']} aria-label="Result of the check">
          {result.results.map(({ partId, status, message }) => (
            <li key={partId}>
              <MeaningBadge {...badges[status]} />
              <span>
                <b>{partsText(auth.parts.filter(({ id }) => id === partId)) || partId}.</b> {message}
              </span>
            </li>
          ))}
        </ul>
      )}
    </DetailSection>
  );
}
