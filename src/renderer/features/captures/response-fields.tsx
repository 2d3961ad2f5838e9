import { Button, Checkbox, NumberInput, Textarea } from '@mantine/core';
import { IconCode } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { parseDurationMs } from '#shared/duration-text.ts';
import { DurationInput } from '../../ui/duration-input.tsx';
import { MarkedField } from '../../ui/field-marks.tsx';
import { FaultFields } from './fault-fields.tsx';
import type { ResponseDraft } from './answers-draft.ts';
import { readHeaders } from './header-lines.ts';
import styles from './answers.module.css';

interface ResponseFieldsProps {
  readonly value: ResponseDraft;
  /** The message about a field of the contract, such as `headers`. */
  readonly error: (field: string) => string | undefined;
  readonly onChange: (change: Partial<ResponseDraft>) => void;
  /** Whether its fields are fields of the form itself, which marks what was changed elsewhere. */
  readonly isMarked?: boolean;
  /** Opens the body in the editor; null where it cannot be previewed. */
  readonly onOpenEditor: (() => void) | null;
}

/** Status, delay, headers and body of one response. */
export function ResponseFields({ value, error, onChange, isMarked = false, onOpenEditor }: ResponseFieldsProps) {
  const headers = readHeaders(value.headersText);
  const delayError = parseDurationMs(value.delay) === null ? 'Write a length of time, such as 500 ms or 5 s.' : error('delayMs');
  return (
    <>
      <div className={styles['pair']}>
        <Placed field="status" isMarked={isMarked}>
          <NumberInput
            label="Status"
            min={200}
            max={599}
            allowDecimal={false}
            value={value.status}
            error={error('status')}
            onChange={(status) => onChange({ status: typeof status === 'number' ? status : value.status })}
          />
        </Placed>
        <Placed field="delay" isMarked={isMarked}>
          <DurationInput
            label="Delay"
            placeholder="500 ms"
            value={value.delay}
            error={delayError}
            onChange={(delay) => onChange({ delay })}
          />
        </Placed>
      </div>
      <Placed field="headersText" isMarked={isMarked}>
        <Textarea
          label="Headers"
          placeholder="Content-Type: application/json"
          classNames={{ input: 'mono' }}
          autosize
          minRows={2}
          maxRows={6}
          value={value.headersText}
          error={headers.ok ? error('headers') : headers.message}
          onChange={(event) => onChange({ headersText: event.currentTarget.value })}
        />
      </Placed>
      <Placed field="body" isMarked={isMarked}>
        <Textarea
          label="Body"
          placeholder={'{"received": true, "id": {{ request.json.id | json }}}'}
          classNames={{ input: 'mono' }}
          autosize
          minRows={3}
          maxRows={12}
          value={value.body}
          error={error('body')}
          onChange={(event) => onChange({ body: event.currentTarget.value })}
        />
      </Placed>
      <Placed field="fault" isMarked={isMarked}>
        <FaultFields value={value.fault} error={error('fault')} onChange={(fault) => onChange({ fault })} />
      </Placed>
      <div className={styles['template']}>
        <Placed field="isTemplate" isMarked={isMarked}>
          <Checkbox
            label="Fill in {{ request… }} and {% tags %}"
            checked={value.isTemplate}
            onChange={(event) => onChange({ isTemplate: event.currentTarget.checked })}
          />
        </Placed>
        {onOpenEditor !== null && (
          <Button size="compact-xs" variant="default" leftSection={<IconCode size={13} />} onClick={onOpenEditor}>
            Edit with preview
          </Button>
        )}
      </div>
    </>
  );
}

interface PlacedProps {
  readonly field: keyof ResponseDraft;
  readonly isMarked: boolean;
  readonly children: ReactNode;
}

function Placed({ field, isMarked, children }: PlacedProps) {
  return isMarked ? <MarkedField name={field}>{children}</MarkedField> : children;
}
