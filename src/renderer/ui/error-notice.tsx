import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Issue, Problem } from '../problem.ts';
import styles from './error-notice.module.css';

interface ErrorNoticeProps {
  readonly problem: Problem | null;
  /** Offers to try again; what was typed is not touched. */
  readonly onRetry?: (() => void) | undefined;
  /** Issues that no field shows; without it all issues are taken to stand at their fields. */
  readonly rest?: readonly Issue[];
}

/** A failure where it arose: what is wrong and what to do, and the way to try again. Nothing at all without a problem. */
export function ErrorNotice({ problem, onRetry, rest }: ErrorNoticeProps) {
  if (problem === null) return null;
  const atFields = problem.issues.length - (rest ?? []).length;
  const sentence = problem.issues.length === 0 ? problem.message : atFields > 0 ? fieldSentence(atFields) : null;
  return (
    <div className={styles['notice']} role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <div className={styles['text']}>
        {sentence !== null && <p>{sentence}</p>}
        {(rest ?? []).map((issue) => (
          <p key={`${issue.path} ${issue.message}`}>{issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`}</p>
        ))}
      </div>
      {onRetry !== undefined && (
        <Button size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

function fieldSentence(count: number): string {
  return count === 1 ? 'One field needs a change; it is marked below.' : `${count} fields need a change; they are marked below.`;
}
