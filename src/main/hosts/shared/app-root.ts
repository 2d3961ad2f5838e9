import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/**
 * Folder that holds Hookyard's package.json: the checkout, or the unpacked app. Found by walking up, because this code
 * runs both from its source and from a bundle that lies elsewhere.
 */
export function findAppRoot(from: string = import.meta.dirname): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) return from;
    folder = parent;
  }
  return folder;
}

const manifest = z.object({ version: z.string() });

/** Version of this Hookyard, such as `0.1.0`. */
export function appVersion(root: string = findAppRoot()): string {
  return manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version;
}
