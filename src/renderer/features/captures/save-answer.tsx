import { Button, Group, Modal, Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import { allPages } from '#shared/all-pages.ts';
import type { Capture } from '#shared/contract/captures.ts';
import type { Bin } from '#shared/contract/bins.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { bytesText } from '../../base/size-format.ts';
import { useClient, useSession } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './replay.module.css';

interface SaveAnswerProps {
  readonly capture: Capture;
  readonly bin: Bin;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Has a bin answer with the body of a capture, which can be undone. */
export function SaveAnswer({ isOpen, onClose, ...props }: SaveAnswerProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Save as an answer" size={560} closeButtonProps={{ 'aria-label': 'Close' }}>
      <AnswerForm {...props} onClose={onClose} />
    </Modal>
  );
}

const own = 'own';

function AnswerForm({ capture, bin, onClose }: Omit<SaveAnswerProps, 'isOpen'>) {
  const client = useClient();
  const { undo } = useSession();
  const act = useAct();
  const [bins, setBins] = useState<readonly Bin[]>([bin]);
  const [binId, setBinId] = useState(bin.id);
  const [place, setPlace] = useState(own);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const reading = new AbortController();
    const read = async () => {
      try {
        setBins(await allPages((from) => client.bins.list({ limit: 200, ...from }, { signal: reading.signal })));
      } catch (error) {
        if (!reading.signal.aborted) setProblem(toProblem(error));
      }
    };
    void read();
    return () => reading.abort();
  }, [client]);
  const chosen = bins.find(({ id }) => id === binId) ?? bin;
  const { rules } = chosen.answers;
  const save = async () => {
    const { updatedAtMs } = await client.bins.answerWith({
      id: chosen.id,
      captureId: capture.id,
      ...(place === own ? {} : { ruleId: place }),
      ifUpdatedAtMs: chosen.updatedAtMs,
    });
    undo.offer({ sentence: `${chosen.name} answers with the captured body.`, undo: () => restore(updatedAtMs) });
    onClose();
  };
  /** Only what was changed here goes back, and only if nobody changed the bin since. */
  const restore = async (ifUpdatedAtMs: number) => {
    const before = place === own ? { response: chosen.response } : { answers: { rules } };
    await client.bins.update({ id: chosen.id, ifUpdatedAtMs, ...before });
    return {
      sentence: `${chosen.name} answers as before.`,
      route: { area: 'captures' as const, id: capture.id, query: { bin: bin.id } },
      itemId: capture.id,
    };
  };
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void act.run(save, `${chosen.name} answers with this body`);
      }}
    >
      <Select
        data-autofocus
        openOnFocus={false}
        label="Bin"
        allowDeselect={false}
        searchable
        data={bins.map(({ id, name, slug }) => ({ value: id, label: `${name} (${slug})` }))}
        value={chosen.id}
        onChange={(value) => {
          act.clear();
          setBinId(value ?? bin.id);
          setPlace(own);
        }}
      />
      <Select
        label="Answer"
        allowDeselect={false}
        data={[
          { value: own, label: "The bin's own answer" },
          ...rules.map(({ id, name }, index) => ({ value: id, label: `Rule ${index + 1}${name === '' ? '' : `: ${name}`}` })),
        ]}
        value={place}
        onChange={(value) => {
          act.clear();
          setPlace(value ?? own);
        }}
      />
      <p className={styles['note']}>
        {bytesText(capture.bodyBytes)}
        {capture.contentType === null ? ' without a content type' : ` of ${capture.contentType}`}, unpacked where it is compressed. Nothing
        in it is rendered as a template. Status and other headers of the answer stay.
      </p>
      <ErrorNotice problem={act.problem ?? problem} rest={(act.problem ?? problem)?.issues ?? []} />
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit">Save answer</Button>
      </Group>
    </form>
  );
}
