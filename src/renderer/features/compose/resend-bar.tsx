import { Button } from '@mantine/core';
import { formatRoute } from '../../base/router.ts';
import { useSession } from '../../stores/session.tsx';
import type { ComposeState } from './compose-state.ts';
import type { ComposeStore } from './compose-store.ts';
import styles from './compose.module.css';

/** Says that a delivery is being sent again and which, with the ways back: to how it was sent, and to one's own draft. */
export function ResendBar({ store, state }: { readonly store: ComposeStore; readonly state: ComposeState }) {
  const { router } = useSession();
  const { resend, draft, target } = state;
  if (resend === null) return null;
  const isChanged = JSON.stringify(draft) !== JSON.stringify(resend.original);
  return (
    <section
      className={styles['resend']}
      aria-label="Sending again"
      data-meaning={resend.isEndpointGone && target === '' ? 'trouble' : undefined}
    >
      <p>
        {resend.isEndpointGone ? (
          <>
            {resend.endpointName} got <Delivery id={resend.deliveryId} /> and has been deleted since. Choose an endpoint to send it to.
          </>
        ) : (
          <>
            Sending <Delivery id={resend.deliveryId} /> again, {isChanged ? 'with your changes.' : 'as it was sent.'}{' '}
            {draft.body === null ? 'Its body is rendered again.' : 'Its body is sent byte for byte.'}
          </>
        )}
      </p>
      {isChanged && (
        <Button size="compact-xs" variant="subtle" onClick={store.resetResend}>
          As it was sent
        </Button>
      )}
      <Button size="compact-xs" variant="default" onClick={() => router.go({ area: 'compose' })}>
        Back to my draft
      </Button>
    </section>
  );
}

function Delivery({ id }: { readonly id: string }) {
  return <a href={formatRoute({ area: 'deliveries', id })}>this delivery</a>;
}
