import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

/**
 * Stands in for the `electron` module where there is no Electron: it keeps what the app asks of it, so that a test can
 * look at it and play the part of Chromium. It decides nothing and so cannot make a refusal look better than it is.
 */

type Handler = (...given: never[]) => unknown;

/** An event of Electron that a listener may prevent. */
export class PreventableEvent {
  defaultPrevented = false;
  readonly preventDefault = () => {
    this.defaultPrevented = true;
  };
}

/** Electron's end of a port: an emitter whose events carry `data`, silent until it is started. */
export class MessagePortMain extends EventEmitter {
  private readonly port: MessagePort;
  isStarted = false;
  isClosed = false;

  constructor(port: MessagePort) {
    super();
    this.port = port;
  }
  start(): void {
    this.isStarted = true;
    this.port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
    this.port.on('close', () => this.emit('close'));
  }
  postMessage(data: unknown): void {
    this.port.postMessage(data);
  }
  close(): void {
    this.isClosed = true;
    this.port.close();
  }
}

/** A port as the page has it and the end that Electron would hand to the main process. */
export function createPort(): { readonly page: MessagePort; readonly main: MessagePortMain } {
  const { port1, port2 } = new MessageChannel();
  return { page: port1, main: new MessagePortMain(port2) };
}

export interface Frame {
  readonly url: string;
}

export class WebContents extends EventEmitter {
  mainFrame: Frame = { url: 'about:blank' };
  windowOpenHandler: ((details: { readonly url: string }) => { readonly action: string }) | null = null;
  reloads = 0;
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { readonly action: string }): void {
    this.windowOpenHandler = handler;
  }
  reload(): void {
    this.reloads += 1;
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = [];
  static getAllWindows(): readonly BrowserWindow[] {
    return BrowserWindow.all;
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return BrowserWindow.all.find((window) => window.webContents === contents) ?? null;
  }

  readonly webContents = new WebContents();
  readonly options: { readonly webPreferences?: Readonly<Record<string, unknown>> } & Readonly<Record<string, unknown>>;
  readonly calls: string[] = [];
  isSmall = false;

  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    BrowserWindow.all.push(this);
  }
  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame = { url };
    this.calls.push(`loadURL ${url}`);
    queueMicrotask(() => {
      this.emit('ready-to-show');
      app.emit('stand-in:window', this);
    });
    return Promise.resolve();
  }
  show(): void {
    this.calls.push('show');
  }
  focus(): void {
    this.calls.push('focus');
  }
  isMinimized(): boolean {
    return this.isSmall;
  }
  restore(): void {
    this.calls.push('restore');
  }
  getNormalBounds(): Rectangle {
    return { x: 10, y: 20, width: 1100, height: 750 };
  }
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

class App extends EventEmitter {
  readonly isPackaged = false;
  readonly paths = new Map<string, string>();
  readonly calls: string[] = [];
  hasLock = true;
  private readonly end = Promise.withResolvers<number>();
  /** Exit code with which the app has ended. */
  readonly ended = this.end.promise;
  getAppPath(): string {
    return process.cwd();
  }
  setPath(name: string, path: string): void {
    this.paths.set(name, path);
  }
  requestSingleInstanceLock(): boolean {
    return this.hasLock;
  }
  enableSandbox(): void {
    this.calls.push('enableSandbox');
  }
  whenReady(): Promise<void> {
    this.calls.push('whenReady');
    return Promise.resolve();
  }
  /** As Electron does: asks, and ends only when no listener prevents it. */
  quit(): void {
    this.calls.push('quit');
    const event = new PreventableEvent();
    this.emit('before-quit', event);
    if (!event.defaultPrevented) this.end.resolve(0);
  }
  exit(code: number): void {
    this.calls.push(`exit ${code}`);
    this.end.resolve(code);
  }
}

export const app = new App();

interface Scheme {
  readonly scheme: string;
  readonly privileges: Readonly<Record<string, boolean>>;
}

/** Custom schemes: what was registered, before ready or not, and the handlers. */
export const protocol = {
  schemes: [] as Scheme[],
  isRegisteredBeforeReady: false,
  handlers: new Map<string, (request: Request) => Promise<Response>>(),
  registerSchemesAsPrivileged(schemes: readonly Scheme[]): void {
    protocol.schemes.push(...schemes);
    protocol.isRegisteredBeforeReady = !app.calls.includes('whenReady');
  },
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void {
    protocol.handlers.set(scheme, handler);
  },
};

/** Permission handlers as the app has set them. */
export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    handlers: {} as Record<'request' | 'check' | 'device', Handler>,
    setPermissionRequestHandler: (handler: Handler) => void (session.defaultSession.handlers.request = handler),
    setPermissionCheckHandler: (handler: Handler) => void (session.defaultSession.handlers.check = handler),
    setDevicePermissionHandler: (handler: Handler) => void (session.defaultSession.handlers.device = handler),
  }),
};

export const ipcMain = new EventEmitter();

export const dialog = {
  errors: [] as { readonly title: string; readonly content: string }[],
  showErrorBox(title: string, content: string): void {
    dialog.errors.push({ title, content });
  },
};

export const shell = {
  opened: [] as string[],
  openExternal(url: string): Promise<void> {
    shell.opened.push(url);
    return Promise.resolve();
  },
};

type MenuTemplate = readonly { readonly role?: string; readonly label?: string }[];

export const Menu = {
  template: null as MenuTemplate | null,
  buildFromTemplate: (template: MenuTemplate) => ({ template }),
  setApplicationMenu(menu: { readonly template: MenuTemplate }): void {
    Menu.template = menu.template;
  },
};

export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};

export const nativeTheme = { shouldUseDarkColors: false };

/** A key store that writes its secrets down in another alphabet, or none at all. */
export const safeStorage = {
  isAvailable: true,
  backend: 'gnome_libsecret',
  isAsyncEncryptionAvailable: () => Promise.resolve(safeStorage.isAvailable),
  getSelectedStorageBackend: () => safeStorage.backend,
  encryptStringAsync: (plain: string) => Promise.resolve(Buffer.from(`sealed:${Buffer.from(plain, 'utf8').toString('hex')}`, 'utf8')),
  decryptStringAsync(sealed: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }> {
    const text = sealed.toString('utf8');
    if (!safeStorage.isAvailable || !text.startsWith('sealed:')) return Promise.reject(new Error('Error while decrypting the ciphertext.'));
    return Promise.resolve({ result: Buffer.from(text.slice('sealed:'.length), 'hex').toString('utf8'), shouldReEncrypt: false });
  },
};
