import { providers } from '../providers/index.ts';
import type { SchemeFacts } from '../providers/shapes/provider.ts';

type Providers = typeof providers;
/** Ids of the schemes whose facts fit a shape. */
type IdOf<Shape> = {
  [P in keyof Providers]: {
    [S in keyof Providers[P]['schemes']]: Providers[P]['schemes'][S] extends Shape ? S & string : never;
  }[keyof Providers[P]['schemes']];
}[keyof Providers];

/** Id of a scheme of a provider; every scheme but `custom` is one. */
export type ProviderSchemeId = IdOf<SchemeFacts>;
export type MacSchemeId = IdOf<{ readonly kind: 'mac' }>;
export type TokenSchemeId = IdOf<{ readonly kind: 'token' }>;
export type JwtSchemeId = IdOf<{ readonly kind: 'jwt' }>;
/** Schemes that have their own verification code. */
export type CodeSchemeId = IdOf<{ readonly kind: 'code' }>;
/** Schemes whose only option is how far a time may lie from the clock. */
export type TimedSchemeId = IdOf<{ readonly options: 'tolerance' }>;
/** Schemes without options. */
export type PlainSchemeId = IdOf<{ readonly options: 'none' }>;

const entries = Object.values(providers).flatMap(({ schemes }) => Object.entries<SchemeFacts>(schemes));

/** The facts of each scheme, in the order in which schemes are offered. */
export const schemeFacts = Object.fromEntries(entries) as Readonly<Record<ProviderSchemeId, SchemeFacts>>;

/** The ids of the schemes whose facts a condition holds for. */
function idsWhere<Id extends ProviderSchemeId>(holds: (facts: SchemeFacts) => boolean): readonly Id[] {
  return entries.filter(([, facts]) => holds(facts)).map(([id]) => id as Id);
}

export const providerSchemeIds = idsWhere<ProviderSchemeId>(() => true);
export const timedSchemeIds = idsWhere<TimedSchemeId>(({ options }) => options === 'tolerance');
export const plainSchemeIds = idsWhere<PlainSchemeId>(({ options }) => options === 'none');
export const macSchemeIds = idsWhere<MacSchemeId>(({ kind }) => kind === 'mac');
export const tokenSchemeIds = idsWhere<TokenSchemeId>(({ kind }) => kind === 'token');
export const jwtSchemeIds = idsWhere<JwtSchemeId>(({ kind }) => kind === 'jwt');
export const codeSchemeIds = idsWhere<CodeSchemeId>(({ kind }) => kind === 'code');

/** The facts of a scheme that is only data, or has its own code. */
export function factsOf<Id extends ProviderSchemeId>(id: Id): SchemeFacts & { readonly kind: KindOf<Id> } {
  return schemeFacts[id] as SchemeFacts & { readonly kind: KindOf<Id> };
}
type KindOf<Id> = Id extends MacSchemeId ? 'mac' : Id extends TokenSchemeId ? 'token' : Id extends JwtSchemeId ? 'jwt' : 'code';
