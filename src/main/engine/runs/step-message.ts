import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { JsonText } from '#shared/contract/json.ts';
import type { RunStep } from '#shared/contract/project-runs.ts';
import { headerValue } from '#shared/text/headers.ts';
import type { GivenHead } from '../base/given-head.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { invalid } from '../base/refusal.ts';
import { eventTypeIn } from '../capture/matching/capture-facts.ts';
import type { NewMessage } from '../messages/new-message.ts';

/** Bodies of files by their path. */
export type BodyFiles = ReadonlyMap<string, Uint8Array>;

/** What a step sends, to one endpoint. Throws a Refusal where the file of its body was not given. */
export function messageOf(
  step: RunStep,
  { id, endpointId, files }: { readonly id: string; readonly endpointId: string; readonly files: BodyFiles },
): NewMessage {
  const body = bodyOf(step, files);
  const head = headOf(step, body !== null);
  return {
    id,
    type: step.event ?? eventTypeIn(head?.headers ?? [], body),
    data: step.dataText === undefined ? (step.data ?? {}) : new JsonText(step.dataText),
    endpointIds: [endpointId],
    isTest: true,
    ...(body === null && head === undefined ? {} : { bodyBase64: ownBytes(body ?? new Uint8Array()) }),
    ...(head === undefined ? {} : { head }),
  };
}

function bodyOf({ body, bodyFile, bodyBase64 }: RunStep, files: BodyFiles): Uint8Array | null {
  if (body !== undefined) return Buffer.from(body, 'utf8');
  if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, 'base64');
  return bodyFile === undefined ? null : givenFile(bodyFile, files);
}

/** The bytes of a file by its path. Throws a Refusal where it was not given. */
export function givenFile(path: string, files: BodyFiles): Uint8Array {
  const found = files.get(path);
  if (found !== undefined) return found;
  throw invalid('bodies', `The file ${path} is missing: put it beside the project, or give its bytes along with it.`);
}

/** A request of its own; undefined for an event, whose head is that of the endpoint. */
function headOf({ method, path, headers, sign }: RunStep, hasBody: boolean): GivenHead | undefined {
  if (method === undefined && path === undefined && headers === undefined) return undefined;
  const fields = Object.entries(headers ?? {}).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value): HeaderField => [name, value]),
  );
  const isTyped = !hasBody || headerValue(fields, 'content-type') !== null;
  return {
    method: method ?? 'POST',
    headers: isTyped ? fields : [['Content-Type', 'application/json'], ...fields],
    isSigned: sign,
    isAuthenticated: true,
    hasSecretHeaders: true,
    target: path,
  };
}
