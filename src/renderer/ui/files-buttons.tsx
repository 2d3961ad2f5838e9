import { Button, FileButton } from '@mantine/core';
import { IconFileImport, IconFolder } from '@tabler/icons-react';
import { useRef, type ReactNode } from 'react';
import { filesOfList, type FoundFile } from './dropped-files.ts';
import { canKeepFiles } from './file-handles.ts';

interface FilesButtonProps {
  readonly size: 'compact-xs' | 'xs' | 'sm';
  /** Whether it is what is to be done here. */
  readonly isPrimary?: boolean;
  readonly onChoose: (found: readonly FoundFile[]) => void;
  /** In the place of the browser's usual choice where it lets the page keep what is chosen: begins that choice. */
  readonly onPick?: () => void;
  readonly children: ReactNode;
}

/** A choice that was cancelled is none. */
function choose(onChoose: FilesButtonProps['onChoose'], list: FileList | readonly File[] | null) {
  if (list !== null && list.length > 0) onChoose(filesOfList(list));
}

/** Lets files be chosen. */
export function FilesButton({ size, isPrimary = false, onChoose, onPick, children }: FilesButtonProps) {
  return (
    <FileButton multiple onChange={(list) => choose(onChoose, list)}>
      {(props) => (
        <Button
          size={size}
          variant={isPrimary ? 'filled' : 'default'}
          leftSection={<IconFileImport size={14} />}
          onClick={onPick !== undefined && canKeepFiles() ? onPick : props.onClick}
        >
          {children}
        </Button>
      )}
    </FileButton>
  );
}

/** Lets a folder be chosen, with all that is in it. */
export function FolderButton({ size, isPrimary = false, onChoose, onPick, children }: FilesButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        size={size}
        variant={isPrimary ? 'filled' : 'default'}
        leftSection={<IconFolder size={14} />}
        onClick={() => (onPick !== undefined && canKeepFiles() ? onPick() : input.current?.click())}
      >
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-hidden
        tabIndex={-1}
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          choose(onChoose, event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
