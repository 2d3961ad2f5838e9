import { join } from 'node:path';

/**
 * The search path of this process with the folders where people have their programs. An app that is started from the Finder does not get
 * the path of a shell, so the programs of tunnels would not be found.
 */
export function programPath({
  platform,
  path = '',
  homeDir,
}: {
  readonly platform: NodeJS.Platform;
  readonly path: string | undefined;
  readonly homeDir: string;
}): string {
  if (platform !== 'darwin') return path;
  const folders = path.split(':').filter((folder) => folder !== '');
  const usual = ['/opt/homebrew/bin', '/usr/local/bin', join(homeDir, '.local/bin'), '/Applications/Tailscale.app/Contents/MacOS'];
  return [...folders, ...usual.filter((folder) => !folders.includes(folder))].join(':');
}
