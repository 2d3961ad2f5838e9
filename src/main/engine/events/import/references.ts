import { member, membersOf, textIn } from './document-value.ts';

/** A document among those of an import. */
export interface SourceFile {
  /** Its path, with slashes; empty for pasted text. */
  readonly name: string;
  readonly root: unknown;
}

/** A value in a document, and where it stands. */
export interface Place {
  readonly file: SourceFile;
  /** The names that lead to it. */
  readonly path: readonly string[];
  readonly value: unknown;
}

/** A reference that leads nowhere, with the reason. */
export interface Unresolved {
  readonly reference: string;
  readonly why: string;
}

/** Finds what references lead to, in the documents of an import only. */
export interface References {
  readonly resolve: (reference: string, from: SourceFile) => Place | Unresolved;
  /** The value at a place, or what the reference that stands there leads to, however many there are in between. */
  readonly follow: (place: Place) => Place | Unresolved;
}

/** References that one may lead through. */
const hopLimit = 100;

/** How many references may still be followed. */
interface Budget {
  left: number;
}

export function createReferences(files: readonly SourceFile[]): References {
  const byName = new Map(files.map((file) => [file.name, file]));
  const byId = new Map(files.flatMap((file) => idsOf(file).map((id) => [id, file] as const)));
  const byBase = Map.groupBy(files, ({ name }) => baseOf(name));
  const anchors = new Map<SourceFile, ReadonlyMap<string, Place>>();
  const anchorsOf = (file: SourceFile) => {
    const known = anchors.get(file) ?? anchorsIn(file);
    anchors.set(file, known);
    return known;
  };

  const fileOf = (uri: string, from: SourceFile): SourceFile | string => {
    if (uri === '') return from;
    const known = byId.get(uri);
    if (known !== undefined) return known;
    if (/^[a-z][a-z\d+.-]*:/i.test(uri) || uri.startsWith('//')) return 'it leads to another place, and nothing is fetched';
    const path = joined(from.name, decoded(uri));
    const named = byName.get(path);
    if (named !== undefined) return named;
    // Files that are chosen one by one come without their folders.
    const [only, ...others] = byBase.get(baseOf(path)) ?? [];
    if (only !== undefined && others.length === 0) return only;
    return `the file ${path} is not among those given: import it together with this one`;
  };

  const resolveAt = (reference: string, from: SourceFile, budget: Budget): Place | Unresolved => {
    const mark = reference.indexOf('#');
    const fragment = mark === -1 ? '' : decoded(reference.slice(mark + 1));
    const file = fileOf(mark === -1 ? reference : reference.slice(0, mark), from);
    if (typeof file === 'string') return { reference, why: file };
    if (fragment === '') return { file, path: [], value: file.root };
    if (!fragment.startsWith('/')) return anchorsOf(file).get(fragment) ?? { reference, why: `there is no anchor ${fragment}` };
    let place: Place = { file, path: [], value: file.root };
    for (const step of fragment.slice(1).split('/').map(unescaped)) {
      const found = stepFrom(place, step);
      if (found !== undefined) place = found;
      else {
        // The way leads through a reference.
        const behind = followAt(place, budget);
        const beyond = 'why' in behind ? undefined : stepFrom(behind, step);
        if (beyond === undefined) return { reference, why: 'it leads nowhere' };
        place = beyond;
      }
    }
    return place;
  };

  const followAt = (place: Place, budget: Budget): Place | Unresolved => {
    let at = place;
    for (;;) {
      const reference = member(at.value, '$ref');
      if (typeof reference !== 'string') return at;
      budget.left -= 1;
      if (budget.left < 0) return { reference, why: `it leads through more than ${hopLimit} others, or back to itself` };
      const next = resolveAt(reference, at.file, budget);
      if ('why' in next) return next;
      at = next;
    }
  };

  const budget = () => ({ left: hopLimit });
  return { resolve: (reference, from) => resolveAt(reference, from, budget()), follow: (place) => followAt(place, budget()) };
}

/** A value below a place. */
export function below(place: Place, ...names: readonly string[]): Place {
  return {
    file: place.file,
    path: [...place.path, ...names],
    value: names.reduce<unknown>((value, name) => memberOrElement(value, name), place.value),
  };
}

function stepFrom(place: Place, step: string): Place | undefined {
  const found = below(place, step);
  return found.value === undefined ? undefined : found;
}

function memberOrElement(value: unknown, name: string): unknown {
  if (!Array.isArray(value)) return member(value, name);
  return /^\d+$/.test(name) ? (value as readonly unknown[])[Number(name)] : undefined;
}

/** Where a JSON Schema has its own address, references lead to that. */
function idsOf({ root }: SourceFile): readonly string[] {
  return [textIn(root, '$id'), textIn(root, 'id')].filter((id) => /^[a-z][a-z\d+.-]*:/i.test(id)).map((id) => id.replace(/#$/, ''));
}

function anchorsIn(file: SourceFile): ReadonlyMap<string, Place> {
  const found = new Map<string, Place>();
  const left: Place[] = [{ file, path: [], value: file.root }];
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    for (const anchor of [textIn(place.value, '$anchor'), textIn(place.value, '$id').replace(/^[^#].*$|^#/, '')])
      if (anchor !== '') found.set(anchor, place);
    const names = Array.isArray(place.value) ? place.value.map((_, index) => String(index)) : membersOf(place.value).map(([name]) => name);
    for (const name of names) left.push(below(place, name));
  }
  return found;
}

/** A relative path from the folder of a file. */
function joined(from: string, path: string): string {
  const steps = path.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

function baseOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
