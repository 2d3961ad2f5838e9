import { hasOutputs } from '#shared/contract/template-outputs.ts';
import { cutMiddle } from '#shared/text/cut-middle.ts';
import { Refusal } from '../base/refusal.ts';
import { isInClear } from '../http/in-clear.ts';
import { variablesOfText } from '../templates/text-variables.ts';
import { renderUrl } from '../templates/url-template.ts';
import { noVariables, type Variables } from '../templates/variables.ts';
import type { Fields, ReadEntry } from './read-project.ts';
import { isSecret } from './secrets.ts';
import { sameName } from './thing-key.ts';

/** An environment, as far as URLs depend on it. */
export interface UrlEnvironment {
  readonly name: string;
  readonly plain: Readonly<Record<string, string>>;
  /** What stands for the values of its secret variables: a reference of the project, or the fingerprint of what the workspace has. */
  readonly secret: Readonly<Record<string, string>>;
}

/** Where something is sent. */
export interface Target {
  readonly url: unknown;
  /** Whether a host needs a valid certificate to get it. */
  readonly verifyTls: boolean;
}

/** Where an entry, or a thing in its form, is sent. */
export function targetOf(fields: Fields | undefined): Target {
  return { url: fields?.['url'], verifyTls: fields?.['verifyTls'] !== false };
}

/** A place that gets what is read. */
export interface Destination {
  /**
   * For people: a host, or the text of a URL with variables; a host with `http://` where everyone between can read it. Long ones have a mark in the
   * middle in place of the rest.
   */
  readonly shown: string;
  /** All that decides which host it is, and who else can read what it gets. */
  readonly whole: string;
  /** Whether the host may become another one without a change of `whole`, since a file of the project has a part of the URL. */
  readonly isLoose: boolean;
}

/** The environments as applying the entries makes them. */
export function environmentsAfter(entries: readonly ReadEntry[], standing: readonly UrlEnvironment[]): readonly UrlEnvironment[] {
  const own = entries.flatMap(({ kind, name, fields }) => (kind === 'environments' ? [environmentOf(name, fields['variables'])] : []));
  const keyOf = ({ name }: UrlEnvironment) => sameName('environments', name);
  const keys = new Set(own.map(keyOf));
  return [...standing.filter((each) => !keys.has(keyOf(each))), ...own];
}

/** An environment by the variables of its entry, or of a thing in the form of one. */
export function environmentOf(name: string, variables: unknown): UrlEnvironment {
  const all = Object.entries(typeof variables === 'object' && variables !== null ? variables : {});
  return {
    name,
    plain: Object.fromEntries(all.filter(([, value]) => typeof value === 'string')),
    secret: Object.fromEntries(all.flatMap(([key, value]) => standInOf(value).map((standIn) => [key, standIn]))),
  };
}

/** An entry has `{secret: REFERENCE}`, of which reading makes a secret; the workspace has a fingerprint there. */
function standInOf(value: unknown): readonly string[] {
  if (isSecret(value)) return ['$secret' in value ? value.$secret : value.$fingerprint];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(standInOf);
}

/** Finds the places that something is sent to. */
export type DestinationsOf = (target: Target) => readonly Destination[];

/** Finds where URLs lead, each with every environment: which one is going to be in use is not known. */
export function createDestinations(environments: readonly UrlEnvironment[]): DestinationsOf {
  const found = new Map<string, readonly Destination[]>();
  return ({ url, verifyTls }) => {
    if (typeof url !== 'string') return [];
    const key = `${verifyTls} ${url}`;
    const known = found.get(key) ?? (hasOutputs(url) ? ofTemplate(url, verifyTls, environments) : [fixed(url, verifyTls)]);
    found.set(key, known);
    return known;
  };
}

function ofTemplate(url: string, verifyTls: boolean, environments: readonly UrlEnvironment[]): readonly Destination[] {
  // One may refer to another, so all of them count.
  const secrets = environments.some((each) => namesSecret(url, each))
    ? environments.map(({ name, secret }) => [name, secret] as const)
    : [];
  const isLoose = secrets.some(([, secret]) => Object.values(secret).some((reference) => reference.startsWith('file:')));
  const renderedWith = (text: string) =>
    [noVariables, ...environments.map(withStandIns(text))]
      .map((variables) => rendered(url, variables))
      .map((each) => (each === null ? null : fixed(each, verifyTls)));
  const others = renderedWith('example');
  // A host that has a secret in it is not shown with something else in its place.
  const hosts = renderedWith('0000').flatMap((each, index) => (each === null || each.whole !== others[index]?.whole ? [] : [each]));
  return [{ shown: shortened(url), whole: JSON.stringify([url, secrets, verifyTls]), isLoose }, ...hosts];
}

/** Whether a URL may take a secret variable of an environment. */
function namesSecret(url: string, { secret }: UrlEnvironment): boolean {
  const secrets = Object.keys(secret);
  if (secrets.length === 0) return false;
  const names = variablesOfText(url);
  return names === null || secrets.some((name) => names.has(name));
}

const withStandIns =
  (text: string) =>
  ({ name, plain, secret }: UrlEnvironment): Variables => ({
    environment: name,
    isDeleted: false,
    plain,
    secret: Object.fromEntries(Object.keys(secret).map((key) => [key, text])),
  });

/** A URL with the variables of an environment; null where nothing can be sent to what they make. */
function rendered(url: string, variables: Variables): string | null {
  try {
    return renderUrl(url, variables).url;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** By host and port; what is no URL by its text. */
function fixed(url: string, verifyTls: boolean): Destination {
  if (!URL.canParse(url)) return { shown: shortened(url), whole: url, isLoose: false };
  const { protocol, host } = new URL(url);
  const isOpen = protocol === 'https:' && !verifyTls;
  return {
    shown: `${isInClear(url) ? 'http://' : ''}${shortened(host)}${isOpen ? ' (any certificate)' : ''}`,
    whole: `${protocol}//${host}${isOpen ? ' any certificate' : ''}`,
    isLoose: false,
  };
}

/** Characters of a URL or host that are shown. */
const shownCharacters = 200;

function shortened(text: string): string {
  const { start, hiddenCharacters, end } = cutMiddle(text, { start: shownCharacters / 2, end: shownCharacters / 2 });
  return hiddenCharacters === 0 ? start : `${start} … ${end}`;
}
