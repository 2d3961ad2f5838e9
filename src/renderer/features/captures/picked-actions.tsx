import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import type { Bin } from '#shared/contract/bins.ts';
import { countText } from '../../base/size-format.ts';
import { useClient, useKeys, useRoute } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { download } from '../../ui/download.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useDeleted } from '../../ui/use-deleted.ts';
import type { RunSource } from '../runs/run-source.ts';
import { SaveRun } from '../runs/save-run.tsx';
import { MarkPicked } from './mark-picked.tsx';
import type { selectionOf } from './picked.ts';

interface PickedActionsProps {
  readonly bin: Bin;
  readonly selection: ReturnType<typeof selectionOf>;
  /** They are those that a filter finds, and not some by their ids. */
  readonly isOfFilter: boolean;
  readonly isDisabled: boolean;
  readonly hasKeys: boolean;
  /** They were deleted. */
  readonly onDeleted: () => void;
}

/** What can be done with several captures beside sending them on: marked, saved as a file, or deleted, which can be undone. */
export function PickedActions({ bin, selection, isOfFilter, isDisabled, hasKeys, onDeleted }: PickedActionsProps) {
  const client = useClient();
  const act = useAct();
  const tellDeleted = useDeleted();
  const { query } = useRoute();
  const [source, setSource] = useState<RunSource | null>(null);
  const saveAsTest = () => setSource(runSourceOf(selection));
  useKeys(hasKeys && !isDisabled ? { s: saveAsTest } : {});
  const save = (format: 'har' | 'jsonl') =>
    act.run(
      async () => {
        const file = await client.captures.export({ format, ...selection });
        download(file.filename, file.contentType, bytesOfBase64(file.contentBase64));
        return file;
      },
      (file) => `Saved ${countText(file.captures, 'capture', 'captures')} as ${file.filename}`,
    );
  const remove = () =>
    act.run(async () => {
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
      <Button size="compact-xs" variant="default" disabled={isDisabled} onClick={saveAsTest} title="s">
        Save as test…
      </Button>
      <SaveRun source={source} name={bin.slug} onClose={() => setSource(null)} />
      <Button size="compact-xs" variant="default" disabled={isDisabled} onClick={() => void remove()}>
        Delete
      </Button>
      <ErrorNotice problem={act.problem} rest={act.problem?.issues ?? []} />
    </>
  );
}

function runSourceOf(selection: PickedActionsProps['selection']): RunSource {
  return 'ids' in selection && selection.ids !== undefined ? { captureIds: [...selection.ids] } : { captureFilter: selection };
}
