import { Modal } from '@mantine/core';
import { KeyHint } from '../ui/key-hint.tsx';
import { areaEntries } from './navigation.ts';
import styles from './frame.module.css';

const others: readonly (readonly [keys: string, does: string])[] = [
  ['mod+k', 'Open the palette'],
  ['j', 'Next row'],
  ['k', 'Previous row'],
  ['Enter', 'Open the row'],
  ['/', 'Search this area'],
  ['Escape', 'Close, or back to the list'],
  ['mod+s', 'Save'],
  ['mod+Enter', 'Send or save'],
  ['r', 'Redeliver, replay a capture or those that are picked, or run the check or test again'],
  ['n', 'Jump to next attempt, or start a check'],
  ['p', 'Replay what matches, or paste a request to compare with'],
  ['b', 'Group what failed, or back to the log'],
  ['c', 'Copy as curl'],
  ['s', 'Save a capture as something else, or as a test what is picked or found; stop tests'],
  ['x', 'Pick a capture'],
  ['a', 'Pick all captures that match, or run all tests'],
  ['u', 'Read the files of tests again'],
  ['f', 'Pause or resume the list of captures'],
  ['d', 'Compare the attempt with the one before it'],
  ['=', 'Compare the attempt or capture, or the two captures that are picked'],
  ['w', 'Swap the sides of a comparison'],
  ['t', 'Compare a capture with what was sent'],
  ['ArrowLeft ArrowRight', 'What if: move the outage or an end of it, or follow another event'],
  ['?', 'This sheet'],
];

/** All keys on one sheet. */
export function KeySheet({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const entries = [...areaEntries.map(({ key, label }) => [`g ${key}`, `Go to ${label}`] as const), ...others];
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keys" size={600} closeButtonProps={{ 'aria-label': 'Close' }}>
      <dl className={styles['sheet']}>
        {entries.map(([keys, does]) => (
          <div key={keys}>
            <dt>{does}</dt>
            <dd>
              <KeyHint keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
