import type { Destination, Target } from './read-hosts.ts';
import type { Fields, ReadEntry } from './read-project.ts';

/** A thing that the workspace has already, in the form of an entry: names in place of ids, and fingerprints in place of secrets. */
export interface StandingThing {
  readonly kind: ReadEntry['kind'];
  readonly id: string;
  readonly name: string;
  readonly fields: Fields;
}

/** An endpoint that the workspace has already. */
export interface StandingEndpoint extends Target {
  readonly id: string;
  readonly name: string;
  /** The name of its authentication. */
  readonly auth: unknown;
  /** Headers that may name variables; a body takes no secret ones. */
  readonly headers: readonly string[];
}

/** A profile that somebody saved in the workspace. */
export interface StandingProfile {
  readonly id: string;
  readonly name: string;
  /** Headers that it gives endpoints, which may name variables. */
  readonly headers: readonly string[];
}

/** A run, and where all of it goes; undefined for where it says. */
export interface AskedRun {
  readonly name: string;
  readonly to?: string | undefined;
}

/** Whose reads are asked for: those of applying the project, or those of runs. */
export interface ReadsOrder {
  readonly runs: readonly AskedRun[] | undefined;
  /** References without a value: what the workspace has in their place stays. */
  readonly unset: readonly string[];
  /** What the workspace has already, of the kinds that have secrets or take variables. */
  readonly standing: readonly StandingThing[];
  /** The name of the environment in use, whose variables a run takes. */
  readonly environment: string | null;
}

/** Something that is read for a thing, with the places that get it. */
export interface Found {
  readonly what: string;
  readonly thing: string;
  readonly destinations: readonly Destination[];
}
