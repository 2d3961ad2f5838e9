import { Button, Select } from '@mantine/core';
import { memo, type Dispatch, type SetStateAction } from 'react';
import { formatDurationMs, parseDurationMs } from '#shared/duration-text.ts';
import type { LoggedOutage } from '#shared/contract/what-if.ts';
import { answerText } from '#shared/what-if/lane-words.ts';
import { capitalised } from '#shared/text/capitalised.ts';
import { exactText } from '../../base/time-format.ts';
import { TypedField } from './typed-field.tsx';
import { answerKey, answerOfKey, longestOutageMs, withEventsAround, withOutage, type WhatIfState } from './what-if-state.ts';
import type { Logged } from './use-logged.ts';
import styles from './what-if.module.css';

interface ScenarioFormProps {
  readonly state: WhatIfState;
  readonly onChange: Dispatch<SetStateAction<WhatIfState>>;
  readonly isUtc: boolean;
  /** The pace that is drawn where the one asked for makes too many events; null otherwise. */
  readonly slowedTo: { readonly everyMs: number; readonly most: number } | null;
  readonly logged: Logged | null;
  readonly onPick: (outage: LoggedOutage) => void;
}

const usualAnswers = ['refused', 'timeout', 'reset', 'dns', 'tls', '500', '502', '503', '503 600', '429', '429 60', '410', '404'];

/** The scenario in figures: what can be dragged can be typed too. */
export function ScenarioForm({ state, onChange, isUtc, slowedTo, logged, onPick }: ScenarioFormProps) {
  const { fromMs, untilMs, answer, everyMs } = state;
  return (
    <div className={styles['form']}>
      <TypedField
        label="Outage from"
        width={132}
        text={exactText(fromMs, isUtc).slice(0, 16)}
        read={(text) => momentOf(text, fromMs, isUtc) ?? 'Write a time such as 14:00.'}
        onRead={(from) => onChange(withEventsAround(withOutage(state, from, from + (untilMs - fromMs))))}
      />
      <TypedField
        label="for"
        width={136}
        text={formatDurationMs(untilMs - fromMs)}
        read={(text) => lengthOf(text, longestOutageMs) ?? 'Write 1 s to 14 d, such as 2 h.'}
        onRead={(length) => onChange(withEventsAround(withOutage(state, fromMs, fromMs + length)))}
      />
      <AnswerField answer={answer} onChange={onChange} />
      {state.logOf === null ? (
        <TypedField
          label="An event every"
          width={104}
          text={formatDurationMs(everyMs)}
          read={(text) => lengthOf(text, 86_400_000) ?? 'Write 1 s to 1 d, such as 10 m.'}
          onRead={(every) => onChange(withEventsAround({ ...state, everyMs: every }))}
        />
      ) : (
        <LogField state={state} onChange={onChange} logged={logged} onPick={onPick} isUtc={isUtc} />
      )}
      {slowedTo !== null && (
        <p className={styles['note']}>
          At most {slowedTo.most} events are followed under these rules: one every {formatDurationMs(slowedTo.everyMs)}.
        </p>
      )}
    </div>
  );
}

/** Not drawn again while the outage is dragged. */
const AnswerField = memo(function AnswerField({ answer, onChange }: Pick<WhatIfState, 'answer'> & Pick<ScenarioFormProps, 'onChange'>) {
  const key = answerKey(answer);
  const answers = usualAnswers.includes(key) ? usualAnswers : [key, ...usualAnswers];
  return (
    <Select
      size="xs"
      w={196}
      label="Attempts get"
      allowDeselect={false}
      data={answers.map((each) => ({ value: each, label: answerLabel(each) }))}
      value={key}
      onChange={(next) => onChange((before) => ({ ...before, answer: answerOfKey(next ?? '') ?? before.answer }))}
    />
  );
});

function LogField({ state, onChange, logged, onPick, isUtc }: Omit<ScenarioFormProps, 'slowedTo'>) {
  const outages = logged?.outages ?? [];
  const picked = outages.findIndex(({ fromMs }) => fromMs === state.fromMs);
  return (
    <>
      <Select
        size="xs"
        w={264}
        label="Outages in the log"
        placeholder={
          logged?.outages === null ? 'Reading the log' : outages.length === 0 ? 'None: no two attempts in a row failed' : 'Choose one'
        }
        disabled={outages.length === 0}
        data={outages.map((outage, index) => ({ value: String(index), label: outageLabel(outage, isUtc) }))}
        value={picked === -1 ? null : String(picked)}
        onChange={(index) => {
          const outage = outages[Number(index ?? -1)];
          if (outage !== undefined) onPick(outage);
        }}
      />
      <Button size="xs" variant="default" onClick={() => onChange(withEventsAround({ ...state, logOf: null }))}>
        Use an even pace
      </Button>
    </>
  );
}

function outageLabel({ fromMs, untilMs, failedAttempts }: LoggedOutage, isUtc: boolean): string {
  const end = untilMs === null ? 'now' : exactText(untilMs, isUtc).slice(11, 16);
  return `${exactText(fromMs, isUtc).slice(5, 16)} to ${end}, ${failedAttempts} failed`;
}

function answerLabel(key: string): string {
  const answer = answerOfKey(key);
  if (answer === null) return key;
  return capitalised(answerText(answer));
}

function lengthOf(text: string, mostMs: number): number | null {
  const ms = parseDurationMs(text);
  return ms === null || ms < 1000 || ms > mostMs ? null : ms;
}

/** A time of day on the day that `nearMs` is in, or a date with one. */
function momentOf(text: string, nearMs: number, isUtc: boolean): number | null {
  const match = /^(?:(\d{4}-\d\d-\d\d)[ T]+)?(\d{1,2}:\d\d(?::\d\d)?)$/.exec(text.trim());
  if (match === null) return null;
  const day = match[1] ?? exactText(nearMs, isUtc).slice(0, 10);
  const time = match[2] ?? '';
  const atMs = Date.parse(`${day}T${time.indexOf(':') === 1 ? '0' : ''}${time}${isUtc ? 'Z' : ''}`);
  return Number.isNaN(atMs) || atMs < 0 ? null : atMs;
}
