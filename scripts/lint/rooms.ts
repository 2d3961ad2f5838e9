/** What the code of one room may import, which decides where it can run. Everything not listed is refused. */
export interface Room {
  readonly name: string;
  /** Folder whose files are the room's, or a pattern for single files; the first room that matches owns the file. */
  readonly files: RegExp;
  /** Files of the checkout that the room may import, beside its own. */
  readonly mayImport: readonly RegExp[];
  /** Files of the checkout of which it may import types only. */
  readonly mayImportTypes?: readonly RegExp[];
  /** Whether Node's own modules exist where the room runs. */
  readonly node: boolean;
  /** Packages classified for the room, by package name; a new dependency is one line here. */
  readonly packages: readonly string[];
  readonly floors?: Floors;
}

/** The order of the folders inside a room. A folder may import from its own files and from floors below its own, types included. */
export interface Floors {
  /** Path of the folder whose subfolders they are, with a slash at the end. */
  readonly base: string;
  /** From the lowest to the highest. */
  readonly order: readonly (readonly string[])[];
  /** The floor of the files that are in no subfolder. */
  readonly loose: number;
}

const shared = /^src\/shared\//;
const engineFace = /^src\/main\/engine\/index\.ts$/;
/** Atomic file writes: engine and hosts share one function, and the command line does not load the engine for it. */
const wholeFiles = /^src\/main\/engine\/store\/(write-whole|private-files)\.ts$/;
/** The engine from its basics to what the contract calls; docs/architecture.md draws it. */
const engineFloors: readonly (readonly string[])[] = [
  ['base'],
  ['background', 'bodies', 'http'],
  ['signing', 'store', 'templates'],
  ['auth', 'capture', 'endpoints', 'environments', 'events', 'policies', 'profiles', 'settings', 'snippets', 'template-versions'],
  ['health', 'sources', 'streams', 'tunnels'],
  ['log', 'request'],
  ['comparing', 'dispatch', 'messages', 'retention', 'verifying'],
  ['deliveries'],
  ['handshakes', 'project', 'receiver-tests', 'relay', 'replays', 'waits'],
  ['checks', 'runs'],
  ['procedures', 'threads'],
  ['agents'],
];

/** Facts about providers, then vocabulary and texts, then decisions over them and the reading of pastes. */
const sharedFloors: readonly (readonly string[])[] = [
  ['json', 'names', 'providers'],
  ['contract'],
  ['handshakes'],
  ['profiles', 'text'],
  [],
  ['agents', 'deciding', 'health', 'recognise', 'request-code'],
  ['import', 'what-if'],
];

/** The window, from code without UI to its areas; lower areas serve those above them. */
const rendererFloors: readonly (readonly string[])[] = [
  ['base'],
  ['stores'],
  ['ui'],
  ['editor', 'frame'],
  ['features/comparing', 'features/runs'],
  [
    'features/snippets-panel',
    'features/policies',
    'features/auths',
    'features/environments',
    'features/deliveries',
    'features/relays',
    'features/what-if',
  ],
  ['features/verify', 'features/events', 'features/settings'],
  ['features/captures'],
  ['features/compose'],
  ['features/endpoints'],
];

const sharedByHosts = /^src\/main\/hosts\/shared\//;
/** The Model Context Protocol, which is served over HTTP and standard input. */
const agentHost = /^src\/main\/hosts\/mcp\//;

/** The dependency rule of the project, enforced by the linter on every import. */
export const rooms: readonly Room[] = [
  {
    name: 'src/shared',
    files: shared,
    mayImport: [],
    node: false,
    packages: ['zod', '@orpc/contract', 'jsonc-parser', 'tinyqueue'],
    floors: { base: 'src/shared/', order: sharedFloors, loose: 4 },
  },
  {
    // `hookyard/client` of the package: compiled file by file into out/client and out/shared, so that it holds nothing of the engine.
    name: 'src/client',
    files: /^src\/client\//,
    mayImport: [/^src\/shared\/names\/nearest-name\.ts$/],
    node: true,
    packages: [],
  },
  {
    name: 'src/main/engine',
    files: /^src\/main\/engine\//,
    mayImport: [shared],
    node: true,
    packages: [
      'zod',
      '@cfworker/json-schema',
      '@orpc/contract',
      '@orpc/server',
      'better-sqlite3',
      'jsonc-parser',
      'kysely',
      'liquidjs',
      'tinyqueue',
      'undici',
      'yaml',
    ],
    floors: { base: 'src/main/engine/', order: engineFloors, loose: engineFloors.length },
  },
  {
    name: 'src/main/hosts/shared',
    files: sharedByHosts,
    mayImport: [shared, engineFace, wholeFiles],
    node: true,
    packages: ['commander', 'pino', 'zod', '@orpc/client', '@orpc/server', '@orpc/standard-server-peer'],
  },
  {
    name: 'src/main/hosts/mcp',
    files: /^src\/main\/hosts\/mcp\//,
    mayImport: [shared],
    node: true,
    packages: ['@modelcontextprotocol/server', '@orpc/contract'],
  },
  {
    name: 'src/main/hosts/electron',
    files: /^src\/main\/hosts\/electron\//,
    mayImport: [shared, engineFace, wholeFiles, sharedByHosts],
    node: true,
    packages: ['electron', 'zod'],
  },
  {
    name: 'src/main/hosts/headless',
    files: /^src\/main\/hosts\/headless\//,
    mayImport: [shared, engineFace, wholeFiles, sharedByHosts, agentHost],
    node: true,
    packages: [
      '@fastify/cookie',
      '@modelcontextprotocol/server',
      '@fastify/helmet',
      '@fastify/static',
      'fastify',
      'ws',
      'commander',
      '@orpc/openapi',
      '@orpc/server',
      '@orpc/zod',
      'pino',
      'zod',
    ],
  },
  {
    name: 'src/main/hosts/cli',
    files: /^src\/main\/hosts\/cli\//,
    // `hookyard serve` is the headless host.
    mayImport: [shared, engineFace, wholeFiles, sharedByHosts, agentHost, /^src\/main\/hosts\/headless\//],
    node: true,
    packages: [
      '@modelcontextprotocol/server',
      'commander',
      '@orpc/client',
      '@orpc/contract',
      '@orpc/openapi-client',
      '@orpc/server',
      'ws',
      'zod',
    ],
  },
  {
    name: 'src/main (entries)',
    files: /^src\/main\/(?:index|serve|cli)\.ts$/,
    mayImport: [shared, /^src\/main\/hosts\//],
    node: true,
    packages: [],
  },
  {
    name: 'src/preload',
    files: /^src\/preload\//,
    mayImport: [],
    mayImportTypes: [shared],
    node: false,
    packages: ['electron'],
  },
  {
    name: 'src/renderer',
    files: /^src\/renderer\//,
    mayImport: [shared],
    node: false,
    packages: [
      'react',
      'react-dom',
      'zustand',
      '@mantine/core',
      '@mantine/form',
      '@mantine/hooks',
      '@mantine/notifications',
      '@mantine/spotlight',
      '@monaco-editor/react',
      'jsonc-parser',
      'monaco-editor',
      '@orpc/client',
      '@orpc/contract',
      '@tabler/icons-react',
      '@tanstack/react-virtual',
    ],
    floors: { base: 'src/renderer/', order: rendererFloors, loose: rendererFloors.length },
  },
];
