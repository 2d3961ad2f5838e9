import { hex64 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { hmacHex, inHeader, inSignatureHeader, literal, plain } from './shapes/receiver.ts';

/** What is known of Contentful. */
export const contentful = provider({
  name: 'Contentful',
  schemes: {
    contentful: {
      kind: 'code',
      options: 'tolerance',
      title: 'Contentful',
      description: 'HMAC-SHA256 over the method, the path, the headers that it names, and the body, in hex.',
      headers: ['x-contentful-signature', 'x-contentful-signed-headers', 'x-contentful-timestamp'],
      algorithm: 'HMAC-SHA256',
      secretHint: 'The signing secret, exactly 64 characters',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: 30,
      source: 'https://www.contentful.com/developers/docs/webhooks/request-verification/',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'The path is signed without the host, and its query is escaped twice; a request is late after 30 seconds already.',
      library: {
        name: '@contentful/node-apps-toolkit',
        time: 'past',
        toleranceSeconds: 30,
        body: 'text',
        wantsLowerCase: true,
        parsesTimestamp: true,
        also: 'leaves out headers that the list names and the request lacks',
      },
      receiver: {
        ...plain,
        proof: hmacHex,
        signature: inSignatureHeader('x-contentful-signature'),
        time: inHeader('x-contentful-timestamp', 'ms', 30),
        listHeader: 'x-contentful-signed-headers',
        signed: [
          { kind: 'method' },
          literal('\n'),
          { kind: 'path' },
          literal('\n'),
          { kind: 'listed-lines' },
          literal('\n'),
          { kind: 'body' },
        ],
        notes: ['Register the webhook without a query: how Contentful escapes one is not confirmed, so this code refuses it.'],
      },
      marks: [{ header: 'x-contentful-signature', value: hex64, along: ['x-contentful-signed-headers', 'x-contentful-timestamp'] }],
      libraryCalls: {
        node: {
          dependency: '@contentful/node-apps-toolkit',
          imports: [`import { verifyRequest } from '@contentful/node-apps-toolkit';`],
          call: `verifyRequest(secret, { method, path: target, headers, body: body.toString() }, toleranceSeconds)`,
          answers: 'boolean',
          remark: 'The library accepts any time in the future.',
        },
      },
    },
  },
});
