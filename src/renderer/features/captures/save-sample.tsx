import { Autocomplete, Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Capture } from '#shared/contract/captures.ts';
import { formatRoute } from '../../base/router.ts';
import { useCatalogue, useClient } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './replay.module.css';

interface SaveSampleProps {
  readonly capture: Capture;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Adds the body of a capture to an event type of the catalogue. */
export function SaveSample({ capture, isOpen, onClose }: SaveSampleProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Save as a sample" size={560} closeButtonProps={{ 'aria-label': 'Close' }}>
      <SampleForm capture={capture} onClose={onClose} />
    </Modal>
  );
}

interface Added {
  readonly name: string;
  readonly sample: string;
  readonly warnings: readonly string[];
}

function SampleForm({ capture, onClose }: Omit<SaveSampleProps, 'isOpen'>) {
  const client = useClient();
  const { eventTypes } = useCatalogue();
  const [name, setName] = useState('');
  const [sample, setSample] = useState('');
  const act = useAct();
  const [added, setAdded] = useState<Added | null>(null);
  if (added !== null) return <AddedSample added={added} onClose={onClose} />;
  const save = async () => {
    const answer = await client.eventTypes.addSample({
      name: name.trim(),
      captureId: capture.id,
      ...(sample.trim() === '' ? {} : { sample: sample.trim() }),
    });
    setAdded({ name: answer.name, sample: answer.addedSample, warnings: answer.warnings.map(({ message }) => message) });
  };
  const issueOf = (wanted: string) => act.problem?.issues.find(({ path }) => path === wanted)?.message;
  const isShown = issueOf('name') !== undefined || issueOf('sample') !== undefined;
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void act.run(save);
      }}
    >
      {eventTypes.length === 0 && (
        <p className={styles['note']}>The catalogue has no event types yet: save this request as a new event type.</p>
      )}
      <Autocomplete
        data-autofocus
        openOnFocus={false}
        label="Event type"
        placeholder="invoice.paid"
        classNames={{ input: 'mono' }}
        data={eventTypes.map((each) => each.name)}
        limit={20}
        value={name}
        error={issueOf('name')}
        onChange={(value) => {
          act.clear();
          setName(value);
        }}
      />
      <TextInput
        label="Name of the sample"
        placeholder="captured"
        value={sample}
        error={issueOf('sample')}
        onChange={(event) => {
          act.clear();
          setSample(event.currentTarget.value);
        }}
      />
      {!isShown && <ErrorNotice problem={act.problem} rest={act.problem?.issues ?? []} />}
      <Group justify="space-between">
        <Button variant="default" component="a" href={formatRoute({ area: 'events', id: 'new', query: { capture: capture.id } })}>
          New event type
        </Button>
        <Group gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={name.trim() === ''}>
            Save sample
          </Button>
        </Group>
      </Group>
    </form>
  );
}

function AddedSample({ added: { name, sample, warnings }, onClose }: { readonly added: Added; readonly onClose: () => void }) {
  return (
    <div className={styles['form']}>
      <p className={styles['note']} role="status">
        {name} has the sample {sample} now. Every digit is as it was captured.
      </p>
      {warnings.map((message) => (
        <p key={message} className={styles['note']}>
          {message}
        </p>
      ))}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button component="a" href={formatRoute({ area: 'events', id: name })}>
          Open {name}
        </Button>
      </Group>
    </div>
  );
}
