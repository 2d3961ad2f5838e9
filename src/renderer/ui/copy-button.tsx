import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useCopy } from './use-copy.ts';

interface CopyButtonProps {
  /** What is copied, or a function that makes it when it is asked for. */
  readonly text: string | (() => string);
  /** What it copies, for the name and the tooltip: `Copy URL`. */
  readonly label: string;
  /** With the label beside the icon. */
  readonly withLabel?: boolean;
}

/** Copies on click and shows for a moment that it did. */
export function CopyButton({ text, label, withLabel = false }: CopyButtonProps) {
  const { isCopied, copy } = useCopy();
  const icon = isCopied ? <IconCheck size={14} color="var(--hy-good-text)" /> : <IconCopy size={14} />;
  const onClick = () => copy(typeof text === 'string' ? text : text());
  if (withLabel)
    return (
      <Button size="xs" variant="default" leftSection={icon} onClick={onClick}>
        {isCopied ? 'Copied' : label}
      </Button>
    );
  return (
    <Tooltip label={isCopied ? 'Copied' : label}>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
