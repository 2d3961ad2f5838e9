import { describeConformance } from './conformance.ts';
import { openWebSocket } from './doors.ts';

describeConformance('a WebSocket', openWebSocket);
