import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';

/** Closes the detail beside a list. Where the detail covers the list, the way back stands above it instead. */
export function CloseDetail({ onClose }: { readonly onClose: () => void }) {
  return (
    <Tooltip label="Close (Esc)">
      <ActionIcon className="only-wide" variant="subtle" color="gray" aria-label="Close the detail" onClick={onClose}>
        <IconX size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
