import { describeConformance } from './conformance.ts';
import { openMessagePort } from './doors.ts';

describeConformance('a MessagePort', openMessagePort);
