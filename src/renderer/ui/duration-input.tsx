import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { formatDurationMs, parseDurationMs } from '#shared/duration-text.ts';

interface DurationInputProps extends Omit<TextInputProps, 'value' | 'onChange' | 'onBlur' | 'rightSection'> {
  /** As it was typed. */
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/**
 * A length of time with its unit, such as `500 ms` or `5 m`. A number alone is seconds, and says so while it is typed; what was
 * understood stands in the field once it is left.
 */
export function DurationInput({ value, onChange, ...rest }: DurationInputProps) {
  const isBare = /^\s*\d+(?:\.\d+)?\s*$/.test(value);
  return (
    <TextInput
      {...rest}
      value={value}
      rightSection={isBare ? <span style={{ color: 'var(--hy-muted)' }}>s</span> : null}
      rightSectionPointerEvents="none"
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={() => {
        const ms = parseDurationMs(value);
        if (ms !== null) onChange(formatDurationMs(ms));
      }}
    />
  );
}

interface SecondsInputProps extends Omit<DurationInputProps, 'value' | 'onChange'> {
  /** Null where nothing is set; NaN while what was typed is no length of time, so that it cannot be saved. */
  readonly value: number | null;
  readonly onChange: (seconds: number | null) => void;
  readonly max: number;
}

/** A length of time that is kept in whole seconds. */
export function SecondsInput({ value, onChange, max, error, ...rest }: SecondsInputProps) {
  const [typed, setTyped] = useState<{ readonly text: string; readonly seconds: number | null } | null>(null);
  // What was set from outside takes the place of what was typed.
  const text = typed !== null && Object.is(typed.seconds, value) ? typed.text : secondsText(value);
  return (
    <DurationInput
      {...rest}
      value={text}
      error={
        Number.isNaN(readSeconds(text, max)) ? `Write whole seconds up to ${formatDurationMs(max * 1000)}, such as 300 s or 5 m.` : error
      }
      onChange={(next) => {
        const seconds = readSeconds(next, max);
        setTyped({ text: next, seconds });
        if (!Object.is(seconds, value)) onChange(seconds);
      }}
    />
  );
}

function secondsText(seconds: number | null): string {
  return seconds === null || Number.isNaN(seconds) ? '' : formatDurationMs(seconds * 1000);
}

/** Whole seconds, null for an empty text, NaN for one that is not that. */
export function readSeconds(text: string, max: number): number | null {
  if (text.trim() === '') return null;
  const ms = parseDurationMs(text);
  return ms === null || ms % 1000 !== 0 || ms > max * 1000 ? Number.NaN : ms / 1000;
}
