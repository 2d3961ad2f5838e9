import { bodyLayout, type HashName } from './shapes/layout.ts';
import { sha1Hex, type Tell } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

const tells: readonly Tell[] = [{ header: 'Link', value: /rel="?(?:hub|self)\b/i }];
const webSubHashes: readonly HashName[] = ['sha1', 'sha384', 'sha512'];

/** What is known of WebSub. */
export const websub = provider({
  name: 'WebSub',
  schemes: {
    websub: {
      kind: 'mac',
      options: 'none',
      title: 'WebSub',
      layouts: [
        bodyLayout('X-Hub-Signature', { prefix: 'sha256=' }),
        ...webSubHashes.map((hash) => bodyLayout('X-Hub-Signature', { hash, prefix: `${hash}=` })),
      ],
      key: 'text',
      secretHint: 'hub.secret of the subscription',
      replayKey: null,
      source: 'https://www.w3.org/TR/websub/',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'The hub chooses the hash and names it before the signature; a receiver may refuse sha1.',
      library: null,
      marks: [
        { header: 'X-Hub-Signature', value: sha1Hex, tells, group: 'hub sha1', isConvention: true },
        { header: 'X-Hub-Signature', value: /^sha(?:256|384|512)=[0-9a-f]{64,128}$/i, tells, group: 'hub sha2', isConvention: true },
      ],
    },
  },
});
