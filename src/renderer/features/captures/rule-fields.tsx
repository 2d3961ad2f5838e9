import { Textarea, TextInput } from '@mantine/core';
import { conditionExamples } from '#shared/match-text.ts';
import type { RuleDraft } from './answers-draft.ts';
import { PlanFields } from './plan-fields.tsx';
import { ResponseFields } from './response-fields.tsx';
import type { CounterOf } from './use-counters.ts';
import styles from './answers.module.css';

interface RuleFieldsProps {
  readonly rule: RuleDraft;
  /** Its place in the list, from 0. */
  readonly index: number;
  /** By the field of the contract. */
  readonly errors: Readonly<Record<string, string>>;
  readonly counter: CounterOf | null;
  readonly onReset: (value?: string) => void;
  readonly onChange: (change: Partial<RuleDraft>) => void;
  readonly onOpenEditor: (() => void) | null;
}

/** One rule: when it answers, and what. */
export function RuleFields({ rule, index, errors, counter, onReset, onChange, onOpenEditor }: RuleFieldsProps) {
  const error = (field: string) => errors[`answers.rules.${index}.${field}`];
  return (
    <fieldset className={styles['ruleFields']} aria-label={`Rule ${index + 1}`}>
      <TextInput
        label="Name"
        placeholder={`rule ${index + 1}`}
        value={rule.name}
        error={error('name') ?? errors[`answers.rules.${index}`]}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Textarea
        label="Answers if"
        description={`One condition a line, all have to hold. Such as ${conditionExamples[1]}, ${conditionExamples[4]}, ${conditionExamples[6]}, count=1-3.`}
        placeholder="every request"
        classNames={{ input: 'mono' }}
        autosize
        minRows={2}
        value={rule.conditions}
        error={error('match') ?? error('count')}
        onChange={(event) => onChange({ conditions: event.currentTarget.value })}
      />
      <ResponseFields value={rule} error={(field) => error(`response.${field}`)} onChange={onChange} onOpenEditor={onOpenEditor} />
      <PlanFields
        plan={rule.plan}
        error={error}
        onChange={(change) => onChange({ plan: { ...rule.plan, ...change } })}
        counter={counter}
        onReset={onReset}
      />
    </fieldset>
  );
}
