import type { RefusalCode, RefusalData } from '#shared/contract/common.ts';
import { nearestName } from '#shared/names/nearest-name.ts';

/** A refusal that the caller can act on. Doors turn it into the contract's error of the same code. */
export class Refusal<C extends RefusalCode = RefusalCode> extends Error {
  override readonly name = 'Refusal';
  readonly code: C;
  readonly data: RefusalData<C>;

  constructor(code: C, message: string, data: RefusalData<C>, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.data = data;
  }
}

/** The thing that was asked for does not exist (any more). */
export function notFound(kind: string, id: string): Refusal<'NOT_FOUND'> {
  return new Refusal('NOT_FOUND', `There is no ${kind} ${id}; it may have been deleted.`, { kind, id });
}

/** A filter has the id of a thing that does not exist; `known` are those whose name may have been given instead. */
export function unknownId(
  kind: string,
  id: string,
  known: readonly { readonly id: string; readonly name: string; readonly slug?: string }[],
): Refusal<'NOT_FOUND'> {
  const namesOf = ({ name, slug }: (typeof known)[number]) => (slug === undefined ? [name] : [name, slug]);
  const isMeant = (name: string) => known.find((each) => namesOf(each).some((other) => other.toLowerCase() === name.toLowerCase()));
  const named = isMeant(id) ?? isMeant(nearestName(id, known.slice(0, namesCompared).flatMap(namesOf)) ?? '');
  if (named === undefined) return notFound(kind, id);
  return new Refusal('NOT_FOUND', `There is no ${kind} with the id ${id}. Did you mean ${named.name}? Its id is ${named.id}.`, {
    kind,
    id,
  });
}

/** At most this many names are compared, since each takes time. */
const namesCompared = 500;

/** Hookyard is being closed, so that nothing is begun any more. */
export function stopping(): Refusal<'STORE_UNAVAILABLE'> {
  return new Refusal('STORE_UNAVAILABLE', 'Hookyard is stopping; ask again when it runs.', { reason: 'closed' });
}

/** One field is wrong for a reason that only the engine can see. */
export function invalid(path: string, message: string, options?: ErrorOptions): Refusal<'INPUT_INVALID'> {
  return new Refusal('INPUT_INVALID', message, { issues: [{ path, message }] }, options);
}

/** What was asked for does not go with how things stand; `path` is the field that asks for it. */
export function conflict(path: string, message: string): Refusal<'CONFLICT'> {
  return new Refusal('CONFLICT', message, { issues: [{ path, message }] });
}

/** Another thing of the kind has this name. */
export function nameTaken(kind: string, name: string): Refusal<'CONFLICT'> {
  const message = `There is a ${kind} called ${name} already; change that one, or choose another name.`;
  return conflict('name', message);
}
