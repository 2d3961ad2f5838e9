import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Warning } from '#shared/contract/common.ts';
import { dataTextOf } from '../../base/data-text.ts';
import { createItemStore } from '../../stores/item-store.ts';
import { useClient } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { newEvent } from './event-draft.ts';
import { EventView } from './event-view.tsx';

interface ProposedEventViewProps {
  readonly captureId: string;
  readonly onSaved: (name: string, warnings: readonly Warning[]) => void;
  readonly onClose: () => void;
}

/** The form of a new event type, with what a captured request says of it. */
export function ProposedEventView({ captureId, onSaved, onClose }: ProposedEventViewProps) {
  const client = useClient();
  const [store] = useState(() => createItemStore((id, signal) => client.eventTypes.propose({ captureId: id }, { signal })));
  const { item, problem } = useStore(store);
  useEffect(() => {
    void store.open(captureId);
  }, [store, captureId]);
  if (problem !== null) return <ErrorNotice problem={problem} rest={problem.issues} onRetry={() => void store.refresh()} />;
  if (item === null) return <ProgressBar isActive />;
  const { eventType, isKnown, notes } = item;
  const samples = eventType.samples.map(({ name, dataText }) => ({ name, data: dataTextOf(null, dataText) }));
  const schema = eventType.schema === null ? '' : JSON.stringify(eventType.schema, null, 2);
  const taken = `The catalogue has ${eventType.name} already: choose another name, or save the request as a sample of it.`;
  return (
    <EventView
      eventType={null}
      proposed={{
        draft: { ...newEvent, name: eventType.name, samples, schema },
        key: `new:event:${captureId}`,
        notes: [...(isKnown ? [taken] : []), ...notes],
      }}
      listeners={[]}
      warnings={[]}
      onSaved={onSaved}
      onDeleted={onClose}
      onClose={onClose}
    />
  );
}
