import { Buffer } from 'node:buffer';
import { schemes } from '#engine/signing/registry.ts';
import { hostileBodies } from '../../../test/support/hostile-requests.ts';
import { bodyBytes, mib, rest, type HostileAct } from './act.ts';
import { captureUrlOf, makeBin, slugFor } from './bins.ts';

function captureAct(scheme: string | null, name: string, make: () => string | Uint8Array<ArrayBuffer>, copies = 1): HostileAct {
  return {
    name,
    group: 'captures',
    prepare: (host) => makeBin(host, scheme),
    act: async (host) => {
      const url = `${await captureUrlOf(host)}/${slugFor(scheme)}`;
      const body = make();
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' };
      const answers = await Promise.all(Array.from({ length: copies }, () => fetch(url, { method: 'POST', body, headers })));
      return [...new Set(answers.map(({ status }) => status))].join(' and ');
    },
  };
}

/** Schemes that read the body, each in its own way. */
export const readers = ['adyen-payments', 'linear', 'mailgun', 'twilio-form', 'box', 'zoom'];

/** Large bodies captured, in bins of every scheme. */
export function captureActs(): readonly HostileAct[] {
  const deep = hostileBodies[0];
  return [
    captureAct(null, '15 MiB in a bin that verifies nothing', () => Buffer.alloc(bodyBytes, 'x')),
    captureAct(null, '100 of 4 MiB at once', () => Buffer.alloc(4 * mib, 'x'), 100),
    ...schemes.map(({ id }) => captureAct(id, `15 MiB of lists in lists, ${id}`, () => deep?.make(bodyBytes) ?? '')),
    ...readers.flatMap((scheme) =>
      hostileBodies.slice(1).map(({ name, make }) => captureAct(scheme, `15 MiB, ${name}, ${scheme}`, () => make(bodyBytes))),
    ),
    {
      name: 'a text that is nowhere, in captures of up to 15 MiB',
      group: 'search',
      act: (host) => rest(host, 'GET', '/captures?q=nowhere-to-be-found'),
    },
  ];
}
