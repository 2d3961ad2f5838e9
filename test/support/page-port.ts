import { EventEmitter } from 'node:events';
import type { Page } from '@playwright/test';

/** Name of the binding and of the function that carry messages between a page's port and the test. */
const toTest = 'hookyardPortToTest';
const toPage = 'hookyardPortToPage';

/** This process's end of a MessagePort that lives in a page; events carry `data`, as Electron's do. */
class PagePort extends EventEmitter {
  private readonly page: Page;

  constructor(page: Page) {
    super();
    this.page = page;
  }
  start(): void {
    this.emit('stand-in:started');
  }
  postMessage(data: unknown): void {
    // The page may be gone by now, as a window may; its port is then closed and takes nothing.
    this.page
      .evaluate(([name, text]) => Reflect.apply(Reflect.get(window, name), null, [text]), [toPage, textOf(data)] as const)
      .catch(() => this.emit('close'));
  }
  close(): void {
    this.emit('close');
  }
}

/** Joins a port of the page, which the page's code hands to `window.hookyardJoin(port)`, with an end in this process. */
export async function bridgePagePort(page: Page): Promise<PagePort> {
  const port = new PagePort(page);
  await page.exposeFunction(toTest, (text: string) => void port.emit('message', { data: text, ports: [] }));
  await page.addInitScript(installJoin, { toTest, toPage });
  return port;
}

/** Runs in the page. */
function installJoin(names: { readonly toTest: string; readonly toPage: string }): void {
  const join = (port: MessagePort) => {
    Object.assign(window, { [names.toPage]: (text: string) => port.postMessage(text) });
    port.addEventListener('message', (event) => Reflect.apply(Reflect.get(window, names.toTest), null, [event.data]));
    port.start();
  };
  Object.assign(window, { hookyardJoin: join });
}

function textOf(data: unknown): string {
  if (typeof data === 'string') return data;
  throw new TypeError('Only text passes between a page and a test; this message is of another kind.');
}
