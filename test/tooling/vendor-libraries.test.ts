import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorCodeOf, isUnreachable, vendorFolder } from '../../scripts/vendor-libraries.ts';

describe('what npm ends with', () => {
  it.each(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ERR_SOCKET_TIMEOUT', 'E403', 'E503', 'CERT_HAS_EXPIRED'])(
    'means that the registry cannot be reached: %s',
    (code) => {
      expect(isUnreachable(errorCodeOf(`npm warn x\nnpm error code ${code}\nnpm error errno ${code}\n`))).toBe(true);
    },
  );

  it.each([
    'npm error code EUSAGE\n',
    'npm ERR! code EINTEGRITY\n',
    'npm error code ETARGET\n',
    'npm error code E404\n',
    'spawn npm ENOENT\n',
    '',
  ])('means that something else is wrong: %j', (output) => {
    expect(isUnreachable(errorCodeOf(output))).toBe(false);
  });
});

describe('the package of the vendor libraries', () => {
  const manifest = z
    .object({ private: z.literal(true), dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(vendorFolder, 'package.json'), 'utf8')));

  it('is never published, and names exact versions', () => {
    expect(Object.values(manifest.dependencies)).not.toEqual([]);
    for (const version of Object.values(manifest.dependencies)) expect(version).toMatch(/^(npm:@?[\w./-]+@)?\d+\.\d+\.\d+$/);
  });
});
