import { Switch } from '@mantine/core';
import { useState } from 'react';

interface ActionSwitchProps {
  readonly label: string;
  /** Shows the label only to assistive technology, where it stands beside the switch already. */
  readonly isLabelHidden?: boolean;
  /** As the engine has it. */
  readonly checked: boolean;
  /** Does it; the switch goes back if the engine refuses. */
  readonly onChange: (checked: boolean) => Promise<void>;
}

/** A switch that acts at once: it moves immediately, and then shows the state in the engine. */
export function ActionSwitch({ label, isLabelHidden = false, checked, onChange }: ActionSwitchProps) {
  const [wanted, setWanted] = useState<boolean | null>(null);
  const change = async (value: boolean) => {
    setWanted(value);
    await onChange(value);
    setWanted(null);
  };
  return (
    <Switch
      size="sm"
      checked={wanted ?? checked}
      onChange={(event) => void change(event.currentTarget.checked)}
      {...(isLabelHidden ? { 'aria-label': label } : { label })}
    />
  );
}
