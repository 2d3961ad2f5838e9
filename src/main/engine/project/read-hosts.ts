import { hasOutputs } from '#shared/contract/template-outputs.ts';
import { cutMiddle } from '#shared/text/cut-middle.ts';
import { Refusal } from '../base/refusal.ts';
import { variablesOfText } from '../templates/text-variables.ts';
import { renderUrl } from '../templates/url-template.ts';
import { noVariables, type Variables } from '../templates/variables.ts';
import type { ReadEntry } from './read-project.ts';
import { isSecret } from './secrets.ts';
import { sameName } from './thing-key.ts';

/** An environment, as far as URLs depend on it. */
export interface UrlEnvironment {
  readonly name: string;
  readonly plain: Readonly<Record<string, string>>;
  /** What stands for the values of its secret variables: a reference of the project, or the fingerprint of what the workspace has. */
  readonly secret: Readonly<Record<string, string>>;
}

/** A place that gets what is read. */
export interface Destination {
  /** For people: a host, or the text of a URL with variables. Long ones have a mark in the middle in place of the rest. */
  readonly shown: string;
  /** All that decides which host it is. */
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

function environmentOf(name: string, variables: unknown): UrlEnvironment {
  const all = Object.entries(typeof variables === 'object' && variables !== null ? variables : {});
  return {
    name,
    plain: Object.fromEntries(all.filter(([, value]) => typeof value === 'string')),
    secret: Object.fromEntries(all.flatMap(([key, value]) => referenceIn(value).map((reference) => [key, reference]))),
  };
}

/** An entry has `{secret: REFERENCE}`, of which reading makes a secret. */
function referenceIn(value: unknown): readonly string[] {
  if (isSecret(value)) return '$secret' in value ? [value.$secret] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(referenceIn);
}

/** Finds where a URL leads. */
export type DestinationsOf = (url: unknown) => readonly Destination[];

/** Finds where URLs lead, each with every environment: which one is going to be in use is not known. */
export function createDestinations(environments: readonly UrlEnvironment[]): DestinationsOf {
  const found = new Map<string, readonly Destination[]>();
  return (url) => {
    if (typeof url !== 'string') return [];
    const known = found.get(url) ?? (hasOutputs(url) ? ofTemplate(url, environments) : [fixed(hostOf(url))]);
    found.set(url, known);
    return known;
  };
}

function ofTemplate(url: string, environments: readonly UrlEnvironment[]): readonly Destination[] {
  // One may refer to another, so all of them count.
  const secrets = environments.some((each) => namesSecret(url, each))
    ? environments.map(({ name, secret }) => [name, secret] as const)
    : [];
  const isLoose = secrets.some(([, secret]) => Object.values(secret).some((reference) => reference.startsWith('file:')));
  const rendered = [noVariables, ...environments.map(withStandIns('0000'))].map((variables) => hostWith(url, variables));
  // A host that has a secret in it is not shown with something else in its place.
  const others = [noVariables, ...environments.map(withStandIns('example'))].map((variables) => hostWith(url, variables));
  const hosts = rendered.filter((host, index) => host === others[index]).flatMap((host) => host ?? []);
  return [{ shown: shortened(url), whole: JSON.stringify([url, secrets]), isLoose }, ...hosts.map(fixed)];
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

/** The host of a URL with the variables of an environment; null where nothing can be sent to what they make. */
function hostWith(url: string, variables: Variables): string | null {
  try {
    return hostOf(renderUrl(url, variables).url);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

function fixed(host: string): Destination {
  return { shown: shortened(host), whole: host, isLoose: false };
}

/** Host and port of a URL; of what is none, its text. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** Characters of a URL or host that are shown. */
const shownCharacters = 200;

function shortened(text: string): string {
  const { start, hiddenCharacters, end } = cutMiddle(text, { start: shownCharacters / 2, end: shownCharacters / 2 });
  return hiddenCharacters === 0 ? start : `${start} … ${end}`;
}
