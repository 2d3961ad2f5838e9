import { createRoot } from 'react-dom/client';
import { App, Locked } from './app.tsx';
import { createConnection, pageDoor } from './base/client.ts';
import { createRouter } from './base/router.ts';
import { createSession } from './stores/session.tsx';
import { keepFocus } from './base/focus-keeper.ts';
import './theme.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element with id "root".');
keepFocus(window);
// Before the router reads the address, out of which this takes the page key.
const door = pageDoor(window);
createRoot(root).render(door === null ? <Locked /> : <App session={createSession(createConnection(door), createRouter(window), window)} />);
