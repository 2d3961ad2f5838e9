import { Buffer } from 'node:buffer';
import type { Settings } from '#shared/contract/system.ts';
import type { Vault } from '../base/ports.ts';
import { createBypass, type Bypass } from '../http/proxy-bypass.ts';
import { proxyRouteAt, type ProxyChoice, type ProxyRoute } from '../http/proxy-route.ts';
import { openJson, sealJson } from '../store/sealed.ts';
import type { SecretChange, SettingsBook } from './settings.ts';

/** The proxy of the workspace. */
export interface ProxyBook {
  /** What a target goes through by the settings as they are now. */
  readonly routeFor: ProxyChoice;
  readonly hasPassword: () => boolean;
  /** Seals a password of the proxy, to be kept in one step with its address: no other proxy may be sent it. Null removes it. */
  readonly passwordChange: (password: string | null) => SecretChange;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface ProxyBookDeps {
  readonly vault: Vault;
  readonly settings: SettingsBook;
  /** Those of the process unless a test gives others. */
  readonly environment?: Environment;
}

interface Plan {
  readonly settings: object;
  readonly isBypassed: Bypass;
  /** The proxy for targets over https and over http. */
  readonly routes: { readonly 'https:': ProxyRoute | null; readonly 'http:': ProxyRoute | null };
}

type ProxySettings = Pick<Settings, 'proxy' | 'proxyUrl' | 'proxyUser' | 'noProxy' | 'bypassLoopback'>;

export function createProxyBook({ vault, settings, environment = process.env }: ProxyBookDeps): ProxyBook {
  const sealed = settings.recall<string | null>('internal.proxyPassword') ?? null;
  let password = sealed === null ? null : openJson<string>(vault, Buffer.from(sealed, 'base64'));
  let generation = 0;
  let plan: Plan | null = null;
  // Settings are one object until they change.
  const planNow = (): Plan => {
    const current = settings.get();
    if (plan?.settings === current) return plan;
    generation += 1;
    plan = { settings: current, ...planOf(current, password, environment, generation) };
    return plan;
  };
  return {
    routeFor: (target) => {
      const { routes, isBypassed } = planNow();
      const route = target.protocol === 'https:' ? routes['https:'] : routes['http:'];
      return route === null || isBypassed(target) ? null : route;
    },
    hasPassword: () => password !== null,
    passwordChange: (given) => {
      const kept = given === null ? null : Buffer.from(sealJson(vault, given)).toString('base64');
      return {
        write: (writer) => settings.remember(writer, 'internal.proxyPassword', kept),
        apply: () => {
          password = given;
          plan = null;
        },
      };
    },
  };
}

function planOf(
  { proxy, proxyUrl, proxyUser, noProxy, bypassLoopback }: ProxySettings,
  password: string | null,
  environment: Environment,
  generation: number,
): Omit<Plan, 'settings'> {
  switch (proxy) {
    case 'none':
      return { isBypassed: () => true, routes: { 'https:': null, 'http:': null } };
    case 'own': {
      const credentials = proxyUser === null ? null : { user: proxyUser, password: password ?? '' };
      const route = proxyUrl === null ? null : proxyRouteAt(proxyUrl, credentials, generation);
      return { isBypassed: createBypass(noProxy, bypassLoopback), routes: { 'https:': route, 'http:': route } };
    }
    case 'environment-variables': {
      const valueOf = (name: string) => environment[name.toLowerCase()] || environment[name] || undefined;
      const routeOf = (name: string) => environmentRoute(valueOf(name) ?? valueOf('ALL_PROXY'), generation);
      const entries = (valueOf('NO_PROXY') ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
      return {
        isBypassed: createBypass([...entries, ...noProxy], bypassLoopback),
        routes: { 'https:': routeOf('HTTPS_PROXY'), 'http:': routeOf('HTTP_PROXY') },
      };
    }
  }
}

/** In place of a variable that names no proxy: requests must not go out straight because of a slip. Its host does not exist (RFC 2606). */
const unreadable: ProxyRoute = {
  kind: 'http',
  host: 'unreadable.invalid',
  port: 1,
  name: 'of the environment variables',
  credentials: null,
  key: 'unreadable',
};

/** A proxy as a variable names it, which may lack its scheme and hold user and password. */
function environmentRoute(text: string | undefined, generation: number): ProxyRoute | null {
  if (text === undefined) return null;
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url === null) return unreadable;
  const credentials = url.username === '' ? null : { user: decoded(url.username), password: decoded(url.password) };
  return proxyRouteAt(url.href, credentials, generation) ?? unreadable;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign stands for itself.
    return text;
  }
}
