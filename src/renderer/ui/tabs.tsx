import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import styles from './tabs.module.css';

/** One tab: `note` is a small count or mark beside its label. */
export interface Tab<Name extends string> {
  readonly name: Name;
  readonly label: string;
  readonly note?: string | undefined;
}

interface TabsProps<Name extends string> {
  /** What the tabs choose between, for assistive technology. */
  readonly label: string;
  readonly tabs: readonly Tab<Name>[];
  readonly value: Name;
  readonly onChange: (name: Name) => void;
  /** Panel of the chosen tab. */
  readonly children: ReactNode;
  /** At the right end of the row of tabs. */
  readonly aside?: ReactNode;
}

/** A row of tabs over one panel; arrow keys move between tabs, as the pattern of WAI-ARIA has it. */
export function Tabs<Name extends string>({ label, tabs, value, onChange, children, aside }: TabsProps<Name>) {
  const prefix = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.name === value);
    const target = { ArrowRight: (at + 1) % tabs.length, ArrowLeft: (at - 1 + tabs.length) % tabs.length, Home: 0, End: tabs.length - 1 }[
      event.key
    ];
    const tab = target === undefined ? undefined : tabs[target];
    if (tab === undefined) return;
    event.preventDefault();
    onChange(tab.name);
    list.current?.querySelector<HTMLElement>(`[data-tab="${tab.name}"]`)?.focus();
  };
  return (
    <div className={styles['tabs']}>
      <div className={styles['bar']}>
        <div ref={list} className={styles['list']} role="tablist" aria-label={label}>
          {tabs.map((tab) => (
            <button
              key={tab.name}
              type="button"
              role="tab"
              data-tab={tab.name}
              id={`${prefix}-${tab.name}`}
              aria-selected={tab.name === value}
              aria-controls={`${prefix}-panel`}
              tabIndex={tab.name === value ? 0 : -1}
              className={styles['tab']}
              onClick={() => onChange(tab.name)}
              onKeyDown={onKeyDown}
            >
              <span className={styles['label']} data-label={tab.label}>
                {tab.label}
              </span>
              {tab.note !== undefined && <span className={styles['note']}>{tab.note}</span>}
            </button>
          ))}
        </div>
        {aside}
      </div>
      <div id={`${prefix}-panel`} className={styles['panel']} role="tabpanel" aria-labelledby={`${prefix}-${value}`}>
        {children}
      </div>
    </div>
  );
}
