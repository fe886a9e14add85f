import { TOOLS } from '../src/tools.js';
import { testDisturbances } from './disturbances.js';

// Every other way: two files run at the same time.
testDisturbances(TOOLS.filter((_, place) => place % 2 === 0));
