import type { Settings } from '#shared/contract/system.ts';
import type { FormWords } from '../../base/form-words.ts';
import { bytesText, parseBytes } from '../../base/size-format.ts';
import type { SettingsPatch } from '../../stores/engine-store.ts';
import { countOrNone, daysText, parseCount, parseDays, parseSizeLimit, sizeOrNone } from './limit-text.ts';

/** Settings that are typed as text and saved together; the others act at once. */
export type TextSetting = Exclude<
  keyof Settings,
  'theme' | 'isUtc' | 'isHttpsOn' | 'openAddress' | 'proxy' | 'hasProxyPassword' | 'bypassLoopback' | 'activeEnvironmentId'
>;

/** How the settings stand in their fields. */
export type SettingTexts = Readonly<Record<TextSetting, string>>;

interface TextField<Value> {
  readonly label: string;
  readonly format: (value: Value) => string;
  /** Reads what was typed; undefined when it cannot be read. */
  readonly parse: (text: string) => Value | undefined;
  /** What to type, with its limits: said when it cannot be read or is refused. */
  readonly hint: string;
  /** Whether it holds a text of some length, such as an address. */
  readonly isLong?: true;
}

const parseWhole = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text.trim()) : undefined);
const parseScale = (text: string) => (/^\d+(\.\d+)?\s*x?$/i.test(text.trim()) ? Number.parseFloat(text) : undefined);
const parseSize = (text: string) => parseBytes(text) ?? undefined;

/** The fields, in the order of the form. */
export const settingFields: { readonly [Name in TextSetting]: TextField<Settings[Name]> } = {
  timeScale: {
    label: 'Time scale',
    format: (value) => `${value}x`,
    parse: parseScale,
    hint: 'Write a factor from 1 to 3600, such as 60x.',
  },
  maxConcurrency: { label: 'Attempts at once', format: String, parse: parseWhole, hint: 'Write a whole number from 1 to 4096.' },
  maxConcurrencyPerEndpoint: {
    label: 'Attempts at once to one endpoint',
    format: String,
    parse: parseWhole,
    hint: 'Write a whole number from 1 to 512.',
  },
  bodyLimitBytes: { label: 'Largest body', format: bytesText, parse: parseSize, hint: 'Write a size from 1 KiB to 256 MiB.' },
  responseBodyKeptBytes: {
    label: 'Kept of a response body',
    format: bytesText,
    parse: parseSize,
    hint: 'Write a size from 0 to 64 MiB.',
  },
  keepDays: { label: 'Kept for', format: daysText, parse: parseDays, hint: 'Write a number of days from 1 to 36500, or no limit.' },
  keepDeliveries: { label: 'Deliveries kept', format: countOrNone, parse: parseCount, hint: 'Write a whole number, or no limit.' },
  keepCaptures: { label: 'Captures kept', format: countOrNone, parse: parseCount, hint: 'Write a whole number, or no limit.' },
  keepCaptureBytes: {
    label: 'Size of captures',
    format: sizeOrNone,
    parse: parseSizeLimit,
    hint: 'Write a size of 1 MiB or more, or no limit.',
  },
  keepBytes: {
    label: 'Size of the data file',
    format: sizeOrNone,
    parse: parseSizeLimit,
    hint: 'Write a size of 1 MiB or more, or no limit.',
  },
  proxyUrl: {
    label: 'Address of the proxy',
    format: (value) => value ?? '',
    parse: (text) => text.trim() || null,
    hint: 'Write it as http://proxy.example:3128, https://… or socks5://…, without user and password.',
    isLong: true,
  },
  proxyUser: {
    label: 'User of the proxy',
    format: (value) => value ?? '',
    parse: (text) => text.trim() || null,
    hint: 'Write one line of at most 255 bytes, or nothing.',
    isLong: true,
  },
  allowedSenders: {
    label: 'Allowed senders',
    format: (value) => value.join(', '),
    parse: (text) => text.split(/[\s,]+/).filter((entry) => entry !== ''),
    hint: 'Write addresses or networks with commas between them, such as 192.168.1.20, 192.168.1.0/24. While bins are open to other machines, name at least one.',
    isLong: true,
  },
  noProxy: {
    label: 'Without the proxy',
    format: (value) => value.join(', '),
    parse: (text) => text.split(/[\s,]+/).filter((entry) => entry !== ''),
    hint: 'Write names, addresses or networks with commas between them, such as example.com, 10.0.0.0/8.',
    isLong: true,
  },
};

/** The names of the fields, in the order of the form. */
export const settingNames = Object.keys(settingFields) as readonly TextSetting[];

/** What the fields are called. */
export const settingWords: FormWords = settingNames.map((name) => ({ name, label: settingFields[name].label }));

/** The settings as they stand in their fields. */
export function textsOf(settings: Settings): SettingTexts {
  return Object.fromEntries(settingNames.map((name) => [name, textOf(name, settings)])) as SettingTexts;
}

function textOf<Name extends TextSetting>(name: Name, settings: Settings): string {
  const { format } = settingFields[name];
  return format(settings[name]);
}

/** Reads the edited fields, or says what to type in those that cannot be read. */
export function readSettings(
  texts: SettingTexts,
  edited: readonly TextSetting[],
): { readonly value: SettingsPatch } | { readonly issues: Readonly<Record<string, string>> } {
  const read = edited.map((name) => [name, settingFields[name].parse(texts[name])] as const);
  const issues = read.filter(([, value]) => value === undefined).map(([name]) => [name, settingFields[name].hint] as const);
  return issues.length > 0 ? { issues: Object.fromEntries(issues) } : { value: Object.fromEntries(read) };
}
