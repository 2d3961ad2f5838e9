import { Select } from '@mantine/core';
import { useCallback, useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Settings } from '#shared/contract/system.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useClient } from '../../stores/session.tsx';
import type { EngineStore } from '../../stores/engine-store.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { settingFields } from './setting-fields.ts';
import { SettingsFormContext } from './setting-field.tsx';
import styles from './opening.module.css';

interface OpeningControlProps {
  readonly settings: Settings;
  readonly engine: EngineStore;
}

/** Stands for null, which no choice can have. */
const closed = 'closed';

/** Where bins receive from other machines; acts at once. */
export function OpeningControl({ settings: { openAddress, allowedSenders }, engine }: OpeningControlProps) {
  const client = useClient();
  const openAddresses = useStore(engine, ({ health }) => health?.openAddresses ?? []);
  const [found, setFound] = useState<readonly { readonly value: string; readonly label: string }[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useContext(SettingsFormContext);
  const isUnsaved = form !== null && form.texts.allowedSenders !== settingFields.allowedSenders.format(allowedSenders);
  const [isHeld, setHeld] = useState(false);
  const mustSave = isUnsaved || allowedSenders.length === 0;
  const look = useCallback(async () => {
    try {
      const { items } = await client.system.addresses();
      setFound(items.map(({ address, interfaceName }) => ({ value: address, label: `${address} (${interfaceName})` })));
    } catch (error) {
      setProblem(toProblem(error));
    }
  }, [client]);
  useEffect(() => void look(), [look]);
  const choose = async (value: string) => {
    const isOpening = value !== closed;
    setHeld(isOpening && mustSave);
    setProblem(null);
    if (isOpening && mustSave) return;
    setProblem(await engine.update({ openAddress: isOpening ? value : null }));
    await engine.load();
  };
  const choices = [{ value: closed, label: 'This machine only' }, { value: 'all', label: 'All addresses of this machine' }, ...found];
  const isGone = openAddress !== null && !choices.some(({ value }) => value === openAddress);
  return (
    <div className={styles['opening']}>
      <Select
        className={styles['choice'] ?? ''}
        aria-label="Bins receive at"
        allowDeselect={false}
        data={isGone ? [...choices, { value: openAddress, label: openAddress }] : choices}
        value={openAddress ?? closed}
        error={isHeld && mustSave && 'Save the allowed senders first.'}
        onDropdownOpen={() => void look()}
        onChange={(value) => value !== null && void choose(value)}
      />
      <ErrorNotice problem={problem} />
      {openAddresses.map(({ address, url, httpsUrl, problem: closedBy }) => (
        <div key={address} className={styles['address']}>
          {[url, httpsUrl].map(
            (each) =>
              each !== null && (
                <span key={each} className={styles['url']}>
                  <code>{each}</code>
                  <CopyButton label={`Copy ${each}`} text={each} />
                </span>
              ),
          )}
          {closedBy !== null && <span className={styles['problem']}>{closedBy}</span>}
        </div>
      ))}
    </div>
  );
}
