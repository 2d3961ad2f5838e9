import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Profile, ProfileInput } from '#shared/contract/profiles.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { formatRoute } from '../../base/router.ts';
import { useClient } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './replay.module.css';

interface ProposeProfileProps {
  readonly captureId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Makes a profile from a captured request: what was read from it, and a name to save it under. */
export function ProposeProfile({ captureId, isOpen, onClose }: ProposeProfileProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Make a profile from this request"
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <ProposalForm captureId={captureId} onClose={onClose} />
    </Modal>
  );
}

interface Proposal {
  readonly profile: ProfileInput;
  readonly notes: readonly string[];
}

function ProposalForm({ captureId, onClose }: Omit<ProposeProfileProps, 'isOpen'>) {
  const client = useClient();
  const [proposal, setProposal] = useState<Proposal | null>(null);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [saved, setSaved] = useState<Profile | null>(null);
  useEffect(() => {
    const reading = new AbortController();
    const read = async () => {
      try {
        const proposed = await client.profiles.propose({ captureId }, { signal: reading.signal });
        setProposal(proposed);
        setName(proposed.profile.name);
      } catch (error) {
        if (!reading.signal.aborted) setProblem(toProblem(error));
      }
    };
    void read();
    return () => reading.abort();
  }, [client, captureId]);
  if (saved !== null) return <SavedProfile profile={saved} onClose={onClose} />;
  const save = async () => {
    if (proposal === null) return;
    try {
      const { warnings: _warnings, ...profile } = await client.profiles.create({ ...proposal.profile, name });
      setSaved(profile);
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  const nameIssue = problem?.issues.find(({ path }) => path === 'name')?.message;
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput
        data-autofocus
        label="Name"
        description="Endpoints choose it under Behaves like."
        value={name}
        error={nameIssue}
        onChange={(event) => {
          setProblem(null);
          setName(event.currentTarget.value);
        }}
      />
      {proposal !== null && (
        <ul className={styles['proposalNotes']} aria-label="What was read from the request">
          {proposal.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {problem !== null && nameIssue === undefined && <ErrorNotice problem={problem} rest={problem.issues} />}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={proposal === null || name.trim() === ''}>
          Save profile
        </Button>
      </Group>
    </form>
  );
}

function SavedProfile({ profile, onClose }: { readonly profile: Profile; readonly onClose: () => void }) {
  return (
    <div className={styles['form']}>
      <p className={styles['note']} role="status">
        {profile.name} is saved. A new endpoint can behave like it, with this request as the sample of{' '}
        {profile.eventTypes[0]?.name ?? 'no event'}.
      </p>
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button component="a" href={formatRoute({ area: 'endpoints', id: 'new' })}>
          New endpoint
        </Button>
      </Group>
    </div>
  );
}
