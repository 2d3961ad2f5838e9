import { Button, FileButton } from '@mantine/core';

/** Lets one or more files be chosen. */
export function ChooseFiles({ onChoose }: { readonly onChoose: (files: readonly File[]) => void }) {
  return (
    <FileButton multiple onChange={onChoose}>
      {(props) => (
        <Button {...props} variant="default">
          Choose a file or two
        </Button>
      )}
    </FileButton>
  );
}

/** Lets a file be chosen; called with null where the choice was cancelled. */
export function ChooseFile({ onChoose }: { readonly onChoose: (file: File | null) => void }) {
  return (
    <FileButton onChange={onChoose}>
      {(props) => (
        <Button {...props} variant="default">
          Choose a file
        </Button>
      )}
    </FileButton>
  );
}
