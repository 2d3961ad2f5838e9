import { stopAnswerText } from '#shared/stop-answers.ts';
import type { StopAnswer } from '#shared/contract/stop-answers.ts';

/** An answer that stops while it is edited; empty text stands for none. */
export interface StopAnswerRow {
  readonly statuses: string;
  readonly header: string;
  readonly value: string;
  readonly action: StopAnswer['action'];
}

/** Such answers as rows. */
export function stopAnswerRows(answers: readonly StopAnswer[]): readonly StopAnswerRow[] {
  return answers.map(({ statuses, header, value, action }) => ({
    statuses: statuses ?? '',
    header: header ?? '',
    value: value ?? '',
    action,
  }));
}

/** Rows as the contract has them; those without anything in them are left out. */
export function stopAnswersOf(rows: readonly StopAnswerRow[]): StopAnswer[] {
  const textOrNull = (text: string) => (text.trim() === '' ? null : text.trim());
  return rows
    .map(({ statuses, header, value, action }) => ({
      statuses: textOrNull(statuses),
      header: textOrNull(header),
      value: textOrNull(value),
      action,
    }))
    .filter(({ statuses, header, value }) => statuses !== null || header !== null || value !== null);
}

/** Rows in words, one on each line. */
export function stopAnswerRowsText(rows: readonly StopAnswerRow[]): string {
  const answers = stopAnswersOf(rows);
  return answers.length === 0 ? 'none' : answers.map(stopAnswerText).join('\n');
}
