import { Button, Menu } from '@mantine/core';
import { IconArrowsDiff, IconHistory, IconSearch } from '@tabler/icons-react';
import type { Attempt, DeliveryDetail } from '#shared/contract/deliveries.ts';
import { useKeys, useSession } from '../../stores/session.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { compareRoute } from '../comparing/compare-route.ts';

interface CompareAttemptProps {
  readonly delivery: DeliveryDetail;
  /** The attempt that is looked at. */
  readonly shown: Attempt;
}

/** Compares the attempt that is looked at: with the one before it, or with anything else. */
export function CompareAttempt({ delivery: { attempts }, shown }: CompareAttemptProps) {
  const { router } = useSession();
  const isOver = shown.endedAtMs !== null;
  const previous = attempts[attempts.findIndex(({ id }) => id === shown.id) - 1];
  const withPrevious = previous === undefined ? undefined : () => router.go(compareRoute(previous.id, shown.id));
  const withOther = () => router.go(compareRoute(shown.id));
  useKeys(isOver ? { '=': withOther, ...(withPrevious === undefined ? {} : { d: withPrevious }) } : {});
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowsDiff size={14} />}
          disabled={!isOver}
          title={isOver ? undefined : 'The attempt is still under way'}
        >
          Compare
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconHistory size={14} />}
          rightSection={<KeyHint keys="d" />}
          disabled={withPrevious === undefined}
          onClick={withPrevious}
        >
          {previous === undefined ? 'With the previous attempt: there is none' : `With attempt ${previous.number}, the previous one`}
        </Menu.Item>
        <Menu.Item leftSection={<IconSearch size={14} />} rightSection={<KeyHint keys="=" />} onClick={withOther}>
          With something else…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
