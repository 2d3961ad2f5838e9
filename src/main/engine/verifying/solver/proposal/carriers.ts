import { Buffer } from 'node:buffer';
import type { CustomField, CustomOptions } from '#shared/contract/signing.ts';
import { fieldsOf, queryOf } from '#shared/text/query-fields.ts';
import { decodeSignatureText, type ByteEncoding } from '../../../signing/encoding.ts';
import { macBytes, type HashName } from '../../../signing/mac-recipe.ts';
import { isForm } from '../../../signing/custom/unsigned-request.ts';
import type { SolverProblem } from '../problem.ts';

/** A text of a request that can carry a part of a signature: a header, a parameter of the URL or a field of a form. */
export interface Carrier {
  readonly place: CustomField['place'];
  readonly name: string;
  readonly value: string;
}

/** A MAC as it stands in a carrier, read in one encoding. */
export interface CarriedMac {
  readonly carrier: Carrier;
  /** Where its digits stand in the value. */
  readonly at: number;
  readonly digits: string;
  readonly encoding: ByteEncoding;
  readonly hash: HashName;
  readonly mac: Uint8Array;
}

/** A timestamp, by itself in a carrier or beside a MAC. */
export interface CarriedTime {
  readonly carrier: Carrier;
  readonly at: number;
  readonly text: string;
  readonly unit: CustomOptions['timestampUnit'];
}

const carrierLimit = 100;
const valueLimit = 2000;

/** Everything that can carry a part of a signature; values that are too long for one are left out. */
export function carriersOf({ request: { headers, url, body } }: SolverProblem): readonly Carrier[] {
  const inHeaders = headers.map(([name, value]): Carrier => ({ place: 'header', name, value: value.trim() }));
  const inQuery = url === null ? [] : fieldsOf(queryOf(url)).map((field): Carrier => ({ place: 'query', ...field }));
  const isSmallForm = body.byteLength <= 65_536 && body.byteLength > 0 && isForm(body);
  const inForm = isSmallForm ? fieldsOf(Buffer.from(body).toString('latin1')).map((field): Carrier => ({ place: 'form', ...field })) : [];
  return [...inHeaders, ...inQuery, ...inForm]
    .filter(({ value, name }) => value !== '' && value.length <= valueLimit && /^[\x21-\x7e]{1,200}$/.test(name))
    .slice(0, carrierLimit);
}

const macForms: readonly { readonly encoding: ByteEncoding; readonly pattern: RegExp }[] = [
  { encoding: 'hex', pattern: /(?<![0-9a-zA-Z])[0-9a-fA-F]{40,128}(?![0-9a-zA-Z])/g },
  { encoding: 'base64', pattern: /(?<![0-9a-zA-Z+/])[0-9a-zA-Z+/]{27,88}={0,2}(?![0-9a-zA-Z+/=])/g },
  { encoding: 'base64url', pattern: /(?<![0-9a-zA-Z_-])[0-9a-zA-Z_-]{27,88}(?![0-9a-zA-Z_-])/g },
];

/** Every text in the carriers that has the length of a MAC, in the encodings that it may be in. */
export function macsIn(carriers: readonly Carrier[]): readonly CarriedMac[] {
  return carriers.flatMap((carrier) =>
    macForms.flatMap(({ encoding, pattern }) =>
      [...carrier.value.matchAll(pattern)].flatMap((found): readonly CarriedMac[] => {
        const [digits] = found;
        const decoded = decodeSignatureText(digits, encoding);
        if ('problem' in decoded) return [];
        const hash = (Object.keys(macBytes) as HashName[]).find((name) => macBytes[name] === decoded.bytes.byteLength);
        return hash === undefined ? [] : [{ carrier, at: found.index, digits, encoding, hash, mac: decoded.bytes }];
      }),
    ),
  );
}

const timeForms: readonly { readonly unit: CustomOptions['timestampUnit']; readonly pattern: RegExp }[] = [
  { unit: 's', pattern: /(?<![0-9a-zA-Z])1\d{9}(?![0-9a-zA-Z])/ },
  { unit: 'ms', pattern: /(?<![0-9a-zA-Z])1\d{12}(?![0-9a-zA-Z])/ },
  { unit: 'rfc3339', pattern: /(?<![0-9a-zA-Z])20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)/ },
];

/** Timestamps that stand by themselves, or in a value that also has a MAC; those of other headers, such as cookies, are not sent to be signed. */
export function timesIn(carriers: readonly Carrier[], macs: readonly CarriedMac[]): readonly CarriedTime[] {
  return carriers.flatMap((carrier) =>
    timeForms.flatMap(({ unit, pattern }): readonly CarriedTime[] => {
      const found = pattern.exec(carrier.value);
      if (found === null) return [];
      const isAlone = found[0] === carrier.value;
      const isBesideMac = macs.some((mac) => mac.carrier === carrier);
      return isAlone || isBesideMac ? [{ carrier, at: found.index, text: found[0], unit }] : [];
    }),
  );
}

/** Ids of a message: short values of fields that are named like one. */
export function idsIn(carriers: readonly Carrier[]): readonly Carrier[] {
  return carriers
    .filter(
      ({ name, value }) =>
        /(?:^|[-_])(?:id|uuid|nonce|delivery)$/i.test(name) && value.length < 200 && !/(?:key|app|client)[-_]?id$/i.test(name),
    )
    .slice(0, 3);
}
