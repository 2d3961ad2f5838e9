import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import type { Bin } from '#shared/contract/captures.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { countText } from '../../base/size-format.ts';
import { useClient, useSession } from '../../stores/session.tsx';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { download } from '../../ui/download.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useDeleted } from '../../ui/use-deleted.ts';

interface PickedActionsProps {
  readonly bin: Bin;
  readonly ids: readonly string[];
  /** They were deleted. */
  readonly onDeleted: () => void;
}

/** What can be done with several captures beside sending them on: saved as a file, or deleted, which can be undone. */
export function PickedActions({ bin, ids, onDeleted }: PickedActionsProps) {
  const client = useClient();
  const { announce } = useSession();
  const tellDeleted = useDeleted();
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
      const file = await client.captures.export({ format, ids: [...ids] });
      download(file.filename, file.contentType, bytesOfBase64(file.contentBase64));
      announce(`Saved ${countText(file.captures, 'capture', 'captures')} as ${file.filename}`);
    });
  const remove = () =>
    tried(async () => {
      const { removedCaptures, removedAtMs } = await client.captures.removeMany({ ids: [...ids] });
      onDeleted();
      tellDeleted(`${countText(removedCaptures, 'capture', 'captures')} deleted`, async () => {
        const { restoredCaptures } = await client.captures.restoreMany({ ids: [...ids], removedAtMs });
        return {
          sentence: `${countText(restoredCaptures, 'capture', 'captures')} restored.`,
          route: { area: 'captures', id: bin.id },
          itemId: ids[0] ?? bin.id,
        };
      });
    });
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="compact-xs" variant="default" disabled={ids.length === 0}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>The file holds headers and bodies as captured, secrets included.</Menu.Label>
          <Menu.Item onClick={() => void save('har')}>HAR</Menu.Item>
          <Menu.Item onClick={() => void save('jsonl')}>JSON Lines</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button size="compact-xs" variant="default" disabled={ids.length === 0} onClick={() => void remove()}>
        Delete
      </Button>
      {problem !== null && <ErrorNotice problem={problem} rest={problem.issues} />}
    </>
  );
}
