import { Textarea, type TextareaProps } from '@mantine/core';
import { useRef, type Ref } from 'react';
import { fieldLimit } from '../../base/field-limit.ts';
import { applyEdit, shownText, type Paste, type PastedPart } from './exact-text.ts';

interface ExactTextareaProps extends Omit<TextareaProps, 'value' | 'onChange' | 'ref'> {
  /** The text with the line breaks it really has. */
  readonly exact: string;
  readonly onExact: (exact: string, pasted: PastedPart | null) => void;
  /** Takes a paste that is too large for the field, in place of it. */
  readonly onLargePaste?: (text: string) => void;
  readonly inputRef?: Ref<HTMLTextAreaElement>;
}

/** A text area that knows the line breaks of what was pasted into it; by itself a browser makes LF of all. */
export function ExactTextarea({ exact, onExact, onLargePaste, inputRef, ...rest }: ExactTextareaProps) {
  const paste = useRef<Paste | null>(null);
  return (
    <Textarea
      {...rest}
      {...(inputRef === undefined ? {} : { ref: inputRef })}
      classNames={{ input: 'mono' }}
      spellCheck={false}
      autoComplete="off"
      value={shownText(exact)}
      onPaste={(event) => {
        const { selectionStart, selectionEnd } = event.currentTarget;
        const text = event.clipboardData.getData('text/plain');
        if (onLargePaste !== undefined && text.length > fieldLimit) {
          event.preventDefault();
          onLargePaste(text);
          return;
        }
        paste.current = { text, from: selectionStart, to: selectionEnd };
      }}
      onChange={(event) => {
        const pending = paste.current;
        paste.current = null;
        const text = applyEdit(exact, event.currentTarget.value, pending);
        onExact(text, pending === null ? null : text === pending.text ? 'whole' : 'part');
      }}
    />
  );
}
