import { ActionIcon, Button, Switch } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconCopy, IconGripVertical, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState, type DragEvent, type KeyboardEvent } from 'react';
import { durationText, parseDurationMs } from '#shared/duration-text.ts';
import { useSession } from '../../stores/session.tsx';
import { copyOf, moved, newRule, planText, type RuleDraft } from './answers-draft.ts';
import { RuleFields } from './rule-fields.tsx';
import type { useCounters } from './use-counters.ts';
import styles from './answers.module.css';

interface RuleListProps {
  readonly rules: readonly RuleDraft[];
  readonly errors: Readonly<Record<string, string>>;
  readonly counters: ReturnType<typeof useCounters>;
  readonly onChange: (rules: readonly RuleDraft[]) => void;
  /** Opens the body of a rule in the editor; null where it cannot be previewed. */
  readonly onOpenEditor: ((formKey: string) => void) | null;
}

/** The rules of a bin in their order: added, moved by keyboard or by dragging, switched off, copied, and deleted with an undo. */
export function RuleList({ rules, errors, counters, onChange, onOpenEditor }: RuleListProps) {
  const { announce } = useSession();
  const [opened, setOpened] = useState<string | null>(null);
  const [removed, setRemoved] = useState<{ readonly rule: RuleDraft; readonly at: number } | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const change = (next: readonly RuleDraft[]) => {
    setRemoved(null);
    onChange(next);
  };
  const add = (rule: RuleDraft, at: number) => {
    change(rules.toSpliced(at, 0, rule));
    setOpened(rule.formKey);
  };
  const move = (rule: RuleDraft, to: number) => {
    if (to < 0 || to >= rules.length) return;
    change(moved(rules, rule.formKey, to));
    announce(`${labelOf(rule, rules.indexOf(rule))} is now rule ${to + 1} of ${rules.length}`);
  };
  const remove = (rule: RuleDraft, at: number) => {
    onChange(rules.toSpliced(at, 1));
    setRemoved({ rule, at });
    announce(`${labelOf(rule, at)} removed`);
  };
  const hasError = (index: number) =>
    Object.keys(errors).some((path) => path.startsWith(`answers.rules.${index}.`) || path === `answers.rules.${index}`);
  return (
    <div className={styles['rules']}>
      {rules.length > 0 && (
        <ol aria-label="Rules">
          {rules.map((rule, index) => (
            <li
              key={rule.formKey}
              data-dragged={dragged === rule.formKey || undefined}
              data-off={!rule.isActive || undefined}
              onDragOver={(event) => {
                if (dragged === null) return;
                event.preventDefault();
                if (dragged !== rule.formKey) onChange(moved(rules, dragged, index));
              }}
            >
              <RuleRow
                rule={rule}
                index={index}
                isOpen={opened === rule.formKey || hasError(index)}
                onToggle={() => setOpened(opened === rule.formKey ? null : rule.formKey)}
                onSwitch={(isActive) => change(rules.with(index, { ...rule, isActive }))}
                onMove={(by) => move(rule, index + by)}
                onDrag={setDragged}
                onCopy={() => add(copyOf(rule, rules), index + 1)}
                onRemove={() => remove(rule, index)}
              />
              {(opened === rule.formKey || hasError(index)) && (
                <RuleFields
                  rule={rule}
                  index={index}
                  errors={errors}
                  counter={rule.id === null ? null : counters.of(rule.id)}
                  onReset={(value) => void counters.reset(rule.id, value)}
                  onChange={(part) => change(rules.with(index, { ...rule, ...part }))}
                  onOpenEditor={onOpenEditor === null ? null : () => onOpenEditor(rule.formKey)}
                />
              )}
            </li>
          ))}
        </ol>
      )}
      {removed !== null && (
        <p className={styles['removed']} role="status">
          {labelOf(removed.rule, removed.at)} was removed.
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              change(rules.toSpliced(removed.at, 0, removed.rule));
              announce(`${labelOf(removed.rule, removed.at)} is back`);
            }}
          >
            Undo
          </Button>
        </p>
      )}
      <Button
        className={styles['add'] ?? ''}
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        disabled={rules.length >= mostRules}
        onClick={() => add(newRule(rules), rules.length)}
      >
        Add a rule
      </Button>
    </div>
  );
}

/** As the contract allows. */
const mostRules = 50;

function labelOf({ name }: RuleDraft, index: number): string {
  return name.trim() === '' ? `Rule ${index + 1}` : name.trim();
}

interface RuleRowProps {
  readonly rule: RuleDraft;
  readonly index: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onSwitch: (isActive: boolean) => void;
  readonly onMove: (by: number) => void;
  readonly onDrag: (formKey: string | null) => void;
  readonly onCopy: () => void;
  readonly onRemove: () => void;
}

function RuleRow({ rule, index, isOpen, onToggle, onSwitch, onMove, onDrag, onCopy, onRemove }: RuleRowProps) {
  const label = labelOf(rule, index);
  const conditions = rule.conditions.split('\n').filter((line) => line.trim() !== '');
  const byKey = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    onMove(by);
  };
  return (
    <div className={styles['ruleRow']}>
      <button
        type="button"
        className={styles['grip']}
        draggable
        title="Drag, or press the up and down arrow keys"
        aria-label={`Move ${label}: press the up and down arrow keys`}
        onKeyDown={byKey}
        onDragStart={(event: DragEvent) => {
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/plain', label);
          onDrag(rule.formKey);
        }}
        onDragEnd={() => onDrag(null)}
      >
        <IconGripVertical size={14} aria-hidden />
      </button>
      <span className={styles['number']}>{index + 1}</span>
      <button type="button" className={styles['ruleTitle']} aria-expanded={isOpen} onClick={onToggle}>
        {isOpen ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
        <span className={styles['ruleWords']}>
          {rule.name.trim() !== '' && <b className="truncate">{rule.name}</b>}
          <span className="truncate">
            {conditions.length === 0 ? 'every request' : conditions.map((line) => line.trim()).join(' and ')}
          </span>
        </span>
        <code className="truncate">{ruleAnswer(rule)}</code>
      </button>
      <Switch size="xs" aria-label={`${label} is on`} checked={rule.isActive} onChange={(event) => onSwitch(event.currentTarget.checked)} />
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={`Copy ${label}`} onClick={onCopy}>
        <IconCopy size={14} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={`Delete ${label}`} onClick={onRemove}>
        <IconTrash size={14} />
      </ActionIcon>
    </div>
  );
}

function ruleAnswer(rule: RuleDraft): string {
  const delayMs = parseDurationMs(rule.delay) ?? 0;
  const plan = planText(rule.plan);
  return plan === '' ? `${rule.status}${delayMs === 0 ? '' : ` after ${durationText(delayMs)}`}` : plan;
}
