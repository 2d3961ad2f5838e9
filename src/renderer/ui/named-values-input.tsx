import { Combobox, TextInput, useCombobox, type TextInputProps } from '@mantine/core';
import { useLayoutEffect, useRef, useState } from 'react';
import { completionAt, withName } from './name-completion.ts';

interface NamedValuesInputProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Names that the text may have in braces, such as `vars.host`. */
  readonly names: readonly string[];
}

/** A field of one line whose text may name values in braces: after `{{` the names are offered. */
export function NamedValuesInput({ value, onChange, names, ...props }: NamedValuesInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [caret, setCaret] = useState(0);
  const wantedCaret = useRef<number | null>(null);
  const completion = completionAt(value, caret, names);
  useLayoutEffect(() => {
    if (wantedCaret.current === null) return;
    input.current?.setSelectionRange(wantedCaret.current, wantedCaret.current);
    setCaret(wantedCaret.current);
    wantedCaret.current = null;
  }, [value]);
  const follow = () => setCaret(input.current?.selectionStart ?? 0);
  const choose = (name: string) => {
    if (completion === null) return;
    const chosen = withName(value, completion, name);
    wantedCaret.current = chosen.caret;
    combobox.closeDropdown();
    onChange(chosen.text);
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose} position="bottom-start" width={260} shadow="sm">
      <Combobox.Target withKeyboardNavigation={completion !== null} withAriaAttributes={completion !== null}>
        <TextInput
          {...props}
          ref={input}
          spellCheck={false}
          value={value}
          onChange={(event) => {
            setCaret(event.currentTarget.selectionStart ?? 0);
            combobox.openDropdown();
            combobox.selectFirstOption();
            onChange(event.currentTarget.value);
          }}
          onSelect={follow}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={completion === null}>
        <Combobox.Options aria-label="Names">
          {completion?.options.map((name) => (
            <Combobox.Option key={name} value={name} className="mono">
              {name}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
