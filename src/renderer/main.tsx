import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createConnection, pageDoor } from './client.ts';
import { createRouter } from './router.ts';
import { createSession } from './session.tsx';
import { keepFocus } from './focus-keeper.ts';
import './theme.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element with id "root".');
const session = createSession(createConnection(pageDoor(window)), createRouter(window), window);
keepFocus(window);
createRoot(root).render(<App session={session} />);
