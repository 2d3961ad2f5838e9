import { Button, PasswordInput, Select } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '#shared/contract/system.ts';
import type { EngineStore } from '../../stores/engine-store.ts';
import styles from './settings.module.css';

const choices = [
  { value: 'none', label: 'No proxy' },
  { value: 'own', label: 'The proxy below' },
  { value: 'environment-variables', label: 'Environment variables' },
] as const;

interface ProxyControlProps {
  readonly settings: Settings;
  readonly engine: EngineStore;
}

/** What requests go through; acts at once. */
export function ProxyControl({ settings, engine }: ProxyControlProps) {
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <Select
      className={styles['longField'] ?? ''}
      aria-label="Proxy"
      allowDeselect={false}
      data={[...choices]}
      value={settings.proxy}
      error={problem}
      onChange={(text) => {
        const proxy = choices.find(({ value }) => value === text)?.value;
        if (proxy === 'own' && settings.proxyUrl === null) return setProblem('Save the address of the proxy first.');
        setProblem(null);
        if (proxy !== undefined) void engine.update({ proxy }).then((failed) => setProblem(failed?.message ?? null));
      }}
    />
  );
}

interface ProxyPasswordProps {
  readonly hasPassword: boolean;
  readonly engine: EngineStore;
}

/** The password of the proxy, which is written and never read. */
export function ProxyPassword({ hasPassword, engine }: ProxyPasswordProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (proxyPassword: string | null) => {
    const failed = await engine.update({ proxyPassword });
    setProblem(failed?.message ?? null);
    if (failed === null) setText('');
  };
  return (
    <div className={styles['password']}>
      <PasswordInput
        className={styles['longField'] ?? ''}
        aria-label="Password of the proxy"
        autoComplete="off"
        placeholder={hasPassword ? 'kept' : 'none'}
        value={text}
        error={problem}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setProblem(null);
        }}
      />
      <Button size="xs" variant="default" disabled={text === ''} onClick={() => void save(text)}>
        Set password
      </Button>
      {hasPassword && (
        <Button size="xs" variant="subtle" onClick={() => void save(null)}>
          Remove
        </Button>
      )}
    </div>
  );
}
