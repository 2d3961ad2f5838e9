import { build } from './build.ts';

// `npm run build`.
process.exitCode = build() ? 0 : 1;
