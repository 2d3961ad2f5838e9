import { Button, FileButton } from '@mantine/core';
import { IconFileImport, IconFolder } from '@tabler/icons-react';
import { useRef, type ReactNode } from 'react';
import { filesOfList, type FoundFile } from './dropped-files.ts';

interface FilesButtonProps {
  readonly size: 'xs' | 'sm';
  /** Whether it is what is to be done here. */
  readonly isPrimary?: boolean;
  readonly onChoose: (found: readonly FoundFile[]) => void;
  readonly children: ReactNode;
}

/** A choice that was cancelled is none. */
function choose(onChoose: FilesButtonProps['onChoose'], list: Parameters<typeof filesOfList>[0]) {
  const found = filesOfList(list);
  if (found.length > 0) onChoose(found);
}

/** Lets files be chosen. */
export function FilesButton({ size, isPrimary = false, onChoose, children }: FilesButtonProps) {
  return (
    <FileButton multiple onChange={(list) => choose(onChoose, list)}>
      {(props) => (
        <Button {...props} size={size} variant={isPrimary ? 'filled' : 'default'} leftSection={<IconFileImport size={14} />}>
          {children}
        </Button>
      )}
    </FileButton>
  );
}

/** Lets a folder be chosen, with all that is in it. */
export function FolderButton({ size, isPrimary = false, onChoose, children }: FilesButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        size={size}
        variant={isPrimary ? 'filled' : 'default'}
        leftSection={<IconFolder size={14} />}
        onClick={() => input.current?.click()}
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
