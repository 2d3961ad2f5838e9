import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { toProblem } from '../problem.ts';

const shownMs = 30_000;

/** Says what was deleted, with the way back; `undo` brings it back, and its failure is said in the same place. */
export function showUndo(sentence: string, undo: () => Promise<void>): void {
  const id = notifications.show({
    autoClose: shownMs,
    message: (
      <span style={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 12, color: 'var(--hy-text)' }}>
        {sentence}
        <Button size="compact-xs" variant="default" onClick={() => void bringBack()}>
          Undo
        </Button>
      </span>
    ),
  });
  const bringBack = async () => {
    try {
      await undo();
      notifications.hide(id);
    } catch (error) {
      const { message } = toProblem(error);
      notifications.update({ id, color: 'red', autoClose: shownMs, message: <span style={{ color: 'var(--hy-text)' }}>{message}</span> });
    }
  };
}
