/** Where a text holds a form, and of what. */
export interface FoundForm<Of> {
  readonly start: number;
  readonly end: number;
  readonly of: Of;
}

/** Finds any of very many forms in a text, in a time that grows with the text and hardly with the forms. */
export interface FormIndex<Of> {
  /** Makes a form known; one that is shorter than the index looks for is not. */
  readonly add: (form: string, of: Of) => void;
  /** Where forms stand, in order; what overlaps is one place, named after what begins first. */
  readonly placesIn: (text: string) => Generator<FoundForm<Of>>;
  /** A text with something in each place. */
  readonly replaceIn: (text: string, shown: (of: Of) => string) => string;
  /** Characters of the longest form. */
  readonly longest: () => number;
}

/** Characters by which places are sorted out before anything is compared. */
const filterLength = 4;
const filterSize = 1 << 16;
/** Characters of one step on the way to a form. */
const stepLength = 8;

/** What is left of the only form that begins with the steps before it. */
interface Leaf<Of> {
  readonly rest: string;
  readonly of: Of;
}

/** The forms that begin with the same steps: many secrets begin alike, and none of the others may cost time where a text does, too. */
interface Branch<Of> {
  readonly next: Map<string, Branch<Of> | Leaf<Of>>;
  /** What is left of forms that end before the next step. */
  readonly ends: Map<string, Of>;
  /** Lengths of these, the longest first. */
  readonly lengths: number[];
}

/** An index of forms of `shortest` characters at least, which is 4 or more. */
export function createFormIndex<Of extends string>(shortest: number): FormIndex<Of> {
  const firstLength = Math.min(stepLength, shortest);
  const filter = new Uint8Array(filterSize);
  const root = newBranch<Of>();
  let longest = 0;

  const add = (form: string, of: Of) => {
    if (form.length < shortest) return;
    longest = Math.max(longest, form.length);
    filter[hashAt(form, 0)] = 1;
    grow(root, { rest: form, of }, firstLength);
  };

  /** The longest form at a place. */
  const foundAt = (text: string, start: number): { readonly end: number; readonly of: Of } | undefined => {
    if (filter[hashAt(text, start)] === 0) return undefined;
    let found: { end: number; of: Of } | undefined;
    let branch = root;
    let at = start;
    for (let step = firstLength; ; step = stepLength) {
      const next = branch.next.get(text.slice(at, at + step));
      if (next === undefined) return found;
      at += step;
      if ('rest' in next) return text.startsWith(next.rest, at) ? { end: at + next.rest.length, of: next.of } : found;
      branch = next;
      for (const length of branch.lengths) {
        const of = branch.ends.get(text.slice(at, at + length));
        if (of === undefined) continue;
        found = { end: at + length, of };
        break;
      }
    }
  };

  function* placesIn(text: string): Generator<FoundForm<Of>> {
    let open: { start: number; end: number; of: Of } | null = null;
    for (let at = 0; at + shortest <= text.length; at += 1) {
      const found = foundAt(text, at);
      if (found === undefined) continue;
      if (open !== null && at <= open.end) open.end = Math.max(open.end, found.end);
      else {
        if (open !== null) yield open;
        open = { start: at, ...found };
      }
    }
    if (open !== null) yield open;
  }

  return {
    add,
    placesIn,
    replaceIn: (text, shown) => {
      let rest = '';
      let at = 0;
      for (const { start, end, of } of placesIn(text)) {
        rest += text.slice(at, start) + shown(of);
        at = end;
      }
      return rest + text.slice(at);
    },
    longest: () => longest,
  };
}

function newBranch<Of>(): Branch<Of> {
  return { next: new Map(), ends: new Map(), lengths: [] };
}

/** Puts a form into a branch: behind its next step, or at its end if it is too short for one. */
function grow<Of>(root: Branch<Of>, form: Leaf<Of>, firstStep: number): void {
  let branch = root;
  let { rest } = form;
  for (let step = firstStep; rest.length >= step; step = stepLength) {
    const key = rest.slice(0, step);
    rest = rest.slice(step);
    const next = branch.next.get(key);
    if (next === undefined) {
      branch.next.set(key, { rest, of: form.of });
      return;
    }
    if (!('rest' in next)) branch = next;
    else if (next.rest === rest) return;
    else {
      // Two begin alike here: the one that is known moves on by a step.
      const made = newBranch<Of>();
      if (next.rest.length < stepLength) endIn(made, next);
      else made.next.set(next.rest.slice(0, stepLength), { rest: next.rest.slice(stepLength), of: next.of });
      branch.next.set(key, made);
      branch = made;
    }
  }
  endIn(branch, { rest, of: form.of });
}

function endIn<Of>({ ends, lengths }: Branch<Of>, { rest, of }: Leaf<Of>): void {
  if (ends.has(rest)) return;
  ends.set(rest, of);
  if (lengths.includes(rest.length)) return;
  lengths.push(rest.length);
  lengths.sort((one, other) => other - one);
}

function hashAt(text: string, at: number): number {
  let hash = 0;
  for (let next = at; next < at + filterLength; next += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(next)) | 0;
  return hash & (filterSize - 1);
}
