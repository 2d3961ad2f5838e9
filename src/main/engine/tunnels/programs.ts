import type { TunnelProgramName } from '#shared/contract/tunnels.ts';

/** A program that makes a local port public, as it is started and as it speaks. */
export interface TunnelProgramFacts {
  readonly name: TunnelProgramName;
  readonly title: string;
  /** Names of the program on the path, the newest first. */
  readonly commands: readonly string[];
  readonly install: string;
  readonly args: (localUrl: string) => readonly string[];
  /** Finds the public URL in lines of its output; null while it has not said it. */
  readonly publicUrlIn: (line: string, before: string) => string | null;
  /** What a line says is wrong; null for other lines. */
  readonly problemIn: (line: string) => string | null;
}

const quickTunnel = /https:\/\/[a-z0-9-]+\.trycloudflare\.com\b/;

/** Field of a line of JSON, as a text. */
function fieldOf(line: string, name: string): string | null {
  if (!line.startsWith('{')) return null;
  try {
    const value = (JSON.parse(line) as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

/** A plain https URL, without a slash at the end. */
function plainHttps(text: string): string | null {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  return url === null || url.protocol !== 'https:' ? null : `${url.origin}${url.pathname === '/' ? '' : url.pathname.replace(/\/$/, '')}`;
}

/**
 * Formats of the output as of 2026-11: cloudflared prints a box with the URL on standard error, ngrok lines of JSON with "started tunnel",
 * tailscale the URL on a line of its own after "Available on the internet:", zrok a line of log or JSON with the host after "endpoints:".
 */
export const tunnelPrograms: readonly TunnelProgramFacts[] = [
  {
    name: 'cloudflared',
    title: 'Cloudflare quick tunnel',
    commands: ['cloudflared'],
    install: 'Install cloudflared from developers.cloudflare.com; a quick tunnel needs no account.',
    args: (localUrl) => ['tunnel', '--no-autoupdate', '--url', localUrl],
    publicUrlIn: (line) => quickTunnel.exec(line)?.[0] ?? null,
    problemIn: (line) => (/ (?:ERR|FTL) /.test(line) ? line.replace(/^.*? (?:ERR|FTL) /, '') : null),
  },
  {
    name: 'ngrok',
    title: 'ngrok',
    commands: ['ngrok'],
    install: 'Install ngrok from ngrok.com/download, and add your token once with "ngrok config add-authtoken TOKEN".',
    args: (localUrl) => ['http', localUrl, '--log', 'stdout', '--log-format', 'json'],
    publicUrlIn: (line) => (fieldOf(line, 'msg') === 'started tunnel' ? plainHttps(fieldOf(line, 'url') ?? '') : null),
    problemIn: (line) => {
      const level = fieldOf(line, 'lvl');
      const error = fieldOf(line, 'err');
      if (level === 'eror' || level === 'crit') return error ?? fieldOf(line, 'msg');
      return /^ERROR: +\S/.test(line) ? line.replace(/^ERROR: +/, '') : null;
    },
  },
  {
    name: 'tailscale',
    title: 'Tailscale Funnel',
    commands: ['tailscale'],
    install: 'Install Tailscale from tailscale.com/download, run "tailscale up", and allow Funnel in the admin console.',
    args: (localUrl) => ['funnel', localUrl],
    publicUrlIn: (line, before) => {
      if (!before.includes('Available on the internet:') && !line.includes('Available on the internet:')) return null;
      const found = /https:\/\/[^\s]+/.exec(line)?.[0];
      return found === undefined ? null : plainHttps(found);
    },
    problemIn: (line) => (/^(?:error|Funnel is not enabled|.*not logged in|.*To enable)/i.test(line) ? line : null),
  },
  {
    name: 'zrok',
    title: 'zrok',
    commands: ['zrok2', 'zrok'],
    install: 'Install zrok from docs.zrok.io, and enable it once with "zrok enable TOKEN".',
    args: (localUrl) => ['share', 'public', '--headless', localUrl],
    publicUrlIn: (line, before) => {
      const text = fieldOf(line, 'msg') ?? line;
      const after = /following endpoints:\s*(\S+)/.exec(text)?.[1];
      if (after !== undefined) return plainHttps(after);
      // Where it writes no JSON, the host stands on the next line.
      return /following endpoints:\s*$/.test(before) ? plainHttps(text.trim()) : null;
    },
    problemIn: (line) => (/\b(?:ERROR|FATAL|panic)\b|\[ERROR\]|unable to/i.test(line) ? (fieldOf(line, 'msg') ?? line) : null),
  },
];
