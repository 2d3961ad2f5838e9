import { expect, it } from 'vitest';
import { programPath } from '#hosts/electron/program-path.ts';

it('adds the folders of package managers on macOS, behind those that are there, and nothing elsewhere', () => {
  const homeDir = '/Users/ann';
  expect(programPath({ platform: 'darwin', path: '/usr/bin:/usr/local/bin', homeDir })).toBe(
    '/usr/bin:/usr/local/bin:/opt/homebrew/bin:/Users/ann/.local/bin:/Applications/Tailscale.app/Contents/MacOS',
  );
  expect(programPath({ platform: 'linux', path: '/usr/bin', homeDir })).toBe('/usr/bin');
});
