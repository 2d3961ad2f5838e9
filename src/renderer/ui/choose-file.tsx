import { Button, FileButton } from '@mantine/core';

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
