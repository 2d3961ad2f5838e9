import { headerValue, headerValues, withoutBlanks } from '#shared/text/headers.ts';
import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { headerBytes, utf8 } from '../verification/mac-proof.ts';
import type { SignedString } from '../scheme.ts';
import { joinRuns, type Run } from '../signed-string.ts';
import type { Component } from './structured-field.ts';

/** What components take their values from. */
export interface Message {
  readonly method: string | null;
  readonly url: string | null;
  /** Null for a request. */
  readonly status: number | null;
  readonly headers: readonly HeaderField[];
}

/** The signature base (RFC 9421, 2.5), or what is missing, or what cannot be rebuilt. */
export type SignatureBase =
  | { readonly kind: 'base'; readonly signed: SignedString }
  | { readonly kind: 'unknown'; readonly names: readonly string[] }
  | { readonly kind: 'problem'; readonly problem: string };

type Value = { readonly value: string } | { readonly unknown: string } | { readonly problem: string };

/** Builds the signature base; `parameters` is the inner list as it was received or will be sent. */
export function signatureBaseOf(message: Message, components: readonly Component[], parameters: string): SignatureBase {
  const seen = new Set<string>();
  const runs: Run[] = [];
  const unknown = new Set<string>();
  for (const component of components) {
    const key =
      component.name +
      [...component.parameters]
        .map(([name, { value }]) => `;${name}=${String(value)}`)
        .toSorted()
        .join('');
    if (seen.has(key)) return { kind: 'problem', problem: `it covers ${component.text} twice` };
    seen.add(key);
    const result = valueOf(message, component);
    if ('problem' in result) return { kind: 'problem', problem: result.problem };
    if ('unknown' in result) unknown.add(result.unknown);
    else runs.push(label(`${component.text}: `), { name: component.name, bytes: headerBytes(result.value) }, label('\n'));
  }
  if (unknown.size > 0) return { kind: 'unknown', names: [...unknown] };
  return {
    kind: 'base',
    signed: joinRuns([...runs, label('"@signature-params": '), { name: '@signature-params', bytes: headerBytes(parameters) }]),
  };
}

function label(text: string): Run {
  return { name: text === '\n' ? 'separator' : 'literal', bytes: utf8(text) };
}

function valueOf(message: Message, component: Component): Value {
  const { name, parameters } = component;
  const foreign = [...parameters.keys()].find(
    (key) => !(key === 'bs' && !name.startsWith('@')) && !(key === 'name' && name === '@query-param'),
  );
  if (foreign !== undefined) return { problem: `it covers ${component.text}, and ;${foreign} cannot be rebuilt from what is at hand` };
  return name.startsWith('@') ? derivedValue(message, component) : fieldValue(message.headers, name, parameters.has('bs'));
}

function derivedValue(message: Message, component: Component): Value {
  const { name } = component;
  if (name === '@status') return message.status === null ? { unknown: 'status' } : { value: String(message.status) };
  if (message.status !== null) return { problem: `it covers ${name}, which a response does not have` };
  if (name === '@method') return message.method ? { value: message.method } : { unknown: 'method' };
  if (!message.url) return { unknown: 'URL' };
  const target = splitUrl(message.url, message.headers);
  switch (name) {
    case '@target-uri':
      return target.scheme === null
        ? { unknown: 'whole URL' }
        : { value: `${target.scheme}://${target.authorityText}${target.path}${target.query}` };
    case '@authority':
      return target.authority === null ? { unknown: 'whole URL' } : { value: target.authority };
    case '@scheme':
      return target.scheme === null ? { unknown: 'whole URL' } : { value: target.scheme.toLowerCase() };
    case '@request-target':
      return { value: `${target.path}${target.query}` };
    case '@path':
      return { value: target.path };
    case '@query':
      return { value: target.query === '' ? '?' : target.query };
    case '@query-param':
      return queryParameter(target.query, component);
    default:
      return { problem: `it covers ${name}, which RFC 9421 does not define` };
  }
}

interface Target {
  readonly scheme: string | null;
  /** As given, for the target URI. */
  readonly authorityText: string;
  /** In lower case, without user and standard port; null when neither URL nor Host says. */
  readonly authority: string | null;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
}

/** Splits a URL without changing its path and query, as `new URL()` would. */
function splitUrl(url: string, headers: readonly HeaderField[]): Target {
  const [, scheme = null, authorityText = '', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/([^/?#]*))?([^#]*)/i.exec(url) ?? [];
  const at = rest.indexOf('?');
  const path = at === -1 ? rest : rest.slice(0, at);
  const host = scheme === null ? headerValue(headers, 'Host')?.trim() : authorityText;
  return {
    scheme,
    authorityText,
    authority: host === undefined ? null : withoutStandardPort(host.replace(/^.*@/, '').toLowerCase(), scheme),
    path: path === '' ? '/' : path,
    query: at === -1 ? '' : rest.slice(at),
  };
}

function withoutStandardPort(host: string, scheme: string | null): string {
  const port = scheme?.toLowerCase() === 'https' ? ':443' : scheme?.toLowerCase() === 'http' ? ':80' : null;
  return port !== null && host.endsWith(port) ? host.slice(0, -port.length) : host;
}

function queryParameter(query: string, { parameters, text }: Component): Value {
  const wanted = parameters.get('name');
  if (wanted?.kind !== 'string') return { problem: `it covers ${text}, which names no parameter` };
  const values = new URLSearchParams(query).getAll(decoded(wanted.value));
  const [value] = values;
  if (value === undefined) return { unknown: `query parameter ${wanted.value}` };
  if (values.length > 1)
    return {
      problem: `it covers the query parameter ${wanted.value}, which occurs ${values.length} times; RFC 9421 allows that for @query only`,
    };
  return {
    value: encodeURIComponent(value).replaceAll(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** All lines of a field: folds and the spaces around each taken away, joined by `, `; or each in base64. */
function fieldValue(headers: readonly HeaderField[], name: string, isEncoded: boolean): Value {
  if (name !== name.toLowerCase())
    return { problem: `it covers ${JSON.stringify(name)}, but names of fields are written in small letters there` };
  const values = linesOf(headers, name);
  if (values.length === 0) return { unknown: `header ${name}` };
  return { value: values.map((value) => (isEncoded ? `:${Buffer.from(headerBytes(value)).toString('base64')}:` : value)).join(', ') };
}

/** The values of a field, one for each of its lines. */
export function linesOf(headers: readonly HeaderField[], name: string): readonly string[] {
  return headerValues(headers, name).map((value) =>
    withoutBlanks(
      value
        .split(/\r?\n(?=[ \t])/)
        .map(withoutBlanks)
        .join(' '),
    ),
  );
}
