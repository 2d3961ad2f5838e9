import { Tooltip } from '@mantine/core';
import { IconFolder } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Health } from '#shared/contract/system.ts';
import type { ConnectionState } from '../base/client.ts';
import { useSession } from '../stores/session.tsx';
import { countText } from '../base/size-format.ts';
import type { Meaning } from '../ui/meaning.ts';
import styles from './rail.module.css';

/** The workspace: the last part of its data folder, the whole of it on hover. */
export function WorkspaceMark({ isWide }: { readonly isWide: boolean }) {
  const dataDir = useStore(useSession().engine, (state) => state.health?.dataDir ?? null);
  if (dataDir === null) return null;
  const name = dataDir.split(/[\\/]/).filter(Boolean).at(-1) ?? dataDir;
  return (
    <Tooltip label={`Workspace: ${dataDir}`} position="right">
      <span className={styles['mark']} tabIndex={0} aria-label={`Workspace ${name}`} role="note">
        <IconFolder size={16} stroke={1.8} aria-hidden />
        {isWide && <span className="truncate">{name}</span>}
      </span>
    </Tooltip>
  );
}

/** State of the engine, in a word, with the reason on hover. */
export function EngineMark({ isWide }: { readonly isWide: boolean }) {
  const { engine, connection } = useSession();
  const health = useStore(engine, (state) => state.health);
  const state = useStore(connection.state);
  const { word, meaning, detail } = engineWord(state, health);
  return (
    <Tooltip label={detail} position="right">
      <span className={styles['mark']} tabIndex={0} role="status" aria-label={`Engine: ${word}`}>
        <span className={styles['dot']} data-meaning={meaning} aria-hidden />
        {isWide && <span className="truncate">{word}</span>}
      </span>
    </Tooltip>
  );
}

/** What to say of connection and engine together. */
function engineWord(
  state: ConnectionState,
  health: Health | null,
): { readonly word: string; readonly meaning: Meaning; readonly detail: string } {
  if (state.kind === 'connecting') return { word: 'connecting', meaning: 'waiting', detail: 'Connecting to the engine.' };
  if (state.kind === 'reconnecting')
    return { word: 'reconnecting', meaning: 'trouble', detail: 'The connection to the engine broke; trying again.' };
  if (health === null) return { word: 'connected', meaning: 'waiting', detail: 'Connected; reading the state of the engine.' };
  if (health.status === 'degraded')
    return { word: 'degraded', meaning: 'trouble', detail: health.problem ?? 'A part of the engine does not work.' };
  if (health.inFlightAttempts > 0)
    return { word: 'sending', meaning: 'good', detail: `${countText(health.inFlightAttempts, 'attempt', 'attempts')} under way.` };
  return {
    word: 'ready',
    meaning: 'good',
    detail: health.captureUrl === null ? 'The engine is ready.' : `The engine is ready; captures at ${health.captureUrl}`,
  };
}
