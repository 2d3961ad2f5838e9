import { Button, FileButton, Group, Modal, Select, Textarea } from '@mantine/core';
import { useMemo, useState } from 'react';
import { chooseRequest, parsePasted } from '#shared/import/parse-pasted.ts';
import { pastedKindNames, type Pasted, type PastedRequest, type PasteInput } from '#shared/import/pasted.ts';
import { bytesText, countText } from '../../base/size-format.ts';
import styles from './compose.module.css';

interface PasteDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onUse: (request: PastedRequest) => void;
}

/** Takes a request in any form that people copy one in. */
export function PasteDialog({ isOpen, onClose, onUse }: PasteDialogProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Paste a request" size={640} closeButtonProps={{ 'aria-label': 'Close' }}>
      <PasteForm onClose={onClose} onUse={onUse} />
    </Modal>
  );
}

const example = `curl http://127.0.0.1:3000/webhooks -H 'content-type: application/json' -d '{"type":"invoice.paid"}'`;
/** A text field becomes slow with more; a file may be larger. */
const fieldLimit = 262_144;

function PasteForm({ onClose, onUse }: Pick<PasteDialogProps, 'onClose' | 'onUse'>) {
  const [input, setInput] = useState<PasteInput & { readonly name?: string }>({ text: '' });
  const [choice, setChoice] = useState<number | null>(null);
  const read = useMemo(() => parsePasted(input), [input]);
  const request = choice === null ? read : chooseRequest(read, choice);
  const choices = read.choices ?? [];
  const isRequest = request.kind !== 'nothing' && request.kind !== 'unread';
  const take = (next: PasteInput & { readonly name?: string }) => {
    setChoice(null);
    setInput(next);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isRequest) onUse(request);
      }}
    >
      <Textarea
        data-autofocus
        label="Request"
        description="curl, HTTPie, fetch, Python, PowerShell, HAR, Postman, a raw request, or headers and a body"
        placeholder={example}
        classNames={{ input: 'mono' }}
        autosize
        minRows={6}
        maxRows={14}
        value={input.name === undefined ? (input.text ?? '') : `(${input.name})`}
        readOnly={input.name !== undefined}
        onChange={(event) => take({ text: event.currentTarget.value })}
        onPaste={(event) => {
          const text = event.clipboardData.getData('text/plain');
          if (text.length <= fieldLimit) return;
          event.preventDefault();
          take({ text, name: `pasted text, ${bytesText(text.length)}` });
        }}
      />
      {choices.length > 1 && (
        <Select
          mt={12}
          label={`Which of the ${choices.length} requests`}
          data={choices.map(({ label }, index) => ({ value: String(index), label: `${index + 1}. ${label}` }))}
          value={String(choice ?? read.chosen ?? 0)}
          onChange={(value) => setChoice(Number(value ?? 0))}
          searchable
          allowDeselect={false}
        />
      )}
      <p className={styles['pasteNote']} role="status">
        {sentence(request)}
      </p>
      <Group justify="space-between" mt={16}>
        <FileButton onChange={(file) => void takeFile(file, take)}>
          {(props) => (
            <Button {...props} variant="default">
              Choose a file
            </Button>
          )}
        </FileButton>
        <Group gap={8}>
          {input.name !== undefined && (
            <Button variant="subtle" onClick={() => take({ text: '' })}>
              Clear
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!isRequest}>
            Use this request
          </Button>
        </Group>
      </Group>
    </form>
  );
}

async function takeFile(file: File | null, take: (input: PasteInput & { readonly name: string }) => void): Promise<void> {
  if (file !== null) take({ bytes: new Uint8Array(await file.arrayBuffer()), name: file.name });
}

/** What was read, or why it was not. */
function sentence({ kind, method, url, headers, body, problems }: Pasted): string {
  const [problem] = problems;
  if (kind === 'nothing') return problem?.message ?? 'Every header and every byte of the body is kept. You can change them before sending.';
  if (kind === 'unread') return problem?.message ?? 'This could not be read as a request.';
  const size = body === null ? 'no body' : `a body of ${bytesText(body.length)}`;
  const line = `${method ?? 'POST'} ${url ?? 'to a URL that is not in it'}`;
  return `Read as ${pastedKindNames[kind]}: ${line}, ${countText(headers.length, 'header', 'headers')}, ${size}.${problem === undefined ? '' : ` ${problem.message}`}`;
}
