import { Button, Group, Modal, Select, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { noRequest, pastedKindNames, refusedPaste, type Pasted, type PastedRequest, type PasteInput } from '#shared/import/pasted.ts';
import { fieldLimit } from '../../base/field-limit.ts';
import { createPasteReader } from '../../base/paste-reader.ts';
import { startPasteWorker } from '../../base/paste-thread.ts';
import { toProblem } from '../../base/problem.ts';
import { bytesText, countText } from '../../base/size-format.ts';
import { ChooseFile } from '../../ui/choose-file.tsx';
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
const pastes = createPasteReader(startPasteWorker);
const nothing: Pasted = { ...noRequest, kind: 'nothing', confidence: 'certain' };

type Given = PasteInput & { readonly name?: string };

/** What is pasted, and what was read in it: null while a large one is being read. */
function useReading() {
  const [input, setInput] = useState<Given>({ text: '' });
  const [whole, setWhole] = useState<Pasted | null>(nothing);
  const [chosen, setChosen] = useState<{ readonly index: number; readonly request: Pasted | null } | null>(null);
  const reading = useRef(new AbortController());
  useEffect(() => () => reading.current.abort(), []);
  const follow = (read: (signal: AbortSignal) => Promise<Pasted>, onRead: (pasted: Pasted) => void) => {
    reading.current.abort();
    const { signal } = (reading.current = new AbortController());
    read(signal)
      .catch((error: unknown) => refusedPaste('nothing', toProblem(error).message))
      .then((pasted) => !signal.aborted && onRead(pasted));
  };
  return {
    input,
    choices: whole?.choices ?? [],
    choice: chosen?.index ?? whole?.chosen ?? 0,
    request: chosen === null ? whole : chosen.request,
    take: (next: Given) => {
      setInput(next);
      setWhole(null);
      setChosen(null);
      follow((signal) => pastes.read(next, null, signal), setWhole);
    },
    choose: (index: number) => {
      if (whole === null) return;
      setChosen({ index, request: null });
      follow(
        (signal) => pastes.choose(whole, index, signal),
        (request) => setChosen({ index, request }),
      );
    },
  };
}

function PasteForm({ onClose, onUse }: Pick<PasteDialogProps, 'onClose' | 'onUse'>) {
  const { input, choices, choice, request, take, choose } = useReading();
  const isRequest = request !== null && request.kind !== 'nothing' && request.kind !== 'unread';
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
          value={String(choice)}
          onChange={(value) => choose(Number(value ?? 0))}
          searchable
          allowDeselect={false}
        />
      )}
      <p className={styles['pasteNote']} role="status">
        {request === null ? `Reading ${input.name ?? 'the request'}…` : sentence(request)}
      </p>
      <Group justify="space-between" mt={16}>
        <ChooseFile onChoose={(file) => void takeFile(file, take)} />
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

async function takeFile(file: File | null, take: (input: Given) => void): Promise<void> {
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
