import { describeConformance } from './conformance.ts';
import { openRest } from './doors.ts';

describeConformance('REST', openRest);
