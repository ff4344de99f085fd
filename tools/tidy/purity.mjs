// The machines and the mathematics do no I/O (design decisions 0001 and 0002): no clocks, sleeps,
// threads, sockets, logging or randomness. Each ban names what to do instead.
import { codeOnly, eachLine, finding, isCpp, isTypeScript } from './text.mjs';

const clock = 'take the time as an argument (`now`)';
const timer = 'say when to be woken (wake_at) and handle WakeUp';
const thread = 'a machine belongs to one thread; its owner serialises events';
const socket = 'return an effect; net/ and app/ do the I/O';
const log = 'return an effect; only app/ logs';
const random = 'ids and random numbers are passed in';

const cpp = [
  [/\b(system|steady|high_resolution|utc|file)_clock\b|\b(gettimeofday|clock_gettime|localtime|gmtime)\b|\bstd::time\b|\btime\s*\(\s*(nullptr|NULL|0)\s*\)/, clock],
  [/\bthis_thread\b|\bsleep_(for|until)\b|\b(usleep|nanosleep|sleep)\s*\(/, timer],
  [/\bstd::(j?thread|async|future|promise|mutex|shared_mutex|condition_variable|atomic\w*|lock_guard|unique_lock)\b|\bthread_local\b/, thread],
  [/\b(asio|beast)::|\b(recv|sendto|accept|connect)\s*\(\s*\w*fd\b/, socket],
  [/\bspdlog::|\bstd::(cout|cerr|clog)\b|\b(f?printf|puts|syslog)\s*\(/, log],
  [/\brandom_device\b|\bmt19937\w*|\bs?rand\s*\(|\bgetrandom\s*\(|\bRAND_bytes\b|\buniform_\w+_distribution\b/, random],
];
const cppHeaders = [
  [/^(thread|mutex|future|atomic|condition_variable|semaphore|latch|barrier|stop_token)$/, thread],
  [/^(iostream|fstream|cstdio|stdio\.h|syslog\.h)$/, log],
  [/^(random|openssl\/rand\.h)$/, random],
  [/^(unistd\.h|sys\/.*|netinet\/.*)$/, socket],
  [/^(ctime|time\.h)$/, clock],
];
const typeScript = [
  [/\bDate\b|\bperformance\s*\./, 'take the time as an argument (`nowMs`)'],
  [/\b(set|clear)(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\b(request|cancel)AnimationFrame\b/, 'return when to be called next; hosts/ owns the timers'],
  [/\b(window|document|globalThis|navigator|localStorage|sessionStorage)\b/, 'globals belong to hosts/'],
  [/\bWebSocket\b|\bfetch\s*\(|\bXMLHttpRequest\b|\bWorker\b/, 'return what to send; session/ sends it'],
  [/\bconsole\s*\./, 'return a value; ui/ and hosts/ show it'],
  [/\bMath\.random\b|\bcrypto\b/, random],
];

const pure = [
  { inside: (path) => /^server\/src\/(core|edge)\//.test(path) && isCpp(path), bans: cpp, headers: cppHeaders },
  { inside: (path) => path.startsWith('client/src/sync/') && isTypeScript(path), bans: typeScript, headers: [] },
];

export function purity(files) {
  const found = [];
  for (const { inside, bans, headers } of pure) {
    const code = new Map();
    for (const [path, text] of files) if (inside(path)) code.set(path, codeOnly(text));
    eachLine(code, () => true, (line, number, path) => {
      const header = /^\s*#\s*include\s*<([^>]+)>/.exec(line)?.[1];
      const list = header ? headers : bans;
      for (const [pattern, remedy] of list) {
        const match = pattern.exec(header ?? line);
        if (match) found.push(finding(path, number, `"${match[0].trim()}" is banned here: ${remedy}`));
      }
    });
  }
  return found;
}
