// Preloaded into a measured program: as it ends, writes the most memory that it ever had, in MB, to the file that
// ATF_PEAK_FILE names. The kernel's high-water mark of this program alone: getrusage would count what its parent had.
const { readFileSync, writeFileSync } = require('node:fs');

process.on('exit', () => {
  let kilobytes = process.resourceUsage().maxRSS;
  try {
    kilobytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    // no such file on this system
  }
  writeFileSync(process.env.ATF_PEAK_FILE, String(kilobytes / 1000));
});
