import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

interface ExplainedProps {
  /** What a button does, in a sentence or two. */
  readonly words: string;
  readonly children: ReactNode;
}

/** A button with what it does, told while it is pointed at or focused; also one that is disabled. */
export function Explained({ words, children }: ExplainedProps) {
  return (
    <Tooltip label={words} multiline maw={300} events={{ hover: true, focus: true, touch: false }}>
      <span>{children}</span>
    </Tooltip>
  );
}
