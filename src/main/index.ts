import { runDesktop } from '#hosts/electron/desktop.ts';

// The desktop app: the engine, one sandboxed window, and a port between them.
runDesktop();
