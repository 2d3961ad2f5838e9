import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = resolve(import.meta.dirname, '../..');
const swaps: readonly (readonly [RegExp, string])[] = [
  [/\/thread-url\.ts$/, 'test/support/built-threads.ts'],
  [/\/src\/main\/serve\.ts$/, 'out/main/serve.js'],
];

// For processes that load the engine from its sources: its threads and the host are up in half of the time from the build.
registerHooks({
  resolve: (specifier, context, next) => {
    const built = swaps.find(([name]) => name.test(specifier))?.[1];
    return next(built === undefined ? specifier : pathToFileURL(resolve(root, built)).href, context);
  },
});
