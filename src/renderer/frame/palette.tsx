import { Spotlight, spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import {
  IconKeyboard,
  IconMoon,
  IconPlus,
  IconRepeat,
  IconRocket,
  IconTimelineEvent,
  IconSearch,
  IconShieldLock,
  IconStethoscope,
  IconSun,
  IconTag,
  IconVariable,
  IconWebhook,
} from '@tabler/icons-react';
import type { Environment } from '#shared/contract/environments.ts';
import type { RouteTarget } from '../base/router.ts';
import { useCatalogue, useKeys, useSession, useSettings } from '../stores/session.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { uncheckedTls } from '../ui/tls-mark.tsx';
import { allAreas, type AreaEntry, type NamedArea } from './navigation.ts';

/** Switching to each environment that is not active, and to none. */
function environmentActions(environments: readonly Environment[], use: (id: string | null) => void): readonly SpotlightActionData[] {
  const others = environments.filter(({ isActive }) => !isActive);
  const none = environments.some(({ isActive }) => isActive) ? [{ id: null, label: 'Use no environment' }] : [];
  return [...others.map(({ id, name }) => ({ id, label: `Use the environment ${name}` })), ...none].map(({ id, label }) => ({
    id: `environment ${id ?? 'none'}`,
    label,
    onClick: () => use(id),
    leftSection: <IconVariable size={18} />,
  }));
}

function goTo(
  { area, label, hint, icon: AreaIcon, ...keyed }: NamedArea | AreaEntry,
  go: (target: RouteTarget) => () => void,
): SpotlightActionData {
  return {
    id: `go ${area}`,
    label,
    description: hint,
    onClick: go({ area }),
    leftSection: <AreaIcon size={18} stroke={1.8} />,
    ...('key' in keyed && { rightSection: <KeyHint keys={`g ${keyed.key}`} /> }),
  };
}

/** Goes anywhere and does the common things by name: areas, endpoints, event types, actions. Mod+K opens it. */
export function Palette({ onShowKeys }: { readonly onShowKeys: () => void }) {
  const { router, engine } = useSession();
  const settings = useSettings();
  const found = useCatalogue();
  useKeys({ 'mod+k': spotlight.open });
  const go = (target: RouteTarget) => () => router.go(target);

  const isDark = document.documentElement.dataset['mantineColorScheme'] === 'dark';
  const groups: SpotlightActionGroupData[] = [
    {
      group: 'Go to',
      actions: allAreas.map((entry) => goTo(entry, go)),
    },
    {
      group: 'Do',
      actions: [
        { id: 'new endpoint', label: 'New endpoint', onClick: go({ area: 'endpoints', id: 'new' }), leftSection: <IconPlus size={18} /> },
        { id: 'new event type', label: 'New event type', onClick: go({ area: 'events', id: 'new' }), leftSection: <IconPlus size={18} /> },
        {
          id: 'checks',
          label: 'Checks of receivers',
          description: 'What each check found, and what is fixed since',
          onClick: go({ area: 'endpoints', id: 'checks' }),
          leftSection: <IconStethoscope size={18} />,
        },
        {
          id: 'retry policies',
          label: 'Retry policies',
          description: 'Named schedules that endpoints refer to',
          onClick: go({ area: 'settings', id: 'policies' }),
          leftSection: <IconRepeat size={18} />,
        },
        {
          id: 'what if',
          label: 'What if',
          description: 'What an outage does under the rules of Stripe, Shopify, GitHub, Svix and your own',
          onClick: go({ area: 'settings', id: 'what-if' }),
          leftSection: <IconTimelineEvent size={18} />,
        },
        {
          id: 'authentications',
          label: 'Authentications',
          description: 'Signatures, tokens, keys and certificates that endpoints refer to',
          onClick: go({ area: 'settings', id: 'auths' }),
          leftSection: <IconShieldLock size={18} />,
        },
        {
          id: 'environments',
          label: 'Environments',
          description: 'Named sets of variables for URLs, headers and templates',
          onClick: go({ area: 'settings', id: 'environments' }),
          leftSection: <IconVariable size={18} />,
        },
        ...environmentActions(found.environments, (activeEnvironmentId) => void engine.update({ activeEnvironmentId })),
        {
          id: 'failed',
          label: 'Show failed deliveries',
          onClick: go({ area: 'deliveries', query: { f: 'status:failed' } }),
          leftSection: <IconSearch size={18} />,
        },
        {
          id: 'exhausted',
          label: 'Show exhausted deliveries',
          onClick: go({ area: 'deliveries', query: { f: 'status:exhausted' } }),
          leftSection: <IconSearch size={18} />,
        },
        {
          id: 'time',
          label: settings?.timeScale === 1 ? 'Run retries at 3600x' : 'Run retries in real time',
          onClick: () => void engine.update({ timeScale: settings?.timeScale === 1 ? 3600 : 1 }),
          leftSection: <IconRocket size={18} />,
        },
        {
          id: 'theme',
          label: isDark ? 'Use the light theme' : 'Use the dark theme',
          onClick: () => void engine.update({ theme: isDark ? 'light' : 'dark' }),
          leftSection: isDark ? <IconSun size={18} /> : <IconMoon size={18} />,
        },
        {
          id: 'keys',
          label: 'Show all keys',
          onClick: onShowKeys,
          leftSection: <IconKeyboard size={18} />,
          rightSection: <KeyHint keys="?" />,
        },
      ],
    },
    {
      group: 'Endpoints',
      actions: found.endpoints.map((endpoint): SpotlightActionData => ({
        id: endpoint.id,
        label: endpoint.name,
        description: [endpoint.url, ...(endpoint.isActive ? [] : ['disabled']), ...(endpoint.verifyTls ? [] : [uncheckedTls])].join(', '),
        onClick: go({ area: 'endpoints', id: endpoint.id }),
        leftSection: <IconWebhook size={18} stroke={1.8} />,
      })),
    },
    {
      group: 'Event types',
      actions: found.eventTypes.map((eventType): SpotlightActionData => ({
        id: `event ${eventType.name}`,
        label: eventType.name,
        description: eventType.description,
        onClick: go({ area: 'events', id: eventType.name }),
        leftSection: <IconTag size={18} stroke={1.8} />,
      })),
    },
  ];

  return (
    <Spotlight
      actions={groups}
      shortcut={null}
      attributes={{ content: { 'aria-label': 'Palette' } }}
      nothingFound="Nothing has this name."
      highlightQuery
      scrollable
      centered={false}
      yOffset={96}
      maxHeight={420}
      limit={40}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: 'Go to, or do',
        'aria-label': 'Search areas, endpoints, event types and actions',
      }}
    />
  );
}
