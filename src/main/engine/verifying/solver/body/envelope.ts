import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { readHeader } from '../../../signing/header-values.ts';
import { bodyCause, type BodyStep } from './body-steps.ts';
import type { BodyDoc } from './body-doc.ts';
import { stringOf } from './json-escapes.ts';
import type { JsonNode } from './json-tree.ts';

/** How many texts inside a document are tried, and how deep they may be. */
const textLimit = 40;
const depthLimit = 5;

/** Members in which gateways and queues pass a body on. */
const usualNames = /^(?:body|rawbody|raw_body|message|payload|content|data|data_base64|messagebody|requestbody|raw|text)$/i;

/** Bodies that are a text, or base64, inside JSON made by a gateway. */
export function envelopeSteps(doc: BodyDoc): readonly BodyStep[] {
  const node = doc.json();
  return node === null ? [] : textsIn(node).flatMap(({ name, text }) => stepsOf(name, text));
}

function stepsOf(name: string, text: string): readonly BodyStep[] {
  const cost = usualNames.test(name.split('.').at(-1) ?? '') ? 1 : 1.4;
  const isBase64 = /^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(text);
  return [
    step('envelope-text', isBase64 ? cost + 0.1 : cost, `the body is the text in ${name}`, Buffer.from(text, 'utf8')),
    ...(isBase64 ? [step('envelope-base64', cost, `the body is what ${name} holds in base64`, Buffer.from(text, 'base64'))] : []),
  ];
}

function step(id: string, cost: number, change: string, bytes: Uint8Array): BodyStep {
  return {
    cause: bodyCause(
      id,
      cost,
      change,
      'a gateway or queue put the request into a JSON of its own',
      'Take the body out of the envelope, decoded, before verification.',
    ),
    stage: 1,
    family: 'envelope',
    isAlone: cost > 1.1,
    apply: () => bytes,
  };
}

function textsIn(node: JsonNode): readonly { readonly name: string; readonly text: string }[] {
  const texts: { readonly name: string; readonly text: string }[] = [];
  const visit = (each: JsonNode, name: string, depth: number): void => {
    if (texts.length >= textLimit || depth > depthLimit) return;
    if (each.kind === 'object') for (const { key, value } of each.members) visit(value, joined(name, stringOf(key) ?? ''), depth + 1);
    else if (each.kind === 'array') for (const item of each.items.slice(0, 10)) visit(item, name, depth + 1);
    else if (each.kind === 'string' && depth > 0) {
      const text = stringOf(each.raw);
      if (text !== null && text.length > 1) texts.push({ name, text });
    }
  };
  visit(node, '', 0);
  return texts;
}

/** Names come from the customer; long or unusual ones are not quoted. */
function joined(name: string, key: string): string {
  const shown = /^[\w-]{1,40}$/.test(key) ? key : 'a member';
  return name === '' ? shown : `${name}.${shown}`;
}

const framed = 'a program that read the socket itself took the framing of the transport for the body';

/** Chunk sizes and boundaries that were left in the body. */
export function framingSteps(headers: readonly HeaderField[]): readonly BodyStep[] {
  const boundary = /boundary="?([^";]{1,70})"?/i.exec(readHeader(headers, 'content-type')?.text ?? '')?.[1];
  return [
    {
      cause: bodyCause('dechunked', 1, 'the chunk sizes are taken out of the body', framed, 'Let an HTTP library read the request.'),
      stage: 1,
      family: 'framing',
      apply: ({ latin1 }) => dechunked(latin1()),
    },
    ...(boundary === undefined ? [] : [0, 1, 2, 3, 4, 5].map((index) => partStep(boundary, index))),
  ];
}

function partStep(boundary: string, index: number): BodyStep {
  return {
    cause: bodyCause(
      'multipart-part',
      1.3,
      `what is signed is part ${index + 1} of the multipart body alone`,
      'the sender signs one field of the form and not the whole body',
      'Verify over that field alone, as it was sent.',
    ),
    stage: 1,
    family: 'framing',
    isAlone: true,
    apply: ({ latin1 }) => {
      const part = latin1().split(`--${boundary}`)[index + 1];
      const content = part
        ?.split(/\r?\n\r?\n/)
        .slice(1)
        .join('\r\n\r\n');
      return content === undefined || content === '' ? null : Buffer.from(content.replace(/\r?\n$/, ''), 'latin1');
    },
  };
}

/** The chunks joined; null when the text is not chunked from beginning to end. */
function dechunked(text: string): Uint8Array | null {
  const chunks: string[] = [];
  for (let at = 0; ;) {
    const end = text.indexOf('\n', at);
    const size = end === -1 ? null : /^([0-9a-fA-F]{1,8})(?:;[^\r\n]*)?\r?$/.exec(text.slice(at, end).slice(0, 200));
    if (size === null) return chunks.length > 0 && text.slice(at).trim() === '' ? Buffer.from(chunks.join(''), 'latin1') : null;
    const bytes = Number.parseInt(size[1] ?? '', 16);
    if (bytes === 0) return chunks.length === 0 ? null : Buffer.from(chunks.join(''), 'latin1');
    chunks.push(text.slice(end + 1, end + 1 + bytes));
    at = end + 1 + bytes;
    at += text.startsWith('\r\n', at) ? 2 : text.startsWith('\n', at) ? 1 : 0;
  }
}
