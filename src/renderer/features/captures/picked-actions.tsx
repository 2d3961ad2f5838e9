import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import type { Bin } from '#shared/contract/bins.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { countText } from '../../base/size-format.ts';
import { useClient, useRoute, useSession } from '../../stores/session.tsx';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { download } from '../../ui/download.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useDeleted } from '../../ui/use-deleted.ts';
import { MarkPicked } from './mark-picked.tsx';
import type { selectionOf } from './picked.ts';

interface PickedActionsProps {
  readonly bin: Bin;
  readonly selection: ReturnType<typeof selectionOf>;
  /** They are those that a filter finds, and not some by their ids. */
  readonly isOfFilter: boolean;
  readonly isDisabled: boolean;
  /** They were deleted. */
  readonly onDeleted: () => void;
}

/** What can be done with several captures beside sending them on: marked, saved as a file, or deleted, which can be undone. */
export function PickedActions({ bin, selection, isOfFilter, isDisabled, onDeleted }: PickedActionsProps) {
  const client = useClient();
  const { announce } = useSession();
  const tellDeleted = useDeleted();
  const { query } = useRoute();
  const [problem, setProblem] = useState<Problem | null>(null);
  const tried = async (work: () => Promise<void>) => {
    try {
      setProblem(null);
      await work();
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  const save = (format: 'har' | 'jsonl') =>
    tried(async () => {
      const file = await client.captures.export({ format, ...selection });
      download(file.filename, file.contentType, bytesOfBase64(file.contentBase64));
      announce(`Saved ${countText(file.captures, 'capture', 'captures')} as ${file.filename}`);
    });
  const remove = () =>
    tried(async () => {
      const { removedCaptures, removedAtMs } = await client.captures.removeMany(selection);
      onDeleted();
      const ids = 'ids' in selection ? selection.ids : [];
      tellDeleted(`${countText(removedCaptures, 'capture', 'captures')} deleted`, async () => {
        const { restoredCaptures } = isOfFilter
          ? await client.captures.restore({ binId: bin.id, removedAtMs })
          : await client.captures.restoreMany({ ids, removedAtMs });
        return {
          sentence: `${countText(restoredCaptures, 'capture', 'captures')} restored.`,
          route: { area: 'captures', id: bin.id, query },
          itemId: ids[0] ?? bin.id,
        };
      });
    });
  return (
    <>
      <MarkPicked selection={selection} isDisabled={isDisabled} />
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="compact-xs" variant="default" disabled={isDisabled}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>The file holds headers and bodies as captured, secrets included.</Menu.Label>
          <Menu.Item onClick={() => void save('har')}>HAR</Menu.Item>
          <Menu.Item onClick={() => void save('jsonl')}>JSON Lines</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button size="compact-xs" variant="default" disabled={isDisabled} onClick={() => void remove()}>
        Delete
      </Button>
      {problem !== null && <ErrorNotice problem={problem} rest={problem.issues} />}
    </>
  );
}
