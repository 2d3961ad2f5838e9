import { ActionIcon, Button, Tooltip } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';

interface BarActionProps {
  readonly words: string;
  /** What it does, and its key. */
  readonly hint: string;
  readonly icon: Icon;
  /** There is no room for the words: they are in a tooltip then. */
  readonly isShort: boolean;
  readonly isDisabled?: boolean;
  /** Without a frame, for what leads elsewhere. */
  readonly isQuiet?: boolean;
  readonly onClick: () => void;
}

/** An action of the bar of an area. */
export function BarAction({ words, hint, icon: IconShape, isShort, isDisabled = false, isQuiet = false, onClick }: BarActionProps) {
  const look = isQuiet ? ({ variant: 'subtle', color: 'gray' } as const) : ({ variant: 'default' } as const);
  const icon = <IconShape size={14} />;
  if (!isShort)
    return (
      <Button size="xs" {...look} leftSection={icon} disabled={isDisabled} onClick={onClick} title={hint}>
        {words}
      </Button>
    );
  return (
    <Tooltip label={hint}>
      <ActionIcon size={30} {...look} disabled={isDisabled} aria-label={words} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
