import type { LibraryTraits } from './shapes/library.ts';
import { base64Of32, hex64 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { hashOfBoth, hmacBase64, inHeader, inSignatureHeader, pieces, plain } from './shapes/receiver.ts';

/** What its library does with v1 and v2. */
const hashLibrary: LibraryTraits = {
  name: '@hubspot/api-client',
  body: 'text',
  time: 'none',
  toleranceSeconds: null,
  wantsLowerCase: true,
};

/** What is known of HubSpot. */
export const hubspot = provider({
  name: 'HubSpot',
  schemes: {
    'hubspot-v3': {
      kind: 'code',
      options: 'tolerance',
      title: 'HubSpot v3',
      description: 'HMAC-SHA256 over the method, the URL, the body and the timestamp, in base64.',
      headers: ['X-HubSpot-Signature-v3', 'X-HubSpot-Request-Timestamp'],
      algorithm: 'HMAC-SHA256',
      secretHint: 'The client secret of the app, as text',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: 300,
      source: 'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'The timestamp counts milliseconds, and the URL is signed with %3A %2F %3F %40 %21 %24 %27 %28 %29 %2A %2C %3B decoded.',
      library: {
        name: '@hubspot/api-client',
        body: 'text',
        time: 'past',
        toleranceSeconds: 300,
        parsesTimestamp: true,
        also: 'does not decode the URL: hand it the decoded one',
      },
      receiver: {
        ...plain,
        proof: hmacBase64,
        signature: inSignatureHeader('X-HubSpot-Signature-v3'),
        time: inHeader('X-HubSpot-Request-Timestamp', 'ms', 300),
        signed: pieces('method', 'decoded-url', 'body', 'timestamp'),
      },
      marks: [{ header: 'X-HubSpot-Signature-v3', value: base64Of32, along: ['X-HubSpot-Request-Timestamp'] }],
      libraryCalls: {
        node: {
          dependency: '@hubspot/api-client',
          imports: [`import hubspot from '@hubspot/api-client';`],
          call: [
            `hubspot.Signature.isValid({`,
            `        signatureVersion: 'v3',`,
            `        signature: headers['x-hubspot-signature-v3'],`,
            `        clientSecret: secret,`,
            `        requestBody: body.toString(),`,
            `        url: url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent),`,
            `        method,`,
            `        timestamp: Number(headers['x-hubspot-request-timestamp']),`,
            `      })`,
          ].join('\n'),
          answers: 'boolean',
          remark: 'The library accepts any time in the future.',
        },
      },
    },
    'hubspot-v1': {
      kind: 'code',
      options: 'none',
      title: 'HubSpot v1',
      description: 'SHA-256 of the client secret and the body, in hex; not an HMAC.',
      headers: ['X-HubSpot-Signature', 'X-HubSpot-Signature-Version'],
      algorithm: 'SHA-256 over secret and request',
      secretHint: 'The client secret of the app, as text',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      source: 'https://developers.hubspot.com/docs/faq/v1-request-validation',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'The secret is put before the body and hashed: an HMAC of the two does not match.',
      library: hashLibrary,
      receiver: {
        ...plain,
        proof: hashOfBoth,
        signature: inSignatureHeader('X-HubSpot-Signature'),
        fixedHeader: ['X-HubSpot-Signature-Version', 'v1'],
        signed: pieces('body'),
      },
      marks: [
        {
          header: 'X-HubSpot-Signature',
          value: hex64,
          tells: [{ header: 'X-HubSpot-Signature-Version', value: /^v1$/i }],
          group: 'hubspot',
          standing: 'usual',
        },
      ],
    },
    'hubspot-v2': {
      kind: 'code',
      options: 'none',
      title: 'HubSpot v2',
      description: 'SHA-256 of the client secret, the method, the URL and the body, in hex; not an HMAC.',
      headers: ['X-HubSpot-Signature', 'X-HubSpot-Signature-Version'],
      algorithm: 'SHA-256 over secret and request',
      secretHint: 'The client secret of the app, as text',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      source: 'https://developers.hubspot.com/docs/faq/v2-request-validation',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall:
        'The URL is signed as HubSpot called it, scheme and order of the query included: rebuild it from the forwarded values behind a proxy.',
      library: hashLibrary,
      receiver: {
        ...plain,
        proof: hashOfBoth,
        signature: inSignatureHeader('X-HubSpot-Signature'),
        fixedHeader: ['X-HubSpot-Signature-Version', 'v2'],
        signed: pieces('method', 'url', 'body'),
      },
      marks: [
        {
          header: 'X-HubSpot-Signature',
          value: hex64,
          tells: [{ header: 'X-HubSpot-Signature-Version', value: /^v2$/i }],
          group: 'hubspot',
        },
      ],
    },
  },
});
