import { TOOLS } from '../src/tools.js';
import { testDisturbances } from './disturbances.js';

// The ways that disturbed-1.test.ts leaves out.
testDisturbances(TOOLS.filter((_, place) => place % 2 === 1));
