import { Anchor } from '@mantine/core';
import { durationText } from '#shared/duration-text.ts';
import type { Transit } from '#shared/contract/comparing.ts';
import { formatRoute } from '../../base/router.ts';
import { countText } from '../../base/size-format.ts';
import { ComparisonReport } from './comparison-report.tsx';
import styles from './comparing.module.css';

const labels = { before: 'Sent', after: 'Arrived', isSameRequest: true };

const matchWords = {
  signature: 'its signature',
  'delivery header': 'the delivery id in its headers',
  'message id': 'the message id in its headers',
  connection: 'its connection',
  body: 'its body, the same as that of the attempt',
  content: 'the content of its body',
} as const satisfies Record<Transit['matchedBy'], string>;

/** An attempt beside the capture that it made; the link goes to whichever of the two is not open. */
export function TransitView({ transit, from }: { readonly transit: Transit; readonly from: 'capture' | 'attempt' }) {
  const { captureId, binId, deliveryId, attemptNumber, url, elapsedMs, matchedBy, alsoMatching, comparison } = transit;
  return (
    <div className={styles['transit']}>
      <p>
        {from === 'capture' ? (
          <>
            <Anchor fz={13} href={formatRoute({ area: 'deliveries', id: deliveryId })}>
              Attempt {attemptNumber} of this delivery
            </Anchor>{' '}
            sent it to {url}.
          </>
        ) : (
          <>
            It arrived as{' '}
            <Anchor fz={13} href={formatRoute({ area: 'captures', id: captureId, query: { bin: binId } })}>
              this capture
            </Anchor>
            .
          </>
        )}{' '}
        It arrived {durationText(elapsedMs)} after the attempt began, and was matched by {matchWords[matchedBy]}.
        {alsoMatching > 0 &&
          ` ${countText(alsoMatching, 'earlier attempt matches', 'earlier attempts match')} it too; this is the last one before it.`}
      </p>
      <ComparisonReport comparison={comparison} labels={labels} />
    </div>
  );
}
