import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Issue, Problem } from '../base/problem.ts';
import { useSession } from '../stores/session.tsx';
import styles from './error-notice.module.css';

interface ErrorNoticeProps {
  readonly problem: Problem | null;
  /** Offers to try again; what was typed is not touched. */
  readonly onRetry?: (() => void) | undefined;
  /** In a form: the issues that stand at no field. The others are then only counted here, since each stands at its own. */
  readonly rest?: readonly Issue[];
}

/** A failure where it arose: what is wrong and what to do, and the way to try again. Nothing at all without a problem. */
export function ErrorNotice({ problem, onRetry, rest }: ErrorNoticeProps) {
  const { kind } = useStore(useSession().connection.state);
  // The message that a change was not made is outdated once it can be made.
  if (problem === null || (problem.code === 'NOT_CONNECTED' && kind === 'open')) return null;
  const atFields = rest === undefined ? 0 : problem.issues.length - rest.length;
  const others = rest ?? [];
  // A problem at a single field is shown there, where the focus is; showing it here too would repeat it.
  if (atFields === 1 && others.length === 0) return null;
  const sentence = atFields > 0 ? fieldSentence(atFields) : others.length === 0 ? problem.message : null;
  return (
    <div className={styles['notice']} role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <div className={styles['text']}>
        {sentence !== null && <p>{sentence}</p>}
        {others.map((issue) => (
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
