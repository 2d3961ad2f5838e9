import { TextInput } from '@mantine/core';
import { useState } from 'react';

interface TypedFieldProps {
  readonly label: string;
  /** What is shown while nobody types. */
  readonly text: string;
  /** Reads what was typed: a number, or what is wrong with it as a sentence. */
  readonly read: (text: string) => number | string;
  readonly onRead: (value: number) => void;
  readonly width: number;
}

/** A figure that can be typed beside a drawing: it takes effect when it is left or with Enter, and follows the drawing otherwise. */
export function TypedField({ label, text, read, onRead, width }: TypedFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const value = typed === null ? null : read(typed);
  const take = () => {
    if (typeof value === 'string') return;
    setTyped(null);
    if (value !== null && typed !== text) onRead(value);
  };
  return (
    <TextInput
      size="xs"
      w={width}
      label={label}
      value={typed ?? text}
      error={typeof value === 'string' ? value : undefined}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        if (event.key === 'Escape' && typed !== null) {
          event.stopPropagation();
          setTyped(null);
        }
      }}
    />
  );
}
