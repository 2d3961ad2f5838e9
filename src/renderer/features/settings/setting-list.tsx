import { SegmentedControl } from '@mantine/core';
import type { Health, Settings } from '#shared/contract/system.ts';
import type { EngineStore } from '../../stores/engine-store.ts';
import { ActionSwitch } from '../../ui/action-switch.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { SettingEntry, SettingGroup } from './setting-search.ts';
import { settingFields } from './setting-fields.ts';
import { SettingField } from './setting-field.tsx';
import { HttpsSwitch, LocalAuthorityControl } from './https-controls.tsx';
import { OpeningControl } from './opening-control.tsx';
import { ProxyControl, ProxyPassword } from './proxy-controls.tsx';
import { StoredNow } from './stored-now.tsx';
import styles from './settings.module.css';

/** All settings in their groups. */
export function settingGroups(settings: Settings, health: Health | null, engine: EngineStore): readonly SettingGroup[] {
  return [
    { title: 'Retries', entries: retryEntries() },
    { title: 'Limits', entries: limitEntries() },
    { title: 'Kept in the log', entries: keepEntries() },
    { title: 'Network', entries: networkEntries(settings, engine) },
    { title: 'HTTPS', entries: httpsEntries(settings, engine) },
    { title: 'Other machines', entries: openingEntries(settings, engine) },
    { title: 'Appearance', entries: appearanceEntries(settings, engine) },
    { title: 'About', entries: health === null ? [] : aboutEntries(health) },
  ];
}

function retryEntries(): readonly SettingEntry[] {
  return [
    {
      title: settingFields.timeScale.label,
      effect:
        'How many times faster than real the retry schedule runs, from 1 to 3600: at 60, a retry due in an hour comes in a minute. Timeouts are not scaled.',
      control: <SettingField name="timeScale" />,
    },
    {
      title: settingFields.maxConcurrency.label,
      effect:
        'How many attempts may be under way over all endpoints. Half of them are kept for endpoints with few under way, so that slow receivers do not hold up the others.',
      control: <SettingField name="maxConcurrency" />,
    },
    {
      title: settingFields.maxConcurrencyPerEndpoint.label,
      effect: 'Keeps one slow receiver from taking all the slots. At 1, an endpoint gets its deliveries one after the other.',
      control: <SettingField name="maxConcurrencyPerEndpoint" />,
    },
  ];
}

function limitEntries(): readonly SettingEntry[] {
  return [
    {
      title: settingFields.bodyLimitBytes.label,
      effect: 'Messages and captures with a larger body are refused with 413, and the refusal states this limit. From 1 KiB to 256 MiB.',
      control: <SettingField name="bodyLimitBytes" />,
    },
    {
      title: settingFields.responseBodyKeptBytes.label,
      effect: 'How much of each answer is stored with its attempt. The true size is always recorded. From 0 to 64 MiB.',
      control: <SettingField name="responseBodyKeptBytes" />,
    },
  ];
}

function keepEntries(): readonly SettingEntry[] {
  const never = 'What is pending, under way or needed by a replay is never removed.';
  return [
    {
      title: settingFields.keepDays.label,
      effect: `How long a message and its deliveries are kept after their last change, and a capture after it was received. ${never}`,
      control: <SettingField name="keepDays" />,
    },
    {
      title: settingFields.keepDeliveries.label,
      effect: 'How many deliveries the log has at most; the oldest go first, with their messages and attempts.',
      control: <SettingField name="keepDeliveries" />,
    },
    {
      title: settingFields.keepCaptures.label,
      effect: 'How many captures there are at most over all bins; the oldest go first.',
      control: <SettingField name="keepCaptures" />,
    },
    {
      title: settingFields.keepCaptureBytes.label,
      effect:
        'The oldest captures go until those left, bodies and headers, take up no more than this together. Anyone who reaches the capture port fills this, so think before you raise it. From 1 MiB.',
      control: <SettingField name="keepCaptureBytes" />,
    },
    {
      title: settingFields.keepBytes.label,
      effect: 'The oldest messages and captures go until the data file is no larger than this. From 1 MiB.',
      control: <SettingField name="keepBytes" />,
    },
    { title: 'Stored now', effect: 'What is in the data file, and what the limits above would take out.', control: <StoredNow /> },
  ];
}

function networkEntries(settings: Settings, engine: EngineStore): readonly SettingEntry[] {
  const ofOwn = settings.proxy === 'own' ? '' : ' Kept, and not in use now: choose The proxy below under Proxy.';
  const ofAny = settings.proxy === 'none' ? ' Not in use now, since nothing goes through a proxy.' : '';
  return [
    {
      title: 'Proxy',
      effect:
        'What deliveries, fetches of access tokens and handshakes go through. The environment variables are HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.',
      control: <ProxyControl settings={settings} engine={engine} />,
    },
    {
      title: settingFields.proxyUrl.label,
      effect: `An HTTP, HTTPS or SOCKS5 proxy. It is asked for a tunnel, also to plain HTTP, so what arrives is the same as without it.${ofOwn}`,
      control: <SettingField name="proxyUrl" />,
    },
    {
      title: settingFields.proxyUser.label,
      effect: `Leave it empty for a proxy that asks for none.${ofOwn}`,
      control: <SettingField name="proxyUser" />,
    },
    {
      title: 'Password of the proxy',
      effect: `It is kept encrypted and never shown again.${ofOwn}`,
      control: <ProxyPassword hasPassword={settings.hasProxyPassword} engine={engine} />,
    },
    {
      title: settingFields.noProxy.label,
      effect: `Targets that are reached straight: example.com stands for it and all below it, 10.0.0.0/8 for a network, db.internal:8080 for one port, * for all.${ofAny}`,
      control: <SettingField name="noProxy" />,
    },
    {
      title: 'This machine without the proxy',
      effect: `Receivers at localhost, 127.0.0.1 and ::1 are reached straight.${ofAny}`,
      control: (
        <ActionSwitch
          label="This machine without the proxy"
          isLabelHidden
          checked={settings.bypassLoopback}
          onChange={async (bypassLoopback) => {
            await engine.update({ bypassLoopback });
          }}
        />
      ),
    },
  ];
}

function httpsEntries(settings: Settings, engine: EngineStore): readonly SettingEntry[] {
  return [
    {
      title: 'HTTPS for bins',
      effect:
        'Bins receive by HTTPS too, at a port of its own on this machine, with HTTP/2 for senders that offer it. The port stays the same from run to run unless another program has taken it.',
      control: <HttpsSwitch settings={settings} engine={engine} />,
    },
    ...(settings.isHttpsOn
      ? [
          {
            title: 'Local authority',
            effect:
              'Signs the certificates of the bins, for this machine only. Senders have to trust it. Its key is kept encrypted and never leaves the workspace.',
            control: <LocalAuthorityControl />,
          },
        ]
      : []),
  ];
}

function openingEntries(settings: Settings, engine: EngineStore): readonly SettingEntry[] {
  return [
    {
      title: settingFields.allowedSenders.label,
      effect:
        'The addresses and networks that may send to bins from other machines, such as 192.168.1.20, 192.168.1.0/24. Everybody else gets 404 and is listed among the refused requests.',
      control: <SettingField name="allowedSenders" />,
    },
    {
      title: 'Bins receive at',
      effect:
        'Bins receive from this machine only, unless you open them at other addresses of it. The window and the API stay on this machine.',
      control: <OpeningControl settings={settings} engine={engine} />,
    },
  ];
}

function appearanceEntries(settings: Settings, engine: EngineStore): readonly SettingEntry[] {
  return [
    {
      title: 'Theme',
      effect: 'System follows the setting of this computer and changes with it.',
      control: (
        <SegmentedControl
          size="xs"
          aria-label="Theme"
          value={settings.theme}
          data={[
            { value: 'system', label: 'System' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          onChange={(theme) => void engine.update({ theme })}
        />
      ),
    },
    {
      title: 'Times in UTC',
      effect: 'Exact times and the axis of the histogram are shown in UTC instead of the zone of this computer.',
      control: (
        <ActionSwitch
          label="Times in UTC"
          isLabelHidden
          checked={settings.isUtc}
          onChange={async (isUtc) => {
            await engine.update({ isUtc });
          }}
        />
      ),
    },
  ];
}

function aboutEntries(health: Health): readonly SettingEntry[] {
  const fact = (text: string, label: string) => (
    <span className={styles['fact']}>
      <code>{text}</code>
      <CopyButton label={`Copy ${label}`} text={text} />
    </span>
  );
  return [
    {
      title: 'Version',
      effect: health.host === 'electron' ? 'Runs as a desktop app.' : 'Runs as a server, with this window in a browser.',
      control: fact(health.version, 'version'),
    },
    {
      title: 'Data folder',
      effect: 'The whole workspace is in this folder; copy the folder to move or back up the workspace.',
      control: fact(health.dataDir, 'data folder'),
    },
    {
      title: 'Capture URL',
      effect: 'Bins receive under this address, each at its own path.',
      control:
        health.captureUrl === null ? (
          <span className={styles['none']}>{health.problem ?? 'The capture listener is off.'}</span>
        ) : (
          fact(health.captureUrl, 'capture URL')
        ),
    },
    ...(health.httpsUrl === null
      ? []
      : [{ title: 'HTTPS URL', effect: 'The same by HTTPS.', control: fact(health.httpsUrl, 'HTTPS URL') }]),
    { title: 'Running since', effect: 'When this engine was started.', control: <TimeText atMs={health.startedAtMs} /> },
  ];
}
