import { TOOLS } from '../src/tools.js';
import { testDisturbances } from './disturbances.js';

// Every fourth way, from the first: the files run side by side.
testDisturbances(TOOLS.filter((_, place) => place % 4 === 0));
