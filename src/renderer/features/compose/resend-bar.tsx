import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatRoute } from '../../base/router.ts';
import { useSession } from '../../stores/session.tsx';
import type { ComposeState, GivenAgain, ResentDelivery } from './compose-state.ts';
import type { ComposeStore } from './compose-store.types.ts';
import styles from './compose.module.css';

/** Says what is being sent again, with the ways back: to how it was, and to one's own draft. */
export function ResendBar({ store, state }: { readonly store: ComposeStore; readonly state: ComposeState }) {
  const { router } = useSession();
  const { resend, draft, target } = state;
  if (resend === null) return null;
  const isChanged = JSON.stringify(draft) !== JSON.stringify(resend.original);
  const isTrouble = resend.kind === 'delivery' && resend.isEndpointGone && target === '';
  return (
    <section className={styles['resend']} aria-label="Sending again" data-meaning={isTrouble ? 'trouble' : undefined}>
      <p>
        {resend.kind === 'delivery' ? (
          <DeliveryText resend={resend} isChanged={isChanged} isRendered={draft.body === null} />
        ) : (
          <GivenText resend={resend} isChanged={isChanged} />
        )}
      </p>
      {isChanged && (
        <Button size="compact-xs" variant="subtle" onClick={store.resetResend}>
          {resend.kind === 'delivery' ? 'As it was sent' : 'As it came'}
        </Button>
      )}
      <Button size="compact-xs" variant="default" onClick={() => router.go({ area: 'compose' })}>
        Back to my draft
      </Button>
    </section>
  );
}

interface DeliveryTextProps {
  readonly resend: ResentDelivery;
  readonly isChanged: boolean;
  readonly isRendered: boolean;
}

function DeliveryText({ resend, isChanged, isRendered }: DeliveryTextProps) {
  const link = <a href={formatRoute({ area: 'deliveries', id: resend.id })}>this delivery</a>;
  if (resend.isEndpointGone)
    return (
      <>
        {resend.endpointName} got {link} and has been deleted since. Choose an endpoint to send it to.
      </>
    );
  return (
    <>
      Sending {link} again, {isChanged ? 'with your changes.' : 'as it was sent.'}{' '}
      {isRendered ? 'Its body is rendered again.' : 'Its body is sent byte for byte.'}
    </>
  );
}

function GivenText({ resend, isChanged }: { readonly resend: GivenAgain; readonly isChanged: boolean }): ReactNode {
  const what =
    resend.kind === 'capture' ? <a href={formatRoute({ area: 'captures', id: resend.id })}>this capture</a> : 'the pasted request';
  return (
    <>
      Sending {what} {isChanged ? 'with your changes' : 'as it came'}: its method, headers and body. {resend.notes.join(' ')}
    </>
  );
}
